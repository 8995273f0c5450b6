/** Performs what a campaign owes to its pools: seats and lines join, lines are let go, seats come back. */
import type { TalkOrder } from '../../core/call/talk/talk.ts'
import { clearanceOf } from '../../core/campaign/clearance-order.ts'
import { type CampaignEffect, type CampaignState, deskSettings } from '../../core/campaign/state.ts'
import { shownContact } from '../../core/desk/lane.ts'
import { workspaceOf } from '../../core/ids.ts'
import type { OpenBatch } from '../contracts.ts'
import type { Neighbours } from '../neighbours.ts'

type PoolEffect = Extract<
  CampaignEffect,
  { type: 'name-agent' | 'show-pool' | 'join-pool' | 'withdraw-seat' | 'add-legs' | 'limit-lines' | 'close-pool' }
>

export async function actOnPool(
  near: Neighbours,
  campaignId: string,
  state: CampaignState,
  effect: PoolEffect,
  id: string,
): Promise<void> {
  const at = near.now()
  const { settings } = state
  if (!settings) return
  if (effect.type === 'name-agent') {
    const { callId, deskId, agentName } = effect
    await near.actor('call', callId).deliver({ type: 'call.agent-joined', at, deskId, agentName }, id)
    return
  }
  const { batchId } = effect
  const batch = near.actor('batch', batchId)
  switch (effect.type) {
    case 'show-pool': {
      const shown = { lanes: [], settings: deskSettings(settings), shared: true as const }
      await near.actor('desk', effect.deskId).deliver({ type: 'round.opened', at, campaignId, batchId, ...shown }, id)
      return
    }
    case 'join-pool':
    case 'add-legs': {
      const { hostAgentId } = settings
      const order =
        hostAgentId === null ? null : await near.actor('workspace', workspaceOf(campaignId)).aiOrder(hostAgentId)
      await batch.join({ ...sharedBy(campaignId, state, order), ...joining(effect) }, id)
      return
    }
    case 'withdraw-seat':
      await batch.deliver({ type: 'seat.withdrawn', at, seatId: effect.seatId }, id)
      return
    case 'limit-lines':
      await batch.deliver({ type: 'lines.limited', at, most: effect.most }, id)
      return
    case 'close-pool':
      await batch.deliver({ type: 'batch.stopped', at }, id)
  }
}

/** What all lines of a pool have in common. The gate judges them as calls of the campaign: nobody knows yet whose they will be. */
function sharedBy(campaignId: string, state: CampaignState, host: TalkOrder | null): Omit<OpenBatch, 'legs' | 'seats'> {
  const { policy, record = false } = state.settings ?? {}
  const shared = { campaignId, agentName: null, record, clearance: clearanceOf(state, null) }
  return {
    policy: { ...(policy as OpenBatch['policy']), closed: false, ...(host === null ? {} : { host }) },
    ...shared,
  }
}

function joining(effect: Extract<PoolEffect, { type: 'join-pool' | 'add-legs' }>): Pick<OpenBatch, 'legs' | 'seats'> {
  return effect.type === 'join-pool' ? { legs: [], seats: [effect.seat] } : { legs: legsOf(effect), seats: [] }
}

function legsOf({ legs, contacts }: Extract<PoolEffect, { type: 'add-legs' }>): OpenBatch['legs'] {
  return legs.flatMap((leg, index) => {
    const person = contacts[index]
    if (person === undefined) return []
    const { name, number, extension, timeZone, postcode } = person
    const where = { timeZone, postcode }
    const shown = shownContact(person, leg.attempt)
    return [{ callId: leg.callId, contactId: leg.contactId, name, to: number, from: leg.from, extension, where, shown }]
  })
}
