/** Makes the effects of a fact of a pool. */
import { tell, unreachable } from '../machine.ts'
import type { PoolFact } from './pool-facts.ts'
import { type CampaignEffect, type CampaignState, poolOf } from './state.ts'
import { surplus } from './surplus.ts'

export function poolActs(fact: PoolFact, state: CampaignState): CampaignEffect[] {
  switch (fact.type) {
    case 'pool-joined': {
      const { deskId, batchId, lease, place } = fact
      const seat = { seatId: lease.leaseId, deskId, place }
      return [
        tell({ type: 'show-pool', deskId, batchId }),
        tell({ type: 'join-pool', deskId, batchId, seat }),
        tell({ type: 'tell-session', deskId }),
      ]
    }
    case 'pool-left':
      return [tell({ type: 'tell-session', deskId: fact.deskId })]
    case 'pool-asked':
      return [tell({ type: 'lease-numbers', askId: fact.askId, count: fact.count, pooled: true })]
    case 'pool-rested':
      return [...surplus(fact.surplus, fact.askId), ...(fact.news ? tellAll(state, fact.batchId) : [])]
    case 'pool-dialed': {
      const { batchId, askId, legs, personal } = fact
      const add = tell({ type: 'add-legs' as const, batchId, legs, contacts: personal.contacts })
      return [add, ...surplus(fact.surplus, askId), ...(fact.news ? tellAll(state, batchId) : [])]
    }
    case 'pool-limited':
      return [tell({ type: 'limit-lines', batchId: fact.batchId, most: fact.most })]
    case 'pool-closing':
      return [tell({ type: 'close-pool', batchId: fact.batchId })]
    case 'pool-opened':
    case 'pool-seat-paused':
    case 'pool-seat-freed':
    case 'pool-closed':
    case 'pool-seat-joined':
    case 'pool-woken':
      return []
    default:
      return unreachable(fact)
  }
}

/** The screens of those who wait say why nothing rings. */
function tellAll(state: CampaignState, batchId: string): CampaignEffect[] {
  const seats = poolOf(state, batchId)?.seats ?? []
  return seats.map(({ deskId }) => tell({ type: 'tell-session' as const, deskId }))
}
