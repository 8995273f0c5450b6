/** The sound of one call over a WebSocket, in our words: what a carrier sends, and what we send. */
import type { Outgoing } from '../../media/speech/playout.ts'

/** A carrier's frames are some 400 characters; ours may be larger, but nobody may send more than this. */
export const MESSAGE_CHARS_MAX = 64 * 1024

export type StreamMessage =
  | { type: 'connected' }
  | {
      type: 'start'
      streamSid: string
      callSid: string
      accountSid: string
      /** why this stream cannot be understood; null: it is µ-law, 8,000 samples, one channel */
      trouble: string | null
      parameters: Record<string, string>
    }
  | { type: 'media'; payload: string; track: string }
  | { type: 'dtmf'; digit: string }
  | { type: 'mark'; name: string }
  | { type: 'stop' }
  /** something that no version of the protocol that we know sends */
  | { type: 'odd'; why: string }

export interface MediaCodec {
  /** The base64 payload of an ordinary inbound frame, null for everything else. The payload itself is not checked. */
  cheapPayload(text: string): string | null
  readMessage(text: string): StreamMessage
  encode(streamSid: string, message: Outgoing): string
}

/** The same conversation where the carrier hears and speaks and only words cross. */
export type RelayMessage =
  | { type: 'setup'; callSid: string }
  | { type: 'prompt'; text: string; last: boolean }
  | { type: 'interrupt'; heard: string }
  | { type: 'dtmf'; digit: string }
  | { type: 'played'; text: string }
  /** understood, and of no interest */
  | { type: 'other' }
  | { type: 'odd'; why: string }

export interface RelayCodec {
  readMessage(text: string): RelayMessage
  /** one sentence to be spoken */
  say(text: string): string
}
