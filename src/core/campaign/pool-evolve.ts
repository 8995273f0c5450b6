/** Applies a fact to the pools of a campaign; `evolve.ts` applies it to the sessions. */
import { newPool, POOL_DIALED_MAX, type Pool, type PoolLeg, type PoolSeat } from '../pool/pool.ts'
import type { CampaignFact, CampaignSettings, CampaignState } from './state.ts'

export function withPools(state: CampaignState, fact: CampaignFact): CampaignState {
  if (fact.type === 'pool-opened') return { ...state, pools: [...(state.pools ?? []), newPool(fact.batchId)] }
  const { pools } = state
  if (pools === undefined || pools.length === 0) return state
  if (fact.type === 'campaign-configured') return { ...state, pools: pools.map(pool => underway(pool, state, fact)) }
  if (fact.type === 'pool-closed') return { ...state, pools: pools.filter(pool => pool.batchId !== fact.batchId) }
  if ('batchId' in fact) return change(state, pools, fact.batchId, pool => evolvePool(pool, fact))
  if (!('callId' in fact) || !isOfLeg(fact)) return state
  const holder = pools.find(pool => pool.legs.some(leg => leg.callId === fact.callId))
  return holder ? change(state, pools, holder.batchId, pool => evolveLeg(pool, fact)) : state
}

/** New settings may have ended what a pool rests for. A batch keeps the rules that it began with, so other rules want another one. */
function underway(
  pool: Pool,
  { settings: old }: CampaignState,
  { settings }: Extract<CampaignFact, { type: 'campaign-configured' }>,
): Pool {
  const rulesOf = (one: CampaignSettings | null) => JSON.stringify([one?.policy, one?.hostAgentId, one?.pooled])
  return { ...pool, restUntilMs: null, outdated: pool.outdated || rulesOf(old) !== rulesOf(settings) }
}

function change(state: CampaignState, pools: Pool[], batchId: string, to: (pool: Pool) => Pool): CampaignState {
  return { ...state, pools: pools.map(pool => (pool.batchId === batchId ? to(pool) : pool)) }
}

function evolvePool(pool: Pool, fact: Extract<CampaignFact, { batchId: string }>): Pool {
  switch (fact.type) {
    case 'pool-joined': {
      const seat = { deskId: fact.deskId, seatId: fact.lease.leaseId, callId: null, joined: false, paused: false }
      return { ...pool, seats: [...pool.seats, seat], restUntilMs: null }
    }
    case 'pool-seat-joined':
      return { ...withSeat(pool, fact.deskId, { joined: true }), opened: true }
    case 'pool-left':
      return { ...pool, seats: pool.seats.filter(seat => seat.deskId !== fact.deskId) }
    case 'pool-seat-paused':
      return withSeat(pool, fact.deskId, { paused: fact.paused })
    case 'pool-seat-freed':
      return withSeat(pool, fact.deskId, { callId: null })
    case 'pool-asked':
      return {
        ...pool,
        askId: fact.askId,
        asks: pool.asks + 1,
        pace: fact.pace,
        restUntilMs: null,
      }
    case 'pool-rested':
      return { ...pool, askId: null, restUntilMs: fact.untilMs, restReason: fact.reason }
    case 'pool-dialed': {
      const { pace } = pool
      const legs = fact.legs.map(leg => freshLeg(leg, pace?.expected ?? 0))
      const dialed = pool.dialed + legs.length
      const outdated = pool.outdated || dialed >= POOL_DIALED_MAX
      return { ...pool, askId: null, restReason: null, legs: [...pool.legs, ...legs], dialed, outdated }
    }
    case 'pool-woken':
      return { ...pool, restUntilMs: null }
    case 'pool-limited':
      return { ...pool, limitedMs: fact.at }
    case 'pool-closing':
      return { ...pool, closing: true }
    default:
      return pool
  }
}

function freshLeg(
  { callId, contactId, from, attempt }: Extract<CampaignFact, { type: 'pool-dialed' }>['legs'][number],
  expected: number,
): PoolLeg {
  const none = { deskId: null, heldAt: null, outcomeIn: false }
  return { callId, contactId, number: from, attempts: attempt - 1, expected, phase: 'dialing', ...none }
}

type OfLeg = Extract<CampaignFact, { type: 'leg-answered' | 'attempt-ended' | 'outcome-noted' }>

function isOfLeg(fact: CampaignFact): fact is OfLeg {
  return fact.type === 'leg-answered' || fact.type === 'attempt-ended' || fact.type === 'outcome-noted'
}

function evolveLeg(pool: Pool, fact: OfLeg): Pool {
  if (fact.type === 'attempt-ended') return { ...pool, legs: pool.legs.filter(leg => leg.callId !== fact.callId) }
  const patch: Partial<PoolLeg> =
    fact.type === 'outcome-noted'
      ? { outcomeIn: true }
      : { phase: 'answered', ...(fact.held ? { deskId: fact.deskId, heldAt: fact.at } : {}) }
  const legs = pool.legs.map(leg => (leg.callId === fact.callId ? { ...leg, ...patch } : leg))
  const next = { ...pool, legs }
  return fact.type === 'leg-answered' && fact.held && fact.deskId !== null
    ? withSeat(next, fact.deskId, { callId: fact.callId })
    : next
}

function withSeat(pool: Pool, deskId: string, patch: Partial<PoolSeat>): Pool {
  return { ...pool, seats: pool.seats.map(seat => (seat.deskId === deskId ? { ...seat, ...patch } : seat)) }
}
