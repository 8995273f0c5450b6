/**
 * The batch: the referee of parallel dialling (docs/domain/batch.md). Several people are dialled at once, the first answer holds a
 * seat, the holder becomes the winner, everybody else is let go as the policy says.
 */
import type { RecordedMachine } from '../about.ts'
import { assert } from '../machine.ts'
import { batchAbout } from './about.ts'
import { decide } from './decide.ts'
import { evolve } from './evolve.ts'
import { batchGrowing } from './growing.ts'
import { react } from './react.ts'
import {
  type BatchEffect,
  type BatchFact,
  type BatchInput,
  type BatchPolicy,
  type BatchState,
  hasOpenSeat,
  isOpen,
  type Leg,
  type LegOutcome,
  legOf,
  type SeatPlace,
} from './state.ts'
import { upcastBatch } from './upcast.ts'

export const batch: RecordedMachine<BatchState, BatchInput, BatchFact, BatchEffect> = {
  name: 'batch',
  version: 2,
  initial: { phase: 'empty', early: {} },
  decide,
  evolve,
  react,
  deadline,
  upcast: upcastBatch,
  about: batchAbout,
  growing: batchGrowing,
}

function deadline(state: BatchState): number | null {
  if (!isOpen(state)) return null
  const seatOpen = hasOpenSeat(state)
  let first: number | null = null
  for (const leg of state.legs) {
    const at = legDeadline(leg, state.policy, seatOpen)
    if (at !== null && (first === null || at < first)) first = at
  }
  return first
}

function legDeadline(leg: Leg, policy: BatchPolicy, seatOpen: boolean): number | null {
  if (leg.phase === 'ended') return null
  if (leg.phase === 'holding') return leg.heldAt + policy.verdictMs
  if (leg.phase === 'dialing' && !seatOpen && leg.rangAt !== null)
    return Math.min(leg.rangAt + policy.ringOutMs, leg.watchAt)
  return leg.watchAt
}

/** The verdict of the race for the person on this leg. It is the same for every repeat of the answer webhook. */
export type Destination = SeatPlace | { kind: 'message' } | { kind: 'hang-up' }

export function destinationOf(state: BatchState, legId: string, providerId: string | null = null): Destination {
  const leg = legOf(state, legId)
  // A person on an unknown leg still hears who called, never a dead line.
  if (!leg) return { kind: 'message' }
  if (leg.answeredAs !== null && providerId !== null && leg.answeredAs !== providerId) return { kind: 'message' }
  if (leg.phase === 'holding' || leg.phase === 'won') {
    assert(isOpen(state), 'a closed batch has someone in a seat')
    const seat = state.seats.find(one => one.seatId === leg.seatId)
    assert(seat !== undefined, 'a leg sits in a seat that is gone')
    return seat.place
  }
  if (leg.phase === 'ended' && leg.host !== undefined) return { kind: 'agent', order: leg.host }
  if (leg.phase === 'dismissed') return isServed(leg.because) ? { kind: 'hang-up' } : { kind: 'message' }
  // We believed this leg dead and it was answered all the same: the person hears the message, not a dead line.
  if (leg.phase === 'ended') return isServed(leg.outcome) ? { kind: 'hang-up' } : { kind: 'message' }
  return { kind: 'message' }
}

const SERVED: readonly LegOutcome[] = ['connected', 'hung-up-early', 'machine', 'fax', 'agent-hung-up']
/** A leg with this outcome was talked to, or was no person: there is nothing more to say. */
export function isServed(outcome: LegOutcome): boolean {
  return SERVED.includes(outcome)
}

/** Defaults of a solo round. */
export const SOLO_POLICY: BatchPolicy = {
  release: 'cut',
  amd: 'beside',
  ringLimitMs: 25_000,
  ringOutMs: 15_000,
  verdictMs: 4_000,
  closed: true,
}
