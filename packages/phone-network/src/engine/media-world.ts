import type { CallbackTarget, Target } from './world.ts'

/** What leaves and enters the network besides calls: Media Streams, recordings, relays, transcriptions. */

export const STREAMS_KEPT_MAX = 5_000
/** Copies of a call's sound at one time: https://www.twilio.com/docs/voice/media-streams */
export const FORKS_MAX = 4

export type StreamTrack = 'inbound_track' | 'outbound_track' | 'both_tracks'

export interface MediaStream {
  sid: string
  callSid: string
  name: string
  url: string
  track: StreamTrack
  /** of a `<Connect>`: the program speaks too */
  bidirectional: boolean
  status: 'in-progress' | 'stopped'
  /** the socket is open and `start` is sent */
  opened: boolean
  callback: Target | null
  parameters: Record<string, string>
  createdAt: number
  updatedAt: number
}

export const RECORDINGS_KEPT_MAX = 5_000
export const RECORDINGS_LIVE_MAX = 500

export type RecordingTrack = 'inbound' | 'outbound' | 'both'

/** How something is to be recorded. */
export interface RecordRequest {
  channels: 1 | 2
  track: RecordingTrack
  /** silence at both ends is cut off */
  trim: boolean
  callback: CallbackTarget | null
}

export type RecordingSource =
  | 'OutboundAPI'
  | 'DialVerb'
  | 'RecordVerb'
  | 'Conference'
  | 'StartCallRecordingAPI'
  | 'StartCallRecordingTwiML'

export interface Recording extends RecordRequest {
  sid: string
  callSid: string | null
  conferenceSid: string | null
  source: RecordingSource
  status: 'in-progress' | 'paused' | 'processing' | 'completed' | 'absent'
  createdAt: number
  updatedAt: number
  startedAt: number
  pausedAt: number | null
  /** time that is not in it, because it was paused */
  skippedMs: number
  skips: boolean
  /** when it is finished */
  ms: number | null
  /** somebody has spoken meanwhile, as far as is known without the sound */
  spoken: boolean
  words: string[]
  /** `<Record transcribe>`: where the words are sent */
  transcribe: Target | null
  /** `<Record>` whose caller has hung up: its action is still told */
  afterHangUp: Target | null
}

/** A `<Record>` under way. */
export interface RecordVerb {
  /** null while the beep sounds */
  recordingSid: string | null
  action: Target
  finishOnKey: string
  timeoutMs: number
  maxMs: number
  trim: boolean
  callback: CallbackTarget | null
  transcribe: Target | null
  digits: string
  token: number
  /** of the silence that ends it, when the sound itself is not heard */
  silence: number
}

export const RELAYS_KEPT_MAX = 2_000

export type Interrupts = 'any' | 'none' | 'dtmf' | 'speech'

/** What the attributes of a `<ConversationRelay>` say. */
export interface RelaySettings {
  greeting: string
  greetingInterruptible: Interrupts
  interruptible: Interrupts
  dtmf: boolean
  /** what is told while the agent speaks although it does not interrupt */
  reports: Interrupts
  voice: string | null
  language: string
  transcriptionLanguage: string
  partialPrompts: boolean
  preemptible: boolean
  speakerEvents: boolean
  tokensPlayed: boolean
}

export interface Relay {
  sid: string
  callSid: string
  action: Target | null
  startedAt: number
  over: boolean
}

export const TRANSCRIPTIONS_KEPT_MAX = 5_000

export interface TranscriptionRequest {
  name: string
  track: StreamTrack
  callback: Target | null
  partialResults: boolean
  languageCode: string
  engine: string
  labels: { inbound: string; outbound: string }
}

export interface Transcription extends TranscriptionRequest {
  sid: string
  callSid: string
  status: 'in-progress' | 'stopped'
  sequence: number
  updatedAt: number
}

export const TRANSCRIPTS_KEPT_MAX = 5_000

/** The words of a recording: `<Record transcribe>`. */
export interface Transcript {
  sid: string
  recordingSid: string
  text: string
  ms: number
  createdAt: number
}

export interface Media {
  /** by SID */
  transcripts: Map<string, Transcript>
  /** by SID */
  transcriptions: Map<string, Transcription>
  /** by SID */
  relays: Map<string, Relay>
  /** by SID */
  recordings: Map<string, Recording>
  /** by SID */
  streams: Map<string, MediaStream>
}

export function noMedia(): Media {
  return {
    transcripts: new Map(),
    transcriptions: new Map(),
    relays: new Map(),
    recordings: new Map(),
    streams: new Map(),
  }
}
