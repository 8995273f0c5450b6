/** The part `recording`: the recordings that the carrier makes of a call, with their status and length as it reports them. */
import type { Part } from '../../parts.ts'
import type { CallState, PartFact, PartInput } from '../state.ts'

/** A call has one or two; more are not the carrier's. */
export const RECORDINGS_MAX = 20

/** The status of each recording, by the carrier's id; a call has few. */
export type Recordings = Record<string, string>

export type RecordingInput = { at: number } & {
  type: 'recording.reported'
  recordingId: string
  status: string
  seconds: number | null
}
export type RecordingFact = { at: number } & {
  type: 'recording-reported'
  recordingId: string
  status: string
  seconds: number | null
}

export const recording: Part<'recording', CallState, Recordings, PartInput, PartFact, never> = {
  initial: {},
  decide(making, { at, recordingId, status, seconds }) {
    const known = making.state.recording[recordingId]
    // A recording of an unknown call is not ours to show, and a repeated status is not new.
    if (making.state.call.phase === 'empty' || known === status) return
    if (known === undefined && Object.keys(making.state.recording).length >= RECORDINGS_MAX) return
    making.add({ type: 'recording-reported', at, recordingId, status, seconds })
  },
  evolve: (slice, fact) => (fact.type === 'recording-reported' ? { ...slice, [fact.recordingId]: fact.status } : slice),
  react: () => [],
  deadline: () => null,
  about: { 'recording-reported': 'self' },
}
