import type { BatchFact } from '../batch/state.ts'
import { needsFollowUp, thresholdOf } from '../call/follow-up.ts'
import type { Refused } from '../clearance/clearance.ts'
import { isLimit } from '../clearance/rules.ts'
import { batchId, legId } from '../ids.ts'
import { Draft, givenUp, unreachable } from '../machine.ts'
import { forecastOf } from '../pacing/governor.ts'
import { followsOf } from './dispositions.ts'
import { evolve } from './evolve.ts'
import * as pools from './pool-decide.ts'
import { afterOutcome, DEFAULT_PLAN, nextTry } from './retry.ts'
import {
  type CampaignFact,
  type CampaignInput,
  type CampaignState,
  type Candidate,
  isLive,
  isOver,
  isPooled,
  NEXT_PAGE_MS,
  poolOf,
  REST_MS,
  SESSIONS_MAX,
  type Session,
  sessionOf,
} from './state.ts'

interface Sifted {
  callable: Candidate[]
  /** a limit was reached; until when */
  limitUntilMs: number | null
}

export class CampaignDecision {
  readonly at: number
  readonly #draft: Draft<CampaignState, CampaignFact>
  /** people who may still be called; the rows that this step's own facts give back are counted in */
  #left: number

  constructor(state: CampaignState, input: CampaignInput) {
    this.at = input.at
    this.#left = ('left' in input ? input.left : null) ?? 0
    this.#draft = new Draft(evolve, state)
  }

  /** people who may still be called */
  get left(): number {
    return this.#left
  }
  get facts(): CampaignFact[] {
    return this.#draft.facts
  }
  get state(): CampaignState {
    return this.#draft.state
  }
  session(deskId: string): Session | null {
    return sessionOf(this.state, deskId)
  }
  add(fact: CampaignFact): void {
    this.#draft.add(fact)
  }

  asked(input: Extract<CampaignInput, { type: 'agent.asked' }>): void {
    const { deskId, agentName, lines, at } = input
    const session = this.session(deskId)
    switch (input.word) {
      case 'start':
        // The agent's screen does not know of it, or would not ask: it is told.
        if (isLive(session)) return this.add({ type: 'session-resumed', at, deskId })
        if (!this.state.settings) return
        if (session === null && !this.makeRoom()) return this.add({ type: 'session-refused', at, deskId, lines })
        this.add({ type: 'session-started', at, deskId, agentName, lines })
        // The last round has not ended yet; its closing opens the first round of this session.
        return this.session(deskId)?.roundOpen ? undefined : this.askRound(deskId)
      case 'continue':
        return session?.state === 'waiting' ? this.askRound(deskId) : undefined
      case 'pause':
        return this.pause(session)
      case 'resume':
        if (session?.state !== 'paused') return
        this.add({ type: 'session-resumed', at, deskId })
        return this.askRound(deskId)
      case 'stop':
        return isLive(session) ? this.add({ type: 'session-stopped', at, deskId }) : undefined
      default:
        return unreachable(input.word)
    }
  }

  /** The oldest session that is over and owes nothing is forgotten when there is no room. False: all are at work. */
  makeRoom(): boolean {
    if (this.state.sessions.length < SESSIONS_MAX) return true
    const over = this.state.sessions.find(one => isOver(one) && !one.roundOpen && one.owed.length === 0)
    if (over) this.add({ type: 'session-forgotten', at: this.at, deskId: over.deskId })
    return over !== undefined
  }

  pause(session: Session | null): void {
    if (!isLive(session) || session.state === 'paused') return
    const { deskId } = session
    if (session.roundOpen || session.owed.length > 0) this.add({ type: 'pause-wanted', at: this.at, deskId })
    else this.add({ type: 'session-paused', at: this.at, deskId })
  }

  askRound(deskId: string): void {
    const round = this.state.rounds + 1
    const id = batchId(this.state.campaignId, round)
    if (isPooled(this.state, deskId)) return pools.askSeat(this, deskId, id)
    this.add({ type: 'round-asked', at: this.at, deskId, askId: id, batchId: id })
  }

  seatAnswered(input: Extract<CampaignInput, { type: 'seat.answered' }>): void {
    const session = this.state.sessions.find(one => one.askId === input.askId)
    if (!session || session.lease || session.state === 'stopped') return
    const { deskId } = session
    if (!input.lease || !input.place)
      return this.add({ type: 'round-given-up', at: this.at, deskId, because: input.reason ?? 'refused' })
    if (poolOf(this.state, session.batchId)) return pools.join(this, session, input.lease, input.place)
    this.add({ type: 'seat-taken', at: this.at, deskId, askId: input.askId, lease: input.lease, place: input.place })
  }

  /** With numbers and contacts known, the round opens as large as both allow (S3-33), or the session rests. */
  open(input: Extract<CampaignInput, { type: 'numbers.leased' }>): void {
    const pool = this.state.pools?.find(one => one.askId === input.askId)
    if (pool) return pools.dial(this, pool, input)
    const session = this.state.sessions.find(one => one.askId === input.askId)
    const settings = this.state.settings
    if (session?.roundOpen) return
    if (!session?.lease || !session.place || session.batchId === null || !settings) return this.unused(input)
    const { deskId, batchId, lease, place, lines } = session
    // With no number free, one person is looked for, because the reason to rest depends on whether there is one.
    const most = Math.min(lines, input.pace?.lines ?? lines, input.numbers.length)
    const { callable, limitUntilMs } = this.sift(input, Math.max(1, most))
    const contacts = callable.slice(0, input.numbers.length)
    if (contacts.length === 0) return this.restOrFinish(session, input, callable.length > 0, limitUntilMs)
    const legs = contacts.map((contact, index) => ({
      callId: legId(batchId, index + 1),
      contactId: contact.contactId,
      from: input.numbers[index] ?? '',
      attempt: contact.attempts + 1,
    }))
    const surplus = input.numbers.slice(contacts.length)
    const left = this.#left - contacts.length
    this.add({
      type: 'round-opened',
      at: this.at,
      deskId,
      batchId,
      lease,
      place,
      legs,
      surplus,
      left,
      // Fewer may be called than may ring.
      ...(input.pace ? { pace: { ...input.pace, expected: forecastOf(legs.length, 1, input.pace.answerRate) } } : {}),
      personal: { contacts },
    })
  }

  /**
   * Takes the people who may be called now, as many as the round has lines. Whom the gate refuses is held back, and so is whoever
   * has the number of somebody in this round. A limit of the workspace or the agent holds nobody back: it stops the search.
   */
  sift({ candidates, verdicts, left }: Extract<CampaignInput, { type: 'numbers.leased' }>, most: number): Sifted {
    const callable: Candidate[] = []
    this.#left = left
    for (const [index, one] of candidates.entries()) {
      if (callable.length === most) break
      const verdict = callable.some(other => other.number === one.number)
        ? { cleared: false as const, rule: 'one-at-a-time' as const, untilMs: this.at + REST_MS }
        : verdicts[index]
      if (verdict === undefined || verdict.cleared) {
        if (verdict !== undefined) callable.push(one)
        continue
      }
      const { rule, untilMs } = verdict as Refused
      if (isLimit(rule)) return { callable, limitUntilMs: untilMs }
      this.add({ type: 'contact-held-back', at: this.at, contactId: one.contactId, rule, untilMs })
      if (untilMs === null) this.#left -= 1
    }
    return { callable, limitUntilMs: null }
  }

  unused(input: Extract<CampaignInput, { type: 'numbers.leased' }>): void {
    const { askId, numbers } = input
    if (numbers.length > 0) this.add({ type: 'numbers-unused', at: this.at, askId, numbers })
  }

  restOrFinish(
    session: Session,
    input: Extract<CampaignInput, { type: 'numbers.leased' }>,
    callable: boolean,
    limitUntilMs: number | null,
  ): void {
    const { deskId } = session
    const surplus = input.numbers
    const rest = (untilMs: number, reason: NonNullable<Session['restReason']>) =>
      this.add({ type: 'round-put-off', at: this.at, deskId, untilMs, reason, surplus })
    if (this.#left === 0) return this.add({ type: 'session-finished', at: this.at, deskId, surplus })
    if (limitUntilMs !== null) return rest(limitUntilMs, 'limit-reached')
    if (callable) return rest(input.notBefore ?? this.at + REST_MS, 'cooling-numbers')
    if (input.candidates.length === 0) return rest(this.at + REST_MS, 'retry-later')
    // All of this page are held back now, so the next look reads other people.
    rest(this.at + NEXT_PAGE_MS, 'held-back')
  }

  reported(batchId: string, facts: BatchFact[]): void {
    for (const fact of facts) {
      if (poolOf(this.state, batchId)) {
        pools.follow(this, batchId, fact)
        continue
      }
      const session = this.state.sessions.find(one => one.batchId === batchId)
      if (session) this.follow(session, fact)
    }
  }

  follow(session: Session, fact: BatchFact): void {
    const { deskId } = session
    switch (fact.type) {
      case 'leg-held':
        return this.add({ type: 'leg-answered', at: fact.at, deskId, callId: fact.legId, held: true })
      case 'race-won':
        return this.add({ type: 'conversation-owed', at: this.at, deskId, callId: fact.legId })
      case 'leg-dismissed':
        if (fact.from !== 'holding' && fact.from !== 'won')
          this.add({ type: 'leg-answered', at: fact.at, deskId, callId: fact.legId, held: false })
        return fact.because === 'no-seat'
          ? this.add({ type: 'leg-abandoned', at: this.at, deskId, callId: fact.legId })
          : undefined
      case 'leg-ended':
        return this.attemptEnded(session, fact)
      case 'batch-closed':
        return this.roundClosed(session)
      default:
        return
    }
  }

  attemptEnded(session: Session, fact: Extract<BatchFact, { type: 'leg-ended' }>): void {
    const leg = session.legs.find(one => one.callId === fact.legId)
    if (leg) this.endAttempt(session.deskId, leg, fact)
  }

  /** `expected`: of a pool. */
  endAttempt(
    deskId: string | null,
    leg: Pick<Session['legs'][number], 'callId' | 'contactId' | 'number' | 'attempts' | 'heldAt'>,
    fact: Extract<BatchFact, { type: 'leg-ended' }>,
    expected?: number,
  ): void {
    const { callId, contactId, number, attempts } = leg
    const talked = fact.outcome === 'connected' || fact.outcome === 'agent-hung-up'
    const talkedMs = talked && leg.heldAt !== null ? fact.at - leg.heldAt : 0
    const plan = this.state.settings?.plan ?? DEFAULT_PLAN
    this.add({
      type: 'attempt-ended',
      at: this.at,
      deskId,
      callId,
      contactId,
      number,
      outcome: fact.outcome,
      attempts,
      talkedMs,
      followUp: needsFollowUp(
        { result: fact.outcome, talkedMs, attemptsLeft: plan.maxAttempts - attempts - 1, outcomeSaved: false },
        thresholdOf(this.state.settings?.conversationMs),
      ),
      ...(expected === undefined ? {} : { expected }),
    })
    const { status } = nextTry(fact.outcome, attempts, this.at, plan)
    if (status === 'active' || status === 'dropped') this.#left += 1
  }

  roundClosed(session: Session): void {
    const { deskId, batchId } = session
    if (!session.roundOpen || batchId === null) return
    this.add({ type: 'round-closed', at: this.at, deskId, batchId, left: this.#left })
    this.advance(deskId)
  }

  /** Decides the next step of this agent, after a round and after every outcome. */
  advance(deskId: string): void {
    const session = this.session(deskId)
    if (!isLive(session) || session.roundOpen) return
    if (session.owed.length > 0) {
      if (session.state !== 'wrap-up') this.add({ type: 'session-wrapping-up', at: this.at, deskId })
      return
    }
    if (session.wantsPause) return this.add({ type: 'session-paused', at: this.at, deskId })
    // Whoever is on a line of a pool may come back to the list.
    if (this.#left === 0 && !this.state.pools?.some(pool => pool.legs.length > 0))
      return this.add({ type: 'session-finished', at: this.at, deskId, surplus: [] })
    const next = session.state === 'starting' || this.state.settings?.advance === 'auto'
    if (next) return this.askRound(deskId)
    this.add({ type: 'session-waiting', at: this.at, deskId })
  }

  outcome(input: Extract<CampaignInput, { type: 'outcome.saved' }>): void {
    const { deskId, callId, contactId, outcomeId, note, fields } = input
    const personal = fields === undefined ? { note } : { note, fields }
    const saved = { deskId, callId, contactId, outcomeId, ...followsOf(input) }
    const owed = this.session(deskId)?.owed.includes(callId) ?? false
    if (this.session(deskId)) {
      this.add({ type: 'outcome-noted', at: this.at, ...saved, personal })
      // Whoever is called again is somebody to wait for.
      if (contactId !== null && afterOutcome(saved, this.at).status === 'active') this.#left += 1
    }
    if (owed) this.advance(deskId)
  }

  wrapUpEnded(deskId: string): void {
    const session = this.session(deskId)
    if (!session || session.owed.length === 0 || this.state.settings?.afterWrapUp !== 'proceed') return
    this.add({ type: 'owed-let-go', at: this.at, deskId })
    this.advance(deskId)
  }

  strike(): void {
    for (const session of this.state.sessions) {
      if (session.state === 'resting' && session.restUntilMs !== null && this.at >= session.restUntilMs)
        this.askRound(session.deskId)
    }
  }
}

export function decide(state: CampaignState, input: CampaignInput): CampaignFact[] {
  const decision = new CampaignDecision(state, input)
  dispatch(decision, input)
  if (input.tallies) pools.pace(decision, input.tallies, 'left' in input && input.left !== undefined)
  return decision.facts
}

function dispatch(decision: CampaignDecision, input: CampaignInput): void {
  switch (input.type) {
    case 'campaign.configured':
      return decision.add({
        type: 'campaign-configured',
        at: input.at,
        campaignId: input.campaignId,
        settings: input.settings,
      })
    case 'agent.asked':
      return decision.asked(input)
    case 'seat.answered':
      return decision.seatAnswered(input)
    case 'numbers.leased':
      return decision.open(input)
    case 'batch.reported':
      return decision.reported(input.batchId, input.facts)
    case 'outcome.saved':
      return decision.outcome(input)
    case 'wrap-up.ended':
      return decision.wrapUpEnded(input.deskId)
    case 'clock.struck':
      return decision.strike()
    case 'delivery.given-up':
      decision.add(givenUp(input))
      return pools.givenUp(decision, input.effect)
    default:
      return unreachable(input)
  }
}
