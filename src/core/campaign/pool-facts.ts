/** What happens in the pools of a campaign (docs/decisions/068). */
import type { SeatPlace } from '../batch/state.ts'
import type { Lease } from '../desk/state.ts'
import type { SessionView } from '../desk/view.ts'
import type { Candidate, RoundLeg, RoundPace } from './state.ts'

export type PoolFact =
  | { type: 'pool-opened'; batchId: string }
  | {
      type: 'pool-joined'
      deskId: string
      batchId: string
      askId: string
      lease: Lease
      place: SeatPlace
      left: number
    }
  /** the batch has the seat: from now on the agent is free */
  | { type: 'pool-seat-joined'; deskId: string; batchId: string }
  | { type: 'pool-left'; deskId: string; batchId: string; left: number }
  /** the agent's line is away for a moment, or is back */
  | { type: 'pool-seat-paused'; deskId: string; batchId: string; paused: boolean }
  /** it was a machine, or they were gone before anybody knew: the agent is free again */
  | { type: 'pool-seat-freed'; deskId: string; batchId: string }
  | { type: 'pool-asked'; batchId: string; askId: string; count: number; pace: RoundPace }
  | {
      type: 'pool-rested'
      batchId: string
      askId: string
      /** it did not rest for this reason before, so the agents' screens are told */
      news?: true
      untilMs: number
      reason: NonNullable<SessionView['restReason']>
      surplus: string[]
    }
  | {
      type: 'pool-dialed'
      batchId: string
      askId: string
      /** it has rested before */
      news?: true
      legs: RoundLeg[]
      surplus: string[]
      personal: { contacts: Candidate[] }
    }
  /** its rest is over */
  | { type: 'pool-woken'; batchId: string }
  | { type: 'pool-limited'; batchId: string; most: number }
  | { type: 'pool-closing'; batchId: string }
  | { type: 'pool-closed'; batchId: string }
