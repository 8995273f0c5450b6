/**
 * The vocabulary of the race: legs × seats. A leg is one dialled person (its id is the call id, ours, made before the
 * carrier is asked); a seat is one agent's lease, good for one conversation. No names or numbers live here.
 */
import type { TalkOrder } from '../call/talk/talk.ts'
import type { GivenUpFact, GivenUpInput, Repeat } from '../machine.ts'

export const LEGS_MAX = 64
export const SEATS_MAX = 32
/** Legs of a pool that are in its state: those that live, and the last ones that are over. */
export const POOL_LEGS_MAX = 128
/** Seats that have been in a pool and are remembered; a desk's next seat takes the place of its last. */
export const GONE_KEPT = 32
/** A released leg that is not over after this time is canceled again. */
export const CANCEL_AGAIN_MS = 10_000
/** A dismissed leg that is still up after this time is completed, and never sooner (docs/decisions/003). */
export const COMPLETE_AFTER_MS = 20_000
/** This long after the ring limit, the carrier is asked about a leg without reports. */
export const RING_GRACE_MS = 30_000
export const CHECK_EVERY_MS = 15_000
/** A conversation whose `completed` was lost is found at this pace. */
export const WON_CHECK_MS = 60_000

export interface BatchPolicy {
  /** what the first answer does to the legs that still ring once every seat is taken */
  release: 'cut' | 'ring-out'
  /** machine detection: none, before the answer webhook (sync), or beside the call (async) */
  amd: 'off' | 'before' | 'beside'
  /** the carrier's own ring timeout */
  ringLimitMs: number
  /** ring-out: a phone that rings is left ringing at least this long (16 CFR 310.4(b)(4)(ii): 15 s) */
  ringOutMs: number
  /** beside: a holder without a verdict becomes the winner after this long */
  verdictMs: number
  /** the AI agent that takes over a person for whom no seat is free, instead of the message; such a leg ends for the batch */
  host?: TalkOrder
  /** True: a round, which ends by itself when its legs are over. False: a pool, which legs and seats join until its campaign stops it */
  closed: boolean
}

export type Verdict = 'human' | 'machine' | 'fax' | 'unknown'
export type EndCause =
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'failed'
  | 'canceled'
  | 'refused'
  | 'number-refused'
  | 'not-cleared'

/** Why a leg was let go while nobody had answered it. */
export type ReleaseReason = 'answered-first-elsewhere' | 'skipped' | 'stopped' | 'agent-left' | 'too-many-lines'
/** Why an answered leg is not, or no longer, with an agent. */
export type DismissReason = 'machine' | 'fax' | 'no-seat' | 'agent-left' | 'agent-hung-up'
/** One per leg, final. `hung-up-early`: the holder was gone before any verdict. */
export type LegOutcome =
  | 'connected'
  | 'hung-up-early'
  | 'busy'
  | 'no-answer'
  | 'failed'
  | 'refused'
  | 'not-cleared'
  /** nobody was called: the carrier does not take calls from our number */
  | 'number-refused'
  | 'released'
  | DismissReason

interface LegCommon {
  legId: string
  verdict: Verdict | null
  /** the carrier's id of the call that claimed this leg; any other call gets no seat (two calls, one leg) */
  answeredAs: string | null
  /** when the watchdog looks at this leg, ms since the epoch */
  watchAt: number
  /** the watchdog has acted in this phase already; from then on it only asks */
  looked: boolean
  /** of a pool, since it was answered: the desk whose seat it had, which hears of it to its end */
  deskId?: string
}
export type Leg = LegCommon &
  (
    | { phase: 'dialing'; placed: boolean; rangAt: number | null }
    | { phase: 'holding'; seatId: string; heldAt: number }
    | { phase: 'won'; seatId: string }
    | { phase: 'dismissed'; because: DismissReason }
    | { phase: 'released'; because: ReleaseReason }
    /** `host`: an AI agent has this person */
    | { phase: 'ended'; outcome: LegOutcome; host?: TalkOrder }
  )

/** A desk's room, an AI agent in the version that the round began with, or the flow that the shell keeps for the round. */
export type SeatPlace = { kind: 'room'; room: string } | { kind: 'agent'; order: TalkOrder } | { kind: 'flow' }

export interface Seat {
  seatId: string
  deskId: string
  /** where a person who wins this seat goes */
  place: SeatPlace
  /** the agent's line is away for a moment: no new answer may take this seat */
  paused: boolean
  legId: string | null
  /** of a pool: it goes back when whoever sits in it is gone */
  withdrawn?: true
}

export type BatchState =
  /** `early`: what desks have said of their seats before the round was opened (their message may overtake the opening) */
  | { phase: 'empty'; early: Record<string, 'left' | 'paused'> }
  /** `early`: the same in a pool, where an opening is the joining of one seat; `gone`: that seat has been here, and never comes again */
  | {
      phase: 'open' | 'closing'
      policy: BatchPolicy
      legs: Leg[]
      seats: Seat[]
      early?: Record<string, 'left' | 'paused' | 'gone'>
    }
  | { phase: 'closed'; legs: Leg[] }

export type SeatOffer = Pick<Seat, 'seatId' | 'deskId' | 'place'>

export type BatchInput = { at: number } & (
  | { type: 'batch.opened'; policy: BatchPolicy; legIds: string[]; seats: SeatOffer[] }
  | { type: 'leg.joined'; legId: string }
  | { type: 'seat.joined'; seat: SeatOffer }
  /** a pool: it opens with the first of these */
  | { type: 'pool.joined'; policy: BatchPolicy; legIds: string[]; seats: SeatOffer[] }
  /** a pool may ring so many lines, and lets go of those beyond that have rung long enough */
  | { type: 'lines.limited'; most: number }
  /** the campaign wants this seat back: at once when nobody sits in it, else after the conversation */
  | { type: 'seat.withdrawn'; seatId: string }
  | { type: 'seat.paused'; seatId: string }
  | { type: 'seat.resumed'; seatId: string }
  | { type: 'seat.left'; seatId: string }
  | { type: 'leg.placed'; legId: string; providerId?: string }
  | { type: 'leg.rang'; legId: string }
  /** the answer webhook: this is the claim */
  | { type: 'leg.answered'; legId: string; providerId: string; verdict: Verdict | null }
  | { type: 'leg.judged'; legId: string; verdict: Verdict }
  | { type: 'leg.ended'; legId: string; cause: EndCause }
  | { type: 'agent.kept'; legId: string }
  | { type: 'agent.hung-up'; legId: string }
  | { type: 'agent.skipped'; legId: string }
  | { type: 'batch.stopped' }
  | { type: 'clock.struck' }
  | GivenUpInput
)

export type BatchFact = { at: number } & (
  | { type: 'seat-spoke-early'; seatId: string; word: 'left' | 'paused' | 'resumed' }
  | { type: 'batch-opened'; policy: BatchPolicy }
  | { type: 'leg-joined'; legId: string }
  | { type: 'seat-joined'; seat: SeatOffer }
  | { type: 'seat-paused'; seatId: string; deskId: string }
  | { type: 'seat-resumed'; seatId: string; deskId: string }
  | { type: 'seat-withdrawn'; seatId: string; deskId: string }
  | { type: 'leg-placed'; legId: string; providerId?: string }
  | { type: 'leg-rang'; legId: string }
  | { type: 'leg-judged'; legId: string; verdict: Verdict }
  | { type: 'leg-held'; legId: string; seatId: string; deskId: string; providerId: string }
  | { type: 'race-won'; legId: string; seatId: string; deskId: string; by: 'verdict' | 'time' | 'agent' | 'policy' }
  /** `providerId`: the carrier's call that has just answered; null: it was answered before */
  | { type: 'leg-dismissed'; legId: string; because: DismissReason; from: Leg['phase']; providerId: string | null }
  | { type: 'leg-released'; legId: string; because: ReleaseReason; firstLegId: string | null }
  | { type: 'leg-looked-after'; legId: string; again: boolean }
  | { type: 'leg-ended'; legId: string; outcome: LegOutcome; cause: EndCause }
  /** it is over, and a pool needed its place */
  | { type: 'leg-forgotten'; legId: string }
  | {
      type: 'seat-returned'
      seatId: string
      deskId: string
      because: 'conversation-over' | 'nothing-left' | 'left' | 'withdrawn'
    }
  | { type: 'batch-closing' }
  | { type: 'batch-closed' }
  | GivenUpFact
)

export type BatchEffect = Repeat<
  'neighbour',
  | { type: 'place-leg'; legId: string }
  /** ends a leg that nobody has answered; never an answered one (docs/decisions/003) */
  | { type: 'cancel-leg'; legId: string }
  /** fetch our instruction again: the stored verdict has changed */
  | { type: 'redirect-leg'; legId: string }
  | { type: 'complete-leg'; legId: string }
  /** ask the carrier what became of it */
  | { type: 'check-leg'; legId: string }
  /** tells the call's own actor that its leg was answered, and the carrier's id, which it may not know yet */
  | { type: 'tell-call'; legId: string; providerId: string }
  /** a desk hears of its own seat in a pool, and of whoever sits in it; of a round it reads everything by its feed */
  | { type: 'tell-desk'; deskId: string; fact: BatchFact }
>
/** The effects that are for the call of a leg. */
export type LegEffect = Exclude<BatchEffect, { type: 'tell-desk' }>

export function isOpen(state: BatchState): state is Extract<BatchState, { phase: 'open' | 'closing' }> {
  return state.phase === 'open' || state.phase === 'closing'
}

/** Is there a seat for a new answer, or one that a round waits for? Many lines ring for a pool, so there an agent whose line is away does not count. */
export function hasOpenSeat({ policy, seats }: Extract<BatchState, { phase: 'open' | 'closing' }>): boolean {
  return seats.some(seat => seat.legId === null && (policy.closed || !seat.paused))
}

export function isPool(state: BatchState): boolean {
  return isOpen(state) && !state.policy.closed
}

export function legOf(state: BatchState, legId: string): Leg | null {
  return state.phase === 'empty' ? null : (state.legs.find(leg => leg.legId === legId) ?? null)
}
