/** What the recordings of a workspace offer: a row for each, from the moment before the carrier is asked until its days are over. */
import type { RecordingStatus } from '../../core/recording/life.ts'

import type { TranscriptLine, TranscriptStatus } from '../../core/recording/transcript.ts'

type Actor = Rpc.DurableObjectBranded

/** A call, or a conference by name. */
export interface OfCall {
  /** of a conference: its id */
  callId: string
  /** whose call it is, as calls name agents; null: nobody's */
  agentId: string | null
  atMs: number
}
/** It may be recorded. */
export interface MayBe extends OfCall {
  /** the carrier's own id of the conference that is on now in a room; absent: it is a call, which the carrier is asked about by its own id */
  conferenceId?: string
}
/** One word of the carrier about one recording; a repeat changes nothing. */
export interface Heard extends OfCall {
  recordingId: string
  /** the carrier's own id; absent: it is the recording's */
  carrierId?: string
  /** the carrier's own: `in-progress`, `completed`, `absent`, `failed` */
  word: string
  seconds: number | null
  /** begins when it is there; absent: none does */
  onEndFlowId?: string
}

export interface Recording {
  recordingId: string
  callId: string
  agentId: string | null
  atMs: number
  status: RecordingStatus
  seconds: number | null
  /** media type; null: not known yet */
  type: string | null
  bytes: number | null
  sha256: string | null
  channels: number | null
  hold: boolean
  /** who has set the hold; empty: nobody */
  heldBy: string
  /** when its days are over; null: it is held, or gone */
  expiresMs: number | null
  goneMs: number | null
  goneBecause: '' | 'days' | 'deleted'
}

export interface RecordingQuery {
  /** a call, or a conference; null: any */
  callId: string | null
  /** what was recorded; null: either */
  type: 'call' | 'conference' | null
  /** null: those of everybody */
  agentId: string | null
  /** with those whose sound is deleted */
  expired: boolean
  /** `at~recordingId` of the last row of the page before; null: the newest */
  after: string | null
  limit: number
}

/** What the sound is read from. `type`: its media type */
export type SoundOf =
  | { is: 'file'; key: string; bytes: number; type: string }
  /** the deployment keeps no files, or has not copied it yet; `recordingId`: the carrier's */
  | { is: 'carrier'; recordingId: string }
  | { is: 'none' }

/** Why nothing is written down: there is no sound of it here, it is stored as MP3, or no speech service is set up. */
export type TranscriptRefusal = 'no-sound' | 'compressed' | 'no-service'
export interface Transcript {
  status: TranscriptStatus
  /** BCP-47 */
  language: string
  /** where all lines are; null: `lines` has those that there are so far */
  fileKey: string | null
  /** its end is missing, because it was too long */
  cut: boolean
  /** by time */
  lines: TranscriptLine[]
}

/** A flow that has begun with the recording. */
export interface EndFlowShown {
  flowId: string
  status: 'waiting' | 'running' | 'over'
  /** of a flow that is over: `finished`, `stopped`, `failed`, `too-many-steps` */
  reason: string
  because: string
  steps: { stepId: string; verb: string; result: string; atMs: number }[]
}

export interface RecordingContract extends Actor {
  /** The carrier records this call, or may: it is asked, in case its reports are lost. */
  expect(of: MayBe): Promise<void>
  /** The carrier is about to be asked to record, or has been with the call itself: there is a row before its first word. A repeat changes nothing. */
  begin(of: OfCall, recordingId: string, onEndFlowId?: string): Promise<void>
  file(heard: Heard): Promise<void>
  list(query: RecordingQuery): Promise<Recording[]>
  /** Null: there is no such recording. One that is gone has a row for a year. */
  read(recordingId: string): Promise<Recording | null>
  soundOf(recordingId: string): Promise<SoundOf | null>
  /** The newest recording of a call that can be heard. */
  soundOfCall(callId: string): Promise<SoundOf | null>
  /** The loudest sample of each piece, 0 to 255, a list for each channel; null: none were made. */
  peaksOf(recordingId: string): Promise<number[][] | null>
  /** It is written down when its sound is there; a repeat changes nothing. `language` null: the one of the deployment. Null: it will be. */
  transcribe(recordingId: string, language: string | null): Promise<TranscriptRefusal | null>
  /** All recordings of a call, as far as they can be. */
  transcribeCall(callId: string, language: string | null): Promise<void>
  /** Null: nobody has asked for one. */
  transcriptOf(recordingId: string): Promise<Transcript | null>
  /** Its sound is deleted here and at the carrier. `held`: it must be kept. */
  remove(recordingId: string, by: string): Promise<'done' | 'held' | 'absent'>
  hold(recordingId: string, on: boolean, by: string): Promise<Recording | null>
  /** Null: none is to begin, or the recording is not there yet. */
  endFlowOf(recordingId: string): Promise<EndFlowShown | null>
}
