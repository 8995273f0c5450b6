import type { CallbackTarget, Target } from './world.ts'

/** Media besides the calls themselves: streams, recordings, relays, transcriptions. */

export const STREAMS_KEPT_MAX = 5_000
/** How often a call's sound may be copied at one time: https://www.twilio.com/docs/voice/media-streams */
export const FORKS_MAX = 4

export type StreamTrack = 'inbound_track' | 'outbound_track' | 'both_tracks'

export interface MediaStream {
  sid: string
  callSid: string
  name: string
  url: string
  track: StreamTrack
  /** opened by `<Connect>`: the program speaks too */
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
  /** time that the recording leaves out, because it was paused */
  skippedMs: number
  skips: boolean
  /** its length, set when it is finished */
  ms: number | null
  /** whether somebody has spoken during it, as far as the scripts tell */
  spoken: boolean
  words: string[]
  /** `<Record transcribe>`: where the transcript is sent */
  transcribe: Target | null
  /** the action of a `<Record>`, which is called even when the caller has hung up */
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
  /** token of the silence timer that ends it, used when there is no sound to listen to */
  silence: number
}

export const RELAYS_KEPT_MAX = 2_000

export type Interrupts = 'any' | 'none' | 'dtmf' | 'speech'

/** The attributes of a `<ConversationRelay>`. */
export interface RelaySettings {
  greeting: string
  greetingInterruptible: Interrupts
  interruptible: Interrupts
  dtmf: boolean
  /** which input is reported while the agent speaks, even if it does not interrupt */
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

/** The transcript of a recording: `<Record transcribe>`. */
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

/** A `<Refer>`: the SIP codes of the device's answer, and of the last that it told of its new call. */
export interface Referring {
  what: 'referring'
  token: number
  uri: string
  action: Target | null
  status: '' | 'in-progress' | 'busy' | 'failed' | 'canceled'
  sip: number | null
  notify: number | null
}
