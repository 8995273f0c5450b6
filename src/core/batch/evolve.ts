import type { TalkOrder } from '../call/talk/talk.ts'
import { assert, unreachable } from '../machine.ts'
import {
  type BatchFact,
  type BatchPolicy,
  type BatchState,
  CANCEL_AGAIN_MS,
  CHECK_EVERY_MS,
  COMPLETE_AFTER_MS,
  GONE_KEPT,
  isOpen,
  isPool,
  type Leg,
  RING_GRACE_MS,
  type Seat,
  type SeatOffer,
  WON_CHECK_MS,
} from './state.ts'

type Early = Record<string, 'left' | 'paused' | 'gone'>
type Live = Extract<BatchState, { phase: 'open' | 'closing' }>

export function evolve(state: BatchState, fact: BatchFact): BatchState {
  if (fact.type === 'batch-opened') {
    assert(state.phase === 'empty', 'a batch opens once')
    const opened = { phase: 'open' as const, policy: fact.policy, legs: [], seats: [] }
    // A round opens with all its seats. Those of a pool come later, and what was said of them waits for them.
    return fact.policy.closed || Object.keys(state.early).length === 0 ? opened : { ...opened, early: state.early }
  }
  if (fact.type === 'seat-spoke-early') {
    assert(state.phase === 'empty' || isPool(state), 'early means before the opening')
    const { [fact.seatId]: _old, ...others } = (state as { early?: Early }).early ?? {}
    return { ...state, early: fact.word === 'resumed' ? others : { ...others, [fact.seatId]: fact.word } } as BatchState
  }
  if (fact.type === 'delivery-given-up') return state
  assert(isOpen(state), `${fact.type} in a batch that is ${state.phase}`)
  return evolveLive(state, fact)
}

function evolveLive(
  state: Live,
  fact: Exclude<BatchFact, { type: 'batch-opened' | 'seat-spoke-early' | 'delivery-given-up' }>,
): BatchState {
  switch (fact.type) {
    case 'leg-joined':
      return { ...state, legs: [...state.legs, freshLeg(fact.legId, fact.at, state.policy)] }
    case 'seat-joined':
      return withoutEarly(
        { ...state, seats: [...state.seats, { ...fact.seat, paused: false, legId: null }] },
        fact.seat,
      )
    case 'seat-paused':
    case 'seat-resumed':
      return withSeat(state, fact.seatId, seat => ({ ...seat, paused: fact.type === 'seat-paused' }))
    case 'seat-withdrawn':
      return withSeat(state, fact.seatId, seat => ({ ...seat, withdrawn: true }))
    case 'leg-placed':
      return withLeg(state, fact.legId, leg => dialingFrom(leg, fact.at, state.policy, { placed: true }))
    case 'leg-rang':
      return withLeg(state, fact.legId, leg =>
        dialingFrom(leg, fact.at, state.policy, { placed: true, rangAt: fact.at }),
      )
    case 'leg-judged':
      return withLeg(state, fact.legId, leg => ({ ...leg, verdict: fact.verdict }))
    case 'leg-held':
      return withHold(state, fact)
    case 'race-won':
      return withLeg(state, fact.legId, leg => ({
        ...base(leg, fact.at + WON_CHECK_MS),
        phase: 'won',
        seatId: fact.seatId,
      }))
    case 'leg-dismissed':
      return withoutHold(
        withLeg(state, fact.legId, leg => ({
          ...base(leg, fact.at + COMPLETE_AFTER_MS),
          answeredAs: fact.providerId ?? leg.answeredAs,
          phase: 'dismissed',
          because: fact.because,
        })),
        fact.legId,
      )
    case 'leg-released':
      return withLeg(state, fact.legId, leg => ({
        ...base(leg, fact.at + CANCEL_AGAIN_MS),
        phase: 'released',
        because: fact.because,
      }))
    case 'leg-looked-after':
      return withLeg(state, fact.legId, leg => ({
        ...leg,
        looked: true,
        watchAt: fact.at + (leg.phase === 'won' ? WON_CHECK_MS : CHECK_EVERY_MS),
      }))
    case 'leg-ended':
      return withoutHold(
        withLeg(state, fact.legId, leg => ({
          ...base(leg, 0),
          phase: 'ended',
          outcome: fact.outcome,
          ...hostOf(state, fact),
        })),
        fact.legId,
      )
    case 'leg-forgotten':
      return { ...state, legs: state.legs.filter(leg => leg.legId !== fact.legId) }
    case 'seat-returned':
      return gone({ ...state, seats: state.seats.filter(seat => seat.seatId !== fact.seatId) }, fact.seatId)
    case 'batch-closing':
      return { ...state, phase: 'closing' }
    case 'batch-closed':
      return { phase: 'closed', legs: state.legs }
    default:
      return unreachable(fact)
  }
}

function hostOf({ policy }: Live, fact: Extract<BatchFact, { type: 'leg-ended' }>): { host?: TalkOrder } {
  return policy.host !== undefined && fact.outcome === 'no-seat' ? { host: policy.host } : {}
}

function withHold(state: Live, fact: Extract<BatchFact, { type: 'leg-held' }>): Live {
  return withSeat(
    withLeg(state, fact.legId, leg => ({
      ...base(leg, 0),
      ...(state.policy.closed ? {} : { deskId: fact.deskId }),
      answeredAs: fact.providerId,
      phase: 'holding',
      seatId: fact.seatId,
      heldAt: fact.at,
    })),
    fact.seatId,
    seat => ({ ...seat, legId: fact.legId }),
  )
}

function freshLeg(legId: string, at: number, policy: BatchPolicy): Leg {
  const watchAt = at + policy.ringLimitMs + RING_GRACE_MS
  return {
    legId,
    verdict: null,
    answeredAs: null,
    watchAt,
    looked: false,
    phase: 'dialing',
    placed: false,
    rangAt: null,
  }
}

function dialingFrom(leg: Leg, at: number, policy: BatchPolicy, change: { placed: true; rangAt?: number }): Leg {
  assert(leg.phase === 'dialing', 'only a dialing leg is placed or rings')
  return { ...leg, ...change, watchAt: at + policy.ringLimitMs + RING_GRACE_MS, looked: false }
}

function base(leg: Leg, watchAt: number) {
  const { legId, verdict, answeredAs, deskId } = leg
  return { legId, verdict, answeredAs, watchAt, looked: false, ...(deskId === undefined ? {} : { deskId }) }
}

/** What its desk still says of this seat is late. */
function gone(state: Live, seatId: string): Live {
  if (state.policy.closed) return state
  const early = { ...state.early, [seatId]: 'gone' as const }
  const known = Object.keys(early).filter(one => early[one] === 'gone')
  for (const oldest of known.slice(0, Math.max(0, known.length - GONE_KEPT))) delete early[oldest]
  return { ...state, early }
}

/** A desk has one seat at a time, so words of an older seat are of no use any more. */
function withoutEarly(state: Live, { deskId, seatId: joined }: SeatOffer): Live {
  if (state.early === undefined) return state
  const isOther = (seatId: string) => seatId !== joined && !seatId.startsWith(`${deskId}:`)
  const others = Object.entries(state.early).filter(([seatId]) => isOther(seatId))
  const { early: _early, ...rest } = state
  return others.length === 0 ? rest : { ...rest, early: Object.fromEntries(others) }
}

/** Empties the seat that this leg had, if it had one. */
function withoutHold(state: Live, legId: string): Live {
  return { ...state, seats: state.seats.map(seat => (seat.legId === legId ? { ...seat, legId: null } : seat)) }
}

function withLeg(state: Live, legId: string, change: (leg: Leg) => Leg): Live {
  assert(
    state.legs.some(leg => leg.legId === legId),
    'a fact names a leg of this batch',
  )
  return { ...state, legs: state.legs.map(leg => (leg.legId === legId ? change(leg) : leg)) }
}

function withSeat(state: Live, seatId: string, change: (seat: Seat) => Seat): Live {
  assert(
    state.seats.some(seat => seat.seatId === seatId),
    'a fact names a seat of this batch',
  )
  return { ...state, seats: state.seats.map(seat => (seat.seatId === seatId ? change(seat) : seat)) }
}
