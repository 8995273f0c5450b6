import { assert, Draft, givenUp, unreachable } from '../machine.ts'
import { evolve } from './evolve.ts'
import type {
  BatchFact,
  BatchInput,
  BatchState,
  DismissReason,
  EndCause,
  Leg,
  LegOutcome,
  ReleaseReason,
  Seat,
  SeatOffer,
} from './state.ts'
import { hasOpenSeat, isOpen, LEGS_MAX, legOf, POOL_LEGS_MAX, SEATS_MAX } from './state.ts'

type Returned = Extract<BatchFact, { type: 'seat-returned' }>['because']
type Live = Extract<BatchState, { phase: 'open' | 'closing' }>

/** The race in progress. Each rule (docs/domain/batch.md) is one method, named after it. */
class BatchDecision {
  readonly at: number
  readonly #draft: Draft<BatchState, BatchFact>

  constructor(state: BatchState, at: number) {
    this.at = at
    this.#draft = new Draft(evolve, state)
  }

  get facts(): BatchFact[] {
    return this.#draft.facts
  }

  get live(): Live | null {
    return isOpen(this.#draft.state) ? this.#draft.state : null
  }

  leg(legId: string): Leg | null {
    return this.live ? legOf(this.#draft.state, legId) : null
  }

  add(fact: BatchFact): void {
    this.#draft.add(fact)
  }

  /** A seat that a new answer may take. */
  freeSeat(): Seat | null {
    return this.live?.seats.find(seat => seat.legId === null && !seat.paused) ?? null
  }

  dialing(): Extract<Leg, { phase: 'dialing' }>[] {
    const { live } = this
    assert(live !== null, 'only an open batch dials')
    return live.legs.filter(leg => leg.phase === 'dialing')
  }

  open(input: Extract<BatchInput, { type: 'batch.opened' }>): void {
    const { state } = this.#draft
    if (state.phase !== 'empty') return
    this.add({ type: 'batch-opened', at: this.at, policy: input.policy })
    for (const seat of input.seats) this.joinSeat(seat)
    for (const seat of input.seats) {
      if (state.early[seat.seatId] === 'left') this.seatLeft(seat.seatId)
      if (state.early[seat.seatId] === 'paused') this.pauseSeat(seat.seatId, true)
    }
    for (const legId of input.legIds) this.joinLeg(legId)
  }

  /** A pool opens with whoever comes first. What its desks have said before their seats came is kept until then. */
  joinPool(input: Extract<BatchInput, { type: 'pool.joined' }>): void {
    if (this.#draft.state.phase === 'empty') this.add({ type: 'batch-opened', at: this.at, policy: input.policy })
    for (const seat of input.seats) {
      const early = this.live?.early?.[seat.seatId]
      if (early === 'gone') continue
      this.joinSeat(seat)
      if (early === 'left') this.seatLeft(seat.seatId)
      if (early === 'paused') this.pauseSeat(seat.seatId, true)
    }
    for (const legId of input.legIds) this.joinLeg(legId)
  }

  joinLeg(legId: string): void {
    if (this.live?.phase !== 'open' || this.leg(legId) || !this.makeRoom()) return
    this.add({ type: 'leg-joined', at: this.at, legId })
  }

  /** A pool lives longer than its legs: the oldest that is over is forgotten when there is no room. False: all live. */
  makeRoom(): boolean {
    const { live } = this
    assert(live !== null, 'legs join what is open')
    if (live.legs.length < (live.policy.closed ? LEGS_MAX : POOL_LEGS_MAX)) return true
    const over = live.policy.closed ? undefined : live.legs.find(leg => leg.phase === 'ended')
    if (over) this.add({ type: 'leg-forgotten', at: this.at, legId: over.legId })
    return over !== undefined
  }

  joinSeat(seat: SeatOffer): void {
    if (this.live?.phase !== 'open' || this.live.seats.length >= SEATS_MAX) return
    if (this.live.seats.some(other => other.seatId === seat.seatId)) return
    this.add({ type: 'seat-joined', at: this.at, seat })
  }

  /** A desk's message can overtake the opening. It is kept, because the round would else dial for an agent who is gone. */
  spokeEarly(seatId: string, word: 'left' | 'paused' | 'resumed'): boolean {
    const { state } = this.#draft
    if (state.phase === 'closed') return false
    if (state.phase !== 'empty' && (state.policy.closed || state.seats.some(seat => seat.seatId === seatId)))
      return false
    const known = state.early?.[seatId] ?? 'resumed'
    if (known !== word && known !== 'left' && known !== 'gone')
      this.add({ type: 'seat-spoke-early', at: this.at, seatId, word })
    return true
  }

  withdraw(seatId: string): void {
    const seat = this.live?.seats.find(one => one.seatId === seatId)
    if (seat && !seat.withdrawn) this.add({ type: 'seat-withdrawn', at: this.at, seatId, deskId: seat.deskId })
  }

  pauseSeat(seatId: string, paused: boolean): void {
    if (this.spokeEarly(seatId, paused ? 'paused' : 'resumed')) return
    const seat = this.live?.seats.find(one => one.seatId === seatId)
    if (!seat || seat.paused === paused) return
    this.add({ type: paused ? 'seat-paused' : 'seat-resumed', at: this.at, seatId, deskId: seat.deskId })
  }

  seatLeft(seatId: string): void {
    if (this.spokeEarly(seatId, 'left')) return
    const seat = this.live?.seats.find(one => one.seatId === seatId)
    if (!seat) return
    if (seat.legId !== null) this.dismiss(seat.legId, 'agent-left')
    if (this.live?.seats.some(one => one.seatId === seatId)) this.returnSeat(seat, 'left')
  }

  /** The answer webhook is the race: a leg that finds a free seat holds it, every other one hears the message. */
  claim(legId: string, providerId: string, verdict: Leg['verdict']): void {
    const leg = this.leg(legId)
    if (!leg || (leg.phase !== 'dialing' && leg.phase !== 'released')) return
    if (verdict !== null) this.note(legId, verdict)
    const known = this.leg(legId)?.verdict ?? null
    if (known === 'machine' || known === 'fax') return this.dismiss(legId, known, providerId)
    const seat = leg.phase === 'dialing' ? this.freeSeat() : null
    if (!seat) return this.noSeat(legId, providerId)
    this.add({ type: 'leg-held', at: this.at, legId, seatId: seat.seatId, deskId: seat.deskId, providerId })
    if (this.live?.policy.amd !== 'beside') this.win(legId, 'policy')
    else if (known !== null) this.win(legId, 'verdict')
  }

  /** With a host, an AI agent takes this person over, so the leg ends here: no desk waits for that conversation. */
  noSeat(legId: string, providerId: string): void {
    this.dismiss(legId, 'no-seat', providerId)
    if (this.live?.policy.host !== undefined) this.end(legId, 'completed')
  }

  /**
   * Runs when no seat is left for a new answer. `cut` releases every ringing leg; `ring-out` releases those whose phone does
   * not ring yet (nobody notices), and the others when they have rung long enough.
   */
  letTheRestGo(): void {
    const { live } = this
    if (!live || hasOpenSeat(live)) return
    const { release, ringOutMs } = live.policy
    for (const { legId, rangAt } of this.dialing())
      if (release === 'cut' || rangAt === null || this.at >= rangAt + ringOutMs) this.letGo(legId)
  }

  /** First those whose phone does not ring yet, which nobody notices, then the oldest that have rung long enough. */
  limit(most: number): void {
    const { live } = this
    if (!live || live.policy.closed) return
    const { ringOutMs } = live.policy
    const dialing = this.dialing()
    const silent = dialing.filter(leg => leg.rangAt === null).reverse()
    const long = dialing.filter(leg => leg.rangAt !== null && this.at >= leg.rangAt + ringOutMs)
    const beyond = Math.max(0, dialing.length - most)
    for (const { legId } of [...silent, ...long].slice(0, beyond)) this.release(legId, 'too-many-lines')
  }

  letGo(legId: string): void {
    const first = this.live?.legs.find(leg => leg.phase === 'holding' || leg.phase === 'won')
    this.release(legId, first ? 'answered-first-elsewhere' : 'agent-left', first?.legId)
  }

  /** The first verdict counts. A late one on a winner is only noted: a winner never changes. */
  judge(legId: string, verdict: NonNullable<Leg['verdict']>): void {
    const leg = this.leg(legId)
    if (!leg || leg.phase === 'ended' || leg.verdict !== null) return
    this.note(legId, verdict)
    if (leg.phase !== 'holding') return
    if (verdict === 'machine' || verdict === 'fax') this.dismiss(legId, verdict)
    else this.win(legId, 'verdict')
  }

  note(legId: string, verdict: NonNullable<Leg['verdict']>): void {
    if (this.leg(legId)?.verdict === null) this.add({ type: 'leg-judged', at: this.at, legId, verdict })
  }

  win(legId: string, by: 'verdict' | 'time' | 'agent' | 'policy'): void {
    const leg = this.leg(legId)
    if (leg?.phase !== 'holding') return
    const seat = this.live?.seats.find(one => one.seatId === leg.seatId)
    assert(seat !== undefined, 'a holder sits in a seat')
    this.add({ type: 'race-won', at: this.at, legId, seatId: leg.seatId, deskId: seat.deskId, by })
  }

  dismiss(legId: string, because: DismissReason, providerId: string | null = null): void {
    const leg = this.leg(legId)
    assert(leg !== null && leg.phase !== 'ended' && leg.phase !== 'dismissed', 'only a live leg is dismissed')
    this.add({ type: 'leg-dismissed', at: this.at, legId, because, from: leg.phase, providerId })
    if (leg.phase === 'won') this.returnSeatOf(leg.seatId)
  }

  release(legId: string, because: ReleaseReason, firstLegId: string | null = null): void {
    if (this.leg(legId)?.phase !== 'dialing') return
    this.add({ type: 'leg-released', at: this.at, legId, because, firstLegId })
  }

  releaseAll(because: ReleaseReason): void {
    for (const leg of this.dialing()) this.release(leg.legId, because)
  }

  hangUp(legId: string): void {
    const phase = this.leg(legId)?.phase
    if (phase === 'holding' || phase === 'won') this.dismiss(legId, 'agent-hung-up')
  }

  end(legId: string, cause: EndCause): void {
    const leg = this.leg(legId)
    if (!leg || leg.phase === 'ended') return
    this.add({ type: 'leg-ended', at: this.at, legId, outcome: outcomeOf(leg, cause), cause })
    if (leg.phase === 'won') this.returnSeatOf(leg.seatId)
  }

  returnSeatOf(seatId: string): void {
    const seat = this.live?.seats.find(one => one.seatId === seatId)
    if (seat) this.returnSeat(seat, 'conversation-over')
  }

  returnSeat(seat: Seat, because: Returned): void {
    this.add({ type: 'seat-returned', at: this.at, seatId: seat.seatId, deskId: seat.deskId, because })
  }

  stop(): void {
    if (this.live?.phase !== 'open') return
    this.add({ type: 'batch-closing', at: this.at })
    this.releaseAll('stopped')
  }

  strike(): void {
    const { live } = this
    if (!live) return
    for (const leg of live.legs) {
      if (leg.phase === 'holding' && this.at >= leg.heldAt + live.policy.verdictMs) this.win(leg.legId, 'time')
      else if (leg.phase !== 'ended' && leg.phase !== 'holding' && this.at >= leg.watchAt)
        this.add({ type: 'leg-looked-after', at: this.at, legId: leg.legId, again: leg.looked })
    }
  }

  /** Seats that nothing can take any more go back at once; a round with nothing left closes. */
  settle(): void {
    for (const seat of this.live?.seats ?? [])
      if (seat.withdrawn && seat.legId === null) this.returnSeat(seat, 'withdrawn')
    this.letTheRestGo()
    const live = this.live
    if (!live) return
    const finite = live.policy.closed || live.phase === 'closing'
    if (!finite || this.dialing().length > 0) return
    for (const seat of live.seats) if (seat.legId === null) this.returnSeat(seat, 'nothing-left')
    if (this.live?.seats.length === 0 && this.live.legs.every(leg => leg.phase === 'ended'))
      this.add({ type: 'batch-closed', at: this.at })
  }
}

function outcomeOf(leg: Exclude<Leg, { phase: 'ended' }>, cause: EndCause): LegOutcome {
  switch (leg.phase) {
    case 'won':
      return 'connected'
    case 'holding':
      return 'hung-up-early'
    case 'dismissed':
      return leg.because
    case 'released':
      return 'released'
    case 'dialing':
      return cause === 'completed' || cause === 'canceled' ? 'no-answer' : cause
    default:
      return unreachable(leg)
  }
}

export function decide(state: BatchState, input: BatchInput): BatchFact[] {
  const decision = new BatchDecision(state, input.at)
  dispatch(decision, input)
  decision.settle()
  return decision.facts
}

function dispatch(decision: BatchDecision, input: BatchInput): void {
  switch (input.type) {
    case 'batch.opened':
      return decision.open(input)
    case 'leg.joined':
      return decision.joinLeg(input.legId)
    case 'seat.joined':
      return decision.joinSeat(input.seat)
    case 'pool.joined':
      return decision.joinPool(input)
    case 'lines.limited':
      return decision.limit(input.most)
    case 'seat.withdrawn':
      return decision.withdraw(input.seatId)
    case 'seat.paused':
      return decision.pauseSeat(input.seatId, true)
    case 'seat.resumed':
      return decision.pauseSeat(input.seatId, false)
    case 'seat.left':
      return decision.seatLeft(input.seatId)
    case 'leg.placed': {
      const leg = decision.leg(input.legId)
      if (leg?.phase === 'dialing' && !leg.placed) decision.add({ ...input, type: 'leg-placed' })
      return
    }
    case 'leg.rang': {
      const leg = decision.leg(input.legId)
      if (leg?.phase === 'dialing' && leg.rangAt === null)
        decision.add({ type: 'leg-rang', at: input.at, legId: input.legId })
      return
    }
    case 'leg.answered':
      return decision.claim(input.legId, input.providerId, input.verdict)
    case 'leg.judged':
      return decision.judge(input.legId, input.verdict)
    case 'leg.ended':
      return decision.end(input.legId, input.cause)
    case 'agent.kept':
      return decision.win(input.legId, 'agent')
    case 'agent.hung-up':
      return decision.hangUp(input.legId)
    case 'agent.skipped':
      return decision.release(input.legId, 'skipped')
    case 'batch.stopped':
      return decision.stop()
    case 'clock.struck':
      return decision.strike()
    case 'delivery.given-up':
      return decision.add(givenUp(input))
    default:
      return unreachable(input)
  }
}
