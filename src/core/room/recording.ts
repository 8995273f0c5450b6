/**
 * The recordings of a conference by name. The carrier begins one by the document of whoever joins first, when two are in, and ends it with the
 * conference; it has the carrier's id. The workspace's recordings are told of each, and that there may be one, because a report can be lost.
 */
import type { FlowMoved, TranscriptWord } from '../call/recording/recording.ts'
import { type Repeat, repeat, tell } from '../machine.ts'
import type { RoomFact, RoomInput, RoomState } from './state.ts'

/** Until somebody sets other words. */
export const RECORD_NOTICE = 'This conference is recorded.'
/** Of conferences one after another in one room; of older ones nothing more is told. */
export const RECORDINGS_KEPT = 20
/** After these nothing of a recording runs any more. `stopped`: its conference is over, and the carrier has not told of its file yet */
const OVER: readonly string[] = ['completed', 'absent', 'failed', 'stopped']
/** Lines of one input; a piece of a recording has fewer. */
const LINES_MAX = 200

/** The status of each, by its id; the newest is the last one. */
export type RoomRecordings = Readonly<Record<string, string>>

export type RoomRecordingInput =
  | {
      type: 'recording.reported'
      recordingId: string
      /** of the carrier */
      conferenceId: string
      status: string
      seconds: number | null
    }
  | { type: 'recording.stop-wanted' }
  | FlowMoved
  /** it is being written down; `lines`: what is new */
  | {
      type: 'recording.transcribed'
      recordingId: string
      status: TranscriptWord
      lines: readonly { side: number; startMs: number }[]
      /** of the sound, when it is done */
      seconds?: number
    }

export type RoomRecordingFact = { at: number } & (
  | {
      type: 'conference-recording-reported'
      recordingId: string
      conferenceId: string
      status: string
      seconds: number | null
    }
  /** the carrier may record this conference from now on */
  | { type: 'conference-recording-expected'; conferenceId: string }
  | { type: 'conference-recording-stop-wanted'; recordingId: string; conferenceId: string }
  | { type: 'conference-flow-started'; recordingId: string; flowId: string }
  | { type: 'conference-flow-ended'; recordingId: string; flowId: string; reason: string; because: string }
  | { type: 'conference-transcript-moved'; recordingId: string; status: TranscriptWord; seconds?: number }
  /** the words are in the transcript alone, and go with it */
  | { type: 'conference-said'; recordingId: string; startMs: number }
)

export type RoomRecordingEffect =
  | Repeat<
      'neighbour',
      {
        type: 'file-recording'
        recordingId: string
        status: string
        seconds: number | null
        onEndFlowId: string
        at: number
      }
    >
  | Repeat<'neighbour', { type: 'expect-recording'; conferenceId: string; at: number }>
  | Repeat<'carrier', { type: 'stop-recording'; conferenceId: string }>

type Timed<T> = T & { at: number }
type Of<T extends RoomRecordingFact['type']> = Extract<RoomFact, { type: T }>

export function isRecordingInput(input: RoomInput): input is Timed<RoomRecordingInput> {
  return input.type.startsWith('recording.')
}
const FACTS: readonly RoomFact['type'][] = [
  ...(['conference-recording-reported', 'conference-recording-expected', 'conference-recording-stop-wanted'] as const),
  ...(['conference-transcript-moved', 'conference-said', 'conference-flow-started', 'conference-flow-ended'] as const),
]
export function isRecordingFact(fact: RoomFact): fact is Of<RoomRecordingFact['type']> {
  return FACTS.includes(fact.type)
}

export function decideRecording(state: RoomState, input: Timed<RoomRecordingInput>): RoomFact[] {
  // A room of a desk is not recorded as a whole.
  if (state.conference === null) return []
  const { at } = input
  switch (input.type) {
    case 'recording.reported': {
      const { recordingId, conferenceId, status, seconds } = input
      const known = state.recordings?.[recordingId]
      // A repeated status is not new, and a late one does not begin again what is over.
      const late = known !== undefined && OVER.includes(known) && !OVER.includes(status)
      if (known === status || late || (known === 'completed' && status !== 'completed')) return []
      return [{ type: 'conference-recording-reported', at, recordingId, conferenceId, status, seconds }]
    }
    case 'recording.stop-wanted': {
      const { conferenceId } = state.carrier
      const recordingId = runningRecording(state)
      if (recordingId === null || conferenceId === null) return []
      return [{ type: 'conference-recording-stop-wanted', at, recordingId, conferenceId }]
    }
    case 'recording.flow-moved': {
      const { recordingId, flowId, reason, because } = input
      if (reason === '') return [{ type: 'conference-flow-started', at, recordingId, flowId }]
      return [{ type: 'conference-flow-ended', at, recordingId, flowId, reason, because }]
    }
    default: {
      const { recordingId, status, lines, seconds } = input
      const length = seconds === undefined ? {} : { seconds }
      if (lines.length === 0) return [{ type: 'conference-transcript-moved', at, recordingId, status, ...length }]
      return lines
        .slice(0, LINES_MAX)
        .map(({ startMs }) => ({ type: 'conference-said' as const, at, recordingId, startMs }))
    }
  }
}

/** Somebody has joined a conference that is new to this room. */
export function expectedWith({ conference, carrier }: RoomState, conferenceId: string, at: number): RoomFact[] {
  const isNew = carrier.conferenceId !== conferenceId
  return isNew && conference?.settings.record === true
    ? [{ type: 'conference-recording-expected', at, conferenceId }]
    : []
}

/** The conference that a room has now is over: the carrier is asked what it has of it. */
export function expectedAtEnd(state: RoomState, at: number): RoomFact[] {
  const { conferenceId } = state.carrier
  const mayBe = state.conference?.settings.record === true || runningRecording(state) !== null
  return mayBe && conferenceId !== null ? [{ type: 'conference-recording-expected', at, conferenceId }] : []
}

export function afterReport(
  recordings: RoomRecordings = {},
  { recordingId, status }: Of<'conference-recording-reported'>,
): RoomRecordings {
  const { [recordingId]: _before, ...others } = recordings
  return { ...Object.fromEntries(Object.entries(others).slice(-RECORDINGS_KEPT + 1)), [recordingId]: status }
}

/** With the conference its recording has ended, whether or not the carrier's word of it comes. */
export function withoutRunning(recordings: RoomRecordings): RoomRecordings {
  const ended = Object.entries(recordings).map(([id, status]) => [id, OVER.includes(status) ? status : 'stopped'])
  return Object.fromEntries(ended)
}

/** The recording that runs; null: none does, or the carrier has not told of it yet. */
export function runningRecording({ recordings = {} }: Pick<RoomState, 'recordings'>): string | null {
  return Object.entries(recordings).findLast(([, status]) => !OVER.includes(status))?.[0] ?? null
}

/** What a caller who is let in hears of it, and what the carrier is told by their document. */
export function recordedEntry(state: RoomState): { recorded?: true; notice?: string } {
  const { record = false, recordNotice = '' } = state.conference?.settings ?? {}
  // Settings are for those who come later, and this conference may have begun with others.
  const heard = record || runningRecording(state) !== null
  return {
    ...(record ? { recorded: true as const } : {}),
    ...(heard && recordNotice !== '' ? { notice: recordNotice } : {}),
  }
}

export function reactToRecording(fact: Of<RoomRecordingFact['type']>, { conference }: RoomState) {
  switch (fact.type) {
    case 'conference-recording-reported': {
      const { recordingId, conferenceId, status, seconds, at } = fact
      const onEndFlowId = conference?.settings.onEndFlowId ?? ''
      const told = tell({ type: 'file-recording', recordingId, status, seconds, onEndFlowId, at })
      return OVER.includes(status) ? [told] : [told, tell({ type: 'expect-recording', conferenceId, at })]
    }
    case 'conference-recording-expected':
      return [tell({ type: 'expect-recording', conferenceId: fact.conferenceId, at: fact.at })]
    case 'conference-recording-stop-wanted':
      return [repeat('carrier', { type: 'stop-recording', conferenceId: fact.conferenceId })]
    default:
      return []
  }
}
