/** The inputs, facts and intents of `media-world.ts`. They name a stream, not a call: its call may be over. */

export type Track = 'inbound' | 'outbound'

export type MediaInput =
  | { kind: 'stream.requested'; ownerSid: string; stream: StreamRequest }
  | { kind: 'stream.stopped'; streamSid: string }
  /** the socket is open */
  | { kind: 'stream.opened'; streamSid: string }
  /** the socket could not be opened, or is closed; `code` is Twilio's alert */
  | { kind: 'stream.lost'; streamSid: string; code: number; message: string; wasOpen: boolean }
  | { kind: 'media.alerted'; ownerSid: string; code: number; message: string }

export interface StreamRequest {
  url: string
  name: string
  track: 'inbound_track' | 'outbound_track' | 'both_tracks'
  callback: { url: string; method: 'GET' | 'POST' } | null
  parameters: Record<string, string>
}

export type MediaFact =
  | { kind: 'stream-created'; callSid: string; streamSid: string; url: string }
  | { kind: 'stream-started'; callSid: string; streamSid: string }
  | { kind: 'stream-stopped'; callSid: string; streamSid: string; error: string | null }

export type MediaIntent =
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
