/** The rules of pools, beside those of sessions (docs/domain/campaign.md). Each is a function on the decision, named after it. */
import type { BatchFact, SeatPlace } from '../batch/state.ts'
import type { Lease } from '../desk/state.ts'
import { legId, poolAskId } from '../ids.ts'
import { ABANDON_MAX, POOL_LIMIT_EVERY_MS, type Pool, poolToJoin, type Tallies, wishOf } from '../pool/pool.ts'
import type { CampaignDecision } from './decide.ts'
import { type CampaignInput, isLive, NEXT_PAGE_MS, poolOf, REST_MS, type Session } from './state.ts'

/** `id`: not used before; a new pool is named by it. */
export function askSeat(d: CampaignDecision, deskId: string, id: string): void {
  const coming = (batchId: string) =>
    d.state.sessions.filter(one => one.askId !== null && one.batchId === batchId).length
  const pool = poolToJoin(d.state.pools ?? [], coming)
  if (pool === null) d.add({ type: 'pool-opened', at: d.at, batchId: id })
  d.add({ type: 'round-asked', at: d.at, deskId, askId: id, batchId: pool?.batchId ?? id })
}

export function join(d: CampaignDecision, session: Session, lease: Lease, place: SeatPlace): void {
  const { deskId, batchId, askId } = session
  if (batchId === null || askId === null) return
  d.add({ type: 'pool-joined', at: d.at, deskId, batchId, askId, lease, place, left: d.left })
}

/** As many lines as there are people who may be called and numbers to call from. */
export function dial(d: CampaignDecision, pool: Pool, input: Extract<CampaignInput, { type: 'numbers.leased' }>): void {
  const { batchId } = pool
  const { askId } = input
  const rest = (untilMs: number, reason: Reason) => rested(d, pool, { askId, untilMs, reason, surplus: input.numbers })
  const { callable, limitUntilMs } = d.sift(input, Math.max(1, input.numbers.length))
  const contacts = pool.closing ? [] : callable.slice(0, input.numbers.length)
  if (contacts.length > 0) {
    const legs = contacts.map((contact, index) => ({
      callId: legId(batchId, pool.dialed + index + 1),
      contactId: contact.contactId,
      from: input.numbers[index] ?? '',
      attempt: contact.attempts + 1,
    }))
    const surplus = input.numbers.slice(contacts.length)
    const news = pool.restReason === null ? {} : { news: true as const }
    return d.add({ type: 'pool-dialed', at: d.at, batchId, askId, legs, surplus, ...news, personal: { contacts } })
  }
  if (limitUntilMs !== null) return rest(limitUntilMs, 'limit-reached')
  if (callable.length > 0) return rest(input.notBefore ?? d.at + REST_MS, 'cooling-numbers')
  if (input.candidates.length === 0) return rest(d.at + REST_MS, 'retry-later')
  rest(d.at + NEXT_PAGE_MS, 'held-back')
}

type Reason = NonNullable<Pool['restReason']>

function rested(
  d: CampaignDecision,
  { batchId, restReason }: Pool,
  rest: { askId: string; untilMs: number; reason: Reason; surplus: string[] },
): void {
  const news = restReason === rest.reason ? {} : { news: true as const }
  d.add({ type: 'pool-rested', at: d.at, batchId, ...rest, ...news })
}

/** Reads the facts of the pool's batch. */
export function follow(d: CampaignDecision, batchId: string, fact: BatchFact): void {
  const pool = poolOf(d.state, batchId)
  if (pool === null) return
  switch (fact.type) {
    case 'leg-held':
      return d.add({ type: 'leg-answered', at: fact.at, deskId: fact.deskId, callId: fact.legId, held: true })
    case 'race-won': {
      const agentName = d.session(fact.deskId)?.agentName ?? ''
      return d.add({ type: 'conversation-owed', at: d.at, deskId: fact.deskId, callId: fact.legId, agentName })
    }
    case 'leg-dismissed':
      if (fact.from === 'holding') free(d, pool, fact.legId)
      if (fact.from !== 'holding' && fact.from !== 'won')
        d.add({ type: 'leg-answered', at: fact.at, deskId: null, callId: fact.legId, held: false })
      if (fact.because === 'no-seat') d.add({ type: 'leg-abandoned', at: d.at, deskId: null, callId: fact.legId })
      return
    case 'leg-ended':
      return ended(d, pool, fact)
    case 'seat-joined': {
      const { seatId, deskId } = fact.seat
      if (seatOf(pool, seatId)) d.add({ type: 'pool-seat-joined', at: d.at, deskId, batchId })
      return
    }
    case 'seat-paused':
    case 'seat-resumed': {
      const { deskId } = fact
      const paused = fact.type === 'seat-paused'
      if (seatOf(pool, fact.seatId)) d.add({ type: 'pool-seat-paused', at: d.at, deskId, batchId, paused })
      return
    }
    case 'seat-returned':
      return left(d, pool, fact)
    case 'batch-closed':
      return d.add({ type: 'pool-closed', at: d.at, batchId })
    default:
  }
}

function seatOf(pool: Pool, seatId: string): Pool['seats'][number] | null {
  return pool.seats.find(seat => seat.seatId === seatId) ?? null
}

/** Nobody has won this seat, so it stays in the pool for the next person. */
function free(d: CampaignDecision, { batchId, seats }: Pool, callId: string): void {
  const seat = seats.find(one => one.callId === callId)
  if (seat) d.add({ type: 'pool-seat-freed', at: d.at, deskId: seat.deskId, batchId })
}

function ended(d: CampaignDecision, pool: Pool, fact: Extract<BatchFact, { type: 'leg-ended' }>): void {
  const leg = pool.legs.find(one => one.callId === fact.legId)
  if (!leg) return
  if (fact.outcome === 'hung-up-early') free(d, pool, fact.legId)
  d.endAttempt(leg.deskId, leg, fact, leg.expected)
}

function left(d: CampaignDecision, pool: Pool, fact: Extract<BatchFact, { type: 'seat-returned' }>): void {
  if (!seatOf(pool, fact.seatId)) return
  const { deskId } = fact
  d.add({ type: 'pool-left', at: d.at, deskId, batchId: pool.batchId, left: d.left })
  d.advance(deskId)
}

/** Runs after every input: lines are asked for or let go, agents finish when nobody is left, empty pools close. `counted`: who is left is known. */
export function pace(d: CampaignDecision, tallies: Tallies, counted: boolean): void {
  if (counted) finish(d)
  for (const { batchId } of d.state.pools ?? []) {
    const pool = poolOf(d.state, batchId)
    if (pool === null || pool.closing) continue
    if (pool.restUntilMs !== null && d.at >= pool.restUntilMs) d.add({ type: 'pool-woken', at: d.at, batchId })
    if (isDone(d, pool)) close(d, pool)
    else if (!pool.outdated) wish(d, pool, tallies)
    // Whoever talks talks to the end; everybody else asks for a seat, or a round, by the settings of now.
    else if (isSettled(d, pool)) close(d, pool)
  }
}

function wish(d: CampaignDecision, pool: Pool, tallies: Tallies): void {
  const { settings } = d.state
  if (!settings) return
  const { batchId } = pool
  const { pace, more, most } = wishOf(pool, tallies, settings.abandonMax ?? ABANDON_MAX, settings.policy.release)
  if (most !== null && d.at >= pool.limitedMs + POOL_LIMIT_EVERY_MS)
    d.add({ type: 'pool-limited', at: d.at, batchId, most })
  if (poolOf(d.state, batchId)?.restUntilMs != null || pool.askId !== null || more === 0) return
  const askId = poolAskId(batchId, pool.asks + 1)
  d.add({ type: 'pool-asked', at: d.at, batchId, askId, count: more, pace })
}

/** Nobody may be called any more and nobody is on a line: agents who wait, wait for nothing. */
function finish(d: CampaignDecision): void {
  const { pools = [] } = d.state
  if (d.left > 0 || pools.some(pool => pool.legs.length > 0)) return
  for (const { seats } of pools)
    for (const { deskId } of seats)
      if (isLive(d.session(deskId)) && d.session(deskId)?.wantsPause === false)
        d.add({ type: 'session-finished', at: d.at, deskId, surplus: [] })
}

/** A batch that has not begun would begin with a late seat, so nobody may be on the way into a pool that closes. */
function isSettled(d: CampaignDecision, { batchId, seats, askId }: Pool): boolean {
  const comes = d.state.sessions.some(one => one.batchId === batchId && one.askId !== null)
  return !comes && askId === null && seats.every(seat => seat.joined)
}

function close(d: CampaignDecision, { batchId, opened }: Pool): void {
  // Nobody has ever joined: there is no batch that could say that it is closed.
  d.add({ type: opened ? 'pool-closing' : 'pool-closed', at: d.at, batchId })
}

/** Agents in these states want a seat before long. */
const COMES_SOON: readonly Session['state'][] = ['starting', 'dialing', 'wrap-up']

/** Empty, and nobody comes: another pool has room for whoever works here, or nobody does. */
function isDone(d: CampaignDecision, { batchId, seats, legs, askId }: Pool): boolean {
  if (seats.length > 0 || legs.length > 0 || askId !== null) return false
  const { sessions, pools = [] } = d.state
  if (sessions.some(one => one.batchId === batchId && (one.askId !== null || one.roundOpen))) return false
  return (
    pools.some(other => other.batchId !== batchId && !other.closing) ||
    !sessions.some(({ state }) => COMES_SOON.includes(state))
  )
}

/** The trunk was asked for too long without an answer. The pool asks anew, with another name. */
export function givenUp(d: CampaignDecision, effect: string): void {
  if (effect !== 'lease-numbers') return
  for (const pool of d.state.pools ?? []) {
    const { askId } = pool
    if (askId !== null) rested(d, pool, { askId, untilMs: d.at + REST_MS, reason: 'retry-later', surplus: [] })
  }
}
