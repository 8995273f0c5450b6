/** Calls somebody back who has left their number in a queue: the agent waits in their room, and the person joins it when they answer. */
import { CALLBACK_RING_MS, type QueueEffect, type QueueInput, type QueueState } from '../../core/queue/state.ts'
import { shownNumber } from '../../wire/phone-number.ts'
import type { Neighbours } from '../neighbours.ts'

type CallBack = Extract<QueueEffect, { type: 'call-back' }>

/** The call is asked about by the gate like any other: a callback is a purpose of its own. */
export async function placeCallback(
  near: Neighbours,
  queueId: string,
  { entries }: QueueState,
  { callId, entryId }: CallBack,
): Promise<QueueInput[]> {
  const entry = entries[entryId]
  if (entry?.stage.is !== 'ringing' || entry.stage.callId !== callId) return []
  const { deskId } = entry.stage
  const { from: to, to: own } = entry.party
  const agentName = (await near.actor('desk', deskId).view())?.agent.name ?? null
  const none = { batchId: null, campaignId: null, contactId: null }
  const links = { kind: 'api' as const, ...none, deskId: null, agentName, queueId }
  const clearance = { purpose: 'callback' as const, agent: deskId, hours: null }
  const join = [{ id: 'queue', type: 'queue_join', option: { queue_id: queueId } }]
  const flow = { flowId: null, version: 0, actionsJson: JSON.stringify(join), variables: {} }
  const party = { to, from: own, name: shownNumber(to), where: { timeZone: null, postcode: null } }
  const options = { ringLimitMs: CALLBACK_RING_MS, amd: 'off' as const, record: false, clearance }
  const stored = await near.actor('call', callId).request(links, party, options, null, flow)
  return stored ? [] : [{ type: 'callback.ended', at: near.now(), callId }]
}
