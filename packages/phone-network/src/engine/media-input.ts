/** Inputs, facts and intents about media. They name a stream and not a call, because the call may have ended. */

import type { RecordingTrack, RecordRequest, RelaySettings, TranscriptionRequest } from './media-world.ts'

export type Track = 'inbound' | 'outbound'

export type MediaInput =
  | TranscriptionInput
  | RelayInput
  | RecordingInput
  | { kind: 'stream.requested'; ownerSid: string; stream: StreamRequest }
  | { kind: 'stream.stopped'; streamSid: string }
  /** the socket is open */
  | { kind: 'stream.opened'; streamSid: string }
  /** the socket could not be opened, or is closed; `code` is Twilio's alert */
  | { kind: 'stream.lost'; streamSid: string; code: number; message: string; wasOpen: boolean }
  | { kind: 'media.alerted'; ownerSid: string; code: number; message: string }

/** Inputs about recordings, from REST and from the sound. */
export type RecordingInput =
  | { kind: 'recording.requested'; ownerSid: string; request: RecordRequest }
  | { kind: 'recording.changed'; recordingSid: string; to: 'paused' | 'in-progress' | 'stopped'; skips: boolean }
  | { kind: 'recording.removed'; recordingSid: string }
  | { kind: 'transcript.removed'; recordingSid: string; transcriptSid: string }
  /** nobody has spoken for the recording's `silenceMs` */
  | { kind: 'recording.silent'; recordingSid: string }
  /** the sound is kept; `heard` is null when there was none to listen to */
  | { kind: 'recording.finished'; recordingSid: string; ms: number; heard: boolean | null }

export type TranscriptionInput =
  | { kind: 'transcription.requested'; ownerSid: string; request: TranscriptionRequest }
  | { kind: 'transcription.stopped'; transcriptionSid: string }

export type RelayInput =
  /** the agent says this now */
  | { kind: 'relay.said'; relaySid: string; text: string }
  | { kind: 'relay.pressed'; relaySid: string; digits: string }
  /** `code` is Twilio's alert; 0: the program has said `end` */
  | { kind: 'relay.over'; relaySid: string; failed: boolean; handoffData: string | null; code: number; message: string }

export type RelayIntent =
  | {
      do: 'relay-open'
      callSid: string
      relaySid: string
      url: string
      setup: Record<string, unknown>
      settings: RelaySettings
    }
  | { do: 'relay-close' | 'relay-began'; relaySid: string }
  | { do: 'relay-heard'; relaySid: string; text: string }
  | { do: 'relay-dtmf'; relaySid: string; digits: string }

export interface StreamRequest {
  url: string
  name: string
  track: 'inbound_track' | 'outbound_track' | 'both_tracks'
  callback: { url: string; method: 'GET' | 'POST' } | null
  parameters: Record<string, string>
}

export type MediaFact =
  | { kind: 'transcription-started'; callSid: string; transcriptionSid: string }
  | { kind: 'transcription-stopped'; callSid: string; transcriptionSid: string }
  | { kind: 'relay-started' | 'relay-ended'; callSid: string; relaySid: string }
  | { kind: 'recording-started'; callSid: string | null; recordingSid: string; source: string }
  | { kind: 'recording-ended'; callSid: string | null; recordingSid: string; ms: number; status: string }
  | { kind: 'stream-created'; callSid: string; streamSid: string; url: string }
  | { kind: 'stream-started'; callSid: string; streamSid: string }
  | { kind: 'stream-stopped'; callSid: string; streamSid: string; error: string | null }

/** Steps of `<Record>`, taken at their time. */
export type MediaStep =
  | { kind: 'record.begins'; callSid: string; token: number }
  | { kind: 'record.over'; callSid: string; token: number }
  | { kind: 'record.silent'; callSid: string; token: number }

export type RecordIntent =
  | {
      do: 'record-start'
      recordingSid: string
      /** a leg, or a conference as a whole */
      callSid: string | null
      conferenceSid: string | null
      channels: 1 | 2
      track: RecordingTrack
      /** report when nobody has spoken for this long */
      silenceMs: number | null
    }
  | { do: 'record-pause'; recordingSid: string; skips: boolean }
  | { do: 'record-resume' | 'record-forget'; recordingSid: string }
  /** `ms` is its length by the clock */
  | { do: 'record-stop'; recordingSid: string; ms: number; trim: boolean }

export type MediaIntent =
  | RelayIntent
  | RecordIntent
  | {
      do: 'stream-open'
      callSid: string
      streamSid: string
      url: string
      tracks: Track[]
      bidirectional: boolean
      parameters: Record<string, string>
    }
  | { do: 'stream-close'; callSid: string; streamSid: string }
  | { do: 'stream-dtmf'; callSid: string; streamSid: string; digits: string }
