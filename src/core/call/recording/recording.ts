/** What the carrier records of a call, in its own words: which recording there is, how far it is, how long it is. */
import type { Part } from '../../parts.ts'
import type { CallState, PartFact, PartInput } from '../state.ts'

/** How far each recording is, by the carrier's id of it; a call has few. */
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
    // A recording of a call that we do not know is not ours to show; a repeated word is no news.
    if (making.state.call.phase === 'empty' || known === status) return
    making.add({ type: 'recording-reported', at, recordingId, status, seconds })
  },
  evolve: (slice, fact) => (fact.type === 'recording-reported' ? { ...slice, [fact.recordingId]: fact.status } : slice),
  react: () => [],
  deadline: () => null,
}
