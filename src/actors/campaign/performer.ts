/** Performs the campaign's debts: it asks for seats and numbers, opens rounds and tells screens. */
import { refusedView, sessionView } from '../../core/campaign/campaign.ts'
import { clearanceOf } from '../../core/campaign/clearance-order.ts'
import { type CampaignEffect, type CampaignInput, type CampaignState, deskSettings } from '../../core/campaign/state.ts'
import { queuedLane, shownContact } from '../../core/desk/lane.ts'
import type { Lane } from '../../core/desk/view.ts'
import { agentOfSeat, workspaceOf } from '../../core/ids.ts'
import type { Neighbours } from '../neighbours.ts'
import type { Performer } from '../shell/outbox.ts'
import { paceOf, talliesOf } from './pace.ts'
import { actOnPool } from './pool-performer.ts'
import { candidates, consentsOf, contactsLeft, isWaiting, type Round, roundOf } from './tables.ts'

const AI_OUTCOME = 'ai-conversation'

type Of<T extends CampaignEffect['type']> = Extract<CampaignEffect, { type: T }>

export function carryOut(
  near: Neighbours,
  campaignId: string,
  sql: SqlStorage,
  state: () => CampaignState,
): Performer<CampaignInput, CampaignEffect> {
  return {
    async perform(effect, key) {
      const id = `${campaignId}:${key}`
      const at = near.now()
      switch (effect.type) {
        case 'lease-numbers':
          return leaseNumbers(state(), near, campaignId, sql, effect)
        case 'ask-seat':
          return askSeat(near, campaignId, effect, id)
        case 'name-agent':
        case 'show-pool':
        case 'join-pool':
        case 'withdraw-seat':
        case 'add-legs':
        case 'limit-lines':
        case 'close-pool':
          await actOnPool(near, campaignId, state(), effect, id)
          return []
        case 'open-batch':
          await openBatch(near, campaignId, state(), roundOf(sql, effect.batchId), effect.batchId)
          return []
        case 'show-round':
          if (agentOfSeat(effect.deskId) !== null) return []
          await showRound(near, campaignId, state(), roundOf(sql, effect.batchId), effect.batchId, id)
          return []
        case 'free-number':
          await near.actor('trunk', workspaceOf(campaignId)).freeNumber(effect.number, effect.leaseId, false)
          return []
        case 'return-lease':
          if (agentOfSeat(effect.deskId) !== null) return []
          await near.actor('desk', effect.deskId).deliver({ type: 'lease.returned', at, batchId: effect.batchId }, id)
          return []
        case 'tell-book': {
          const { contactId, callId, status, result } = effect
          // The book knows nobody as held back: that is the campaign's own.
          const shown = status === 'held' ? 'active' : status
          await near
            .actor('workspace', workspaceOf(campaignId))
            .contactTried({ contactId, callId, status: shown, result, at: effect.at })
          return []
        }
        case 'stop-batch':
          await near.actor('batch', effect.batchId).deliver({ type: 'batch.stopped', at }, id)
          return []
        case 'refuse-session': {
          const session = refusedView(state(), effect.deskId, effect.lines, at)
          if (session && agentOfSeat(effect.deskId) === null)
            await near.actor('desk', effect.deskId).deliver({ type: 'session.reported', at, session }, id)
          return []
        }
        case 'tell-session': {
          if (agentOfSeat(effect.deskId) !== null)
            return outcomesOf(state(), effect.deskId, at, contactsLeft(sql, true))
          const session = sessionView(state(), effect.deskId)
          if (session) await near.actor('desk', effect.deskId).deliver({ type: 'session.reported', at, session }, id)
          return []
        }
      }
    },
  }
}

async function askSeat(
  near: Neighbours,
  campaignId: string,
  { askId, batchId, deskId, shared }: Of<'ask-seat'>,
  id: string,
): Promise<CampaignInput[]> {
  const agentId = agentOfSeat(deskId)
  if (agentId !== null) return [await aiSeat(near, campaignId, deskId, agentId, askId)]
  const at = near.now()
  // The profile may have been changed since the session began.
  if (!(await near.voiceProfile(deskId)).allowOutbound)
    return [{ type: 'seat.answered', at, askId, lease: null, place: null, reason: 'outbound-not-allowed' }]
  const asked = {
    type: 'seat.requested' as const,
    ...{
      at,
      askId,
      asker: { kind: 'campaign' as const, id: campaignId },
      for: { kind: 'batch' as const, id: batchId },
    },
    ...(shared ? { shared } : {}),
  }
  await near.actor('desk', deskId).deliver(asked, id)
  return []
}

/** A seat of an AI agent is always free; the round keeps the version that the agent has now. */
async function aiSeat(
  near: Neighbours,
  campaignId: string,
  deskId: string,
  agentId: string,
  askId: string,
): Promise<CampaignInput> {
  const order = await near.actor('workspace', workspaceOf(campaignId)).aiOrder(agentId)
  const at = near.now()
  if (order === null)
    return { type: 'seat.answered', at, askId, lease: null, place: null, reason: 'there is no such agent' }
  const lease = { leaseId: `${deskId}:${askId}`, for: { kind: 'batch' as const, id: askId } }
  return { type: 'seat.answered', at, askId, lease, place: { kind: 'agent', order }, reason: null }
}

/** An AI agent saves its own outcome: it talked with this person. The conversation itself is stored with the call. */
function outcomesOf(state: CampaignState, deskId: string, at: number, left: number): CampaignInput[] {
  const session = state.sessions.find(one => one.deskId === deskId)
  if (session?.state !== 'wrap-up') return []
  return session.owed.map(callId => {
    const contactId = session.legs.find(leg => leg.callId === callId)?.contactId ?? null
    return { type: 'outcome.saved', at, deskId, callId, contactId, outcomeId: AI_OUTCOME, note: '', left }
  })
}

async function leaseNumbers(
  state: CampaignState,
  near: Neighbours,
  campaignId: string,
  sql: SqlStorage,
  effect: Of<'lease-numbers'>,
): Promise<CampaignInput[]> {
  const asking = state.sessions.find(session => session.askId === effect.askId)
  // An AI agent calls only people who have agreed to that; consent is per contact.
  const agreed = asking !== undefined && agentOfSeat(asking.deskId) !== null
  // An AI agent has a seat for everybody.
  const pace = agreed || effect.pooled ? null : paceOf(sql, state, effect.count, near.now())
  const count = pace?.lines ?? effect.count
  const list = candidates(sql, count, near.now(), agreed, asking?.deskId ?? null)
  const order = clearanceOf(state, asking?.deskId ?? null)
  if (agreed) await near.actor('trunk', workspaceOf(campaignId)).saveConsents(consentsOf(sql, campaignId, list))
  const asks = list.map(one => ({
    callId: null,
    to: one.number,
    ...order,
    campaignId,
    timeZone: one.timeZone,
    postcode: one.postcode,
  }))
  const { numbers, notBefore, verdicts } = await near
    .actor('trunk', workspaceOf(campaignId))
    .leaseNumbers(effect.askId, count, asks)
  const left = contactsLeft(sql, agreed)
  const at = near.now()
  // While the gate was asked, another agent's round may have taken some of these people.
  const free = list.map(one => isWaiting(sql, one.contactId))
  const asked = {
    candidates: list.filter((_, index) => free[index]),
    verdicts: verdicts.filter((_, index) => free[index]),
  }
  const tallies = effect.pooled ? { tallies: talliesOf(sql, at) } : {}
  return [{ type: 'numbers.leased', at, askId: effect.askId, numbers, notBefore, pace, ...asked, left, ...tallies }]
}

async function openBatch(
  near: Neighbours,
  campaignId: string,
  state: CampaignState,
  round: Round | null,
  batchId: string,
): Promise<void> {
  if (!round || !state.settings) return
  const { lease, place, deskId } = round
  const legs = round.legs.map((leg, index) => ({
    callId: leg.callId,
    contactId: leg.contactId,
    name: round.contacts[index]?.name ?? '',
    to: round.contacts[index]?.number ?? '',
    from: leg.from,
    extension: round.contacts[index]?.extension ?? null,
    where: { timeZone: round.contacts[index]?.timeZone ?? null, postcode: round.contacts[index]?.postcode ?? null },
  }))
  const agentName = state.sessions.find(session => session.deskId === deskId)?.agentName ?? null
  const { policy, record, hostAgentId } = state.settings
  const host = hostAgentId === null ? null : await near.actor('workspace', workspaceOf(campaignId)).aiOrder(hostAgentId)
  await near.actor('batch', batchId).open({
    policy: host === null ? policy : { ...policy, host },
    legs,
    seats: [{ seatId: lease.leaseId, deskId, place }],
    campaignId,
    agentName,
    record: record || (await recordsCalls(near, deskId)),
    clearance: clearanceOf(state, deskId),
  })
}

/** A person whose voice profile says so has every call recorded, whatever the campaign says. */
async function recordsCalls(near: Neighbours, deskId: string): Promise<boolean> {
  return agentOfSeat(deskId) === null && (await near.voiceProfile(deskId)).recordCalls
}

async function showRound(
  near: Neighbours,
  campaignId: string,
  state: CampaignState,
  round: Round | null,
  batchId: string,
  id: string,
): Promise<void> {
  if (!round || !state.settings) return
  const at = near.now()
  const lanes = round.legs.map((leg, index) => laneOf(round, leg, index, at))
  const input = {
    type: 'round.opened' as const,
    at,
    campaignId,
    batchId,
    lanes,
    settings: deskSettings(state.settings),
  }
  await near.actor('desk', round.deskId).deliver(input, id)
}

function laneOf(round: Round, leg: Round['legs'][number], index: number, at: number): Lane {
  const nobody = { name: '', company: '', number: '', numberShown: '', timeZone: null, lastNote: '' }
  const person = { ...(round.contacts[index] ?? nobody), contactId: leg.contactId }
  return queuedLane({ callId: leg.callId, contact: shownContact(person, leg.attempt), from: leg.from }, at)
}
