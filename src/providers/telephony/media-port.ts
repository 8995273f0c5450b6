/** The messages of a call's WebSocket, free of a carrier's vocabulary: those that a carrier sends, and those that we send. */
import type { Outgoing } from '../../media/speech/playout.ts'

/** The longest message that we accept; a frame of a carrier has about 400 characters. */
export const MESSAGE_CHARS_MAX = 64 * 1024

export type StreamMessage =
  | { type: 'connected' }
  | {
      type: 'start'
      streamId: string
      providerId: string
      /** why we cannot use this stream; null: it is µ-law, 8,000 samples a second, one channel */
      trouble: string | null
      parameters: Record<string, string>
    }
  | { type: 'media'; payload: string; track: string }
  | { type: 'dtmf'; digit: string }
  | { type: 'mark'; name: string }
  | { type: 'stop' }
  /** a message that is not part of any protocol version that we know */
  | { type: 'odd'; why: string }

export interface MediaCodec {
  /** The base64 payload of an ordinary inbound frame, null for everything else. The payload itself is not checked. */
  cheapPayload(text: string): string | null
  readMessage(text: string): StreamMessage
  encode(streamId: string, message: Outgoing): string
}

/** The messages of a stream on which the carrier hears and speaks, so that only words are exchanged. */
export type RelayMessage =
  | { type: 'setup'; providerId: string }
  | { type: 'prompt'; text: string; last: boolean }
  | { type: 'interrupt'; heard: string }
  | { type: 'dtmf'; digit: string }
  | { type: 'played'; text: string }
  /** a known message that we do not use */
  | { type: 'other' }
  | { type: 'odd'; why: string }

export interface RelayCodec {
  readMessage(text: string): RelayMessage
  /** one sentence to be spoken */
  say(text: string): string
}

/** Reads and writes the messages of a carrier's streams. */
export interface StreamCodecs {
  media: MediaCodec
  relay: RelayCodec
}
