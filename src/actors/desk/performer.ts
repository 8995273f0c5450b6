/** Performs the desk's debts to campaigns, batches, rooms and calls. */
import { SOLO_POLICY } from '../../core/batch/batch.ts'
import type { DeskEffect, DeskInput, DeskState } from '../../core/desk/state.ts'
import { workspaceOf } from '../../core/ids.ts'
import type { RoomInput } from '../../core/room/state.ts'
import type { Neighbours } from '../neighbours.ts'
import { type Performer, Retry } from '../shell/outbox.ts'
import { handOver, isHandingOver } from './handover.ts'
import { saveOutcome } from './outcome.ts'

type Of<T extends DeskEffect['type']> = Extract<DeskEffect, { type: T }>

export function carryOut(near: Neighbours, deskId: string, state: () => DeskState): Performer<DeskInput, DeskEffect> {
  return {
    async perform(effect, key) {
      const at = near.now()
      const id = `${deskId}:${key}`
      if (isHandingOver(effect)) return handOver(near, deskId, state(), effect, id)
      switch (effect.type) {
        case 'ask-campaign': {
          const agentName = state().agent?.name ?? ''
          const { word, lines, campaignId } = effect
          const input = { type: 'agent.asked' as const, at, deskId, agentName, word, lines }
          await near.actor('campaign', campaignId).deliver(input, id)
          return []
        }
        case 'answer-seat': {
          const { askId, asker, lease, room, reason } = effect
          const place = lease === null ? null : { kind: 'room' as const, room }
          await near.actor(asker.kind, asker.id).deliver({ type: 'seat.answered', at, askId, lease, place, reason }, id)
          return []
        }
        case 'tell-holder': {
          const { lease, word } = effect
          // Only batches hold leases today; a lease for a queue, a call or a transfer would be told here.
          if (lease.for.kind === 'batch')
            await near.actor('batch', lease.for.id).deliver({ type: word, at, seatId: lease.leaseId }, id)
          return []
        }
        case 'tell-leg':
          await near.actor('batch', effect.batchId).deliver({ type: effect.word, at, legId: effect.callId }, id)
          return []
        case 'ask-room':
        case 'check-room':
          await near.actor('room', effect.room).deliver(wordOf(effect, at), id)
          return []
        case 'move-line':
        case 'end-line':
          return lineAtCarrier(near, deskId, state(), effect)
        case 'tell-queue': {
          const { queueId, free, sinceMs, reason } = effect
          const input = { type: 'agent.reported' as const, at, deskId, free, sinceMs, reason }
          await near.actor('queue', queueId).deliver(input, `${id}:${queueId}`)
          return []
        }
        case 'tell-book': {
          const { contactId, callId, status, result } = effect
          const shown = status === 'held' ? 'active' : status
          await near
            .actor('workspace', workspaceOf(deskId))
            .contactTried({ contactId, callId, status: shown, result, at: effect.at })
          return []
        }
        case 'list-number':
          return listNumber(near, deskId, state().agent?.name, effect)
        case 'end-call':
          await near.actor('call', effect.callId).deliver({ type: 'call.complete-wanted', at }, id)
          return []
        case 'open-single':
          return openSingle(near, deskId, state(), effect)
        case 'save-outcome':
          await saveOutcome(near, deskId, state().agent?.name ?? 'agent', effect, id)
          return []
        case 'end-wrap-up':
          await near.actor('campaign', effect.campaignId).deliver({ type: 'wrap-up.ended', at, deskId }, id)
          return []
      }
    },
  }
}

/** The carrier is told to ask again about the agent's own line, or to end it. One that is over is where it was, or is missed by its room. */
async function lineAtCarrier(
  near: Neighbours,
  deskId: string,
  { visit }: DeskState,
  effect: Of<'move-line' | 'end-line'>,
): Promise<DeskInput[]> {
  // It was called back before it was sent, or is at home already.
  if (effect.type === 'move-line' && visit?.stage !== (effect.to === 'away' ? 'going' : 'returning')) return []
  const telephony = await near.telephony(workspaceOf(deskId))
  const { providerId } = effect
  if (effect.type === 'end-line') {
    const over = await telephony?.completeCall(providerId)
    // A line that lives on would be in the room of somebody else.
    if (over?.ok === false && over.failure.kind !== 'gone' && over.failure.kind !== 'refused')
      throw new Retry('the end of a line was not confirmed')
    return []
  }
  const done = await telephony?.redirectCall(providerId, effect.callId, null)
  if (done?.ok) return []
  if (done?.failure.kind === 'unknown') throw new Retry(done.failure.message)
  if (done?.failure.kind === 'throttled') throw new Retry('throttled', done.failure.retryAfterMs)
  return [{ type: 'line.unmoved', at: near.now(), callId: effect.callId }]
}

/**
 * Calls by hand, outside every campaign (S3-25). One number is a race of one; people of the book are a race like a campaign's, recorded
 * (S3-16) and with detection. The agent's own caller id is for one number only, because each lane has its own.
 */
async function openSingle(
  near: Neighbours,
  deskId: string,
  state: DeskState,
  effect: Of<'open-single'>,
): Promise<DeskInput[]> {
  const { batchId, lease, room, lane, others = [] } = effect
  const lanes = [lane, ...others]
  const ofBook = lane.contact.contactId !== null
  const { allowOutbound, recordCalls, callerId } = await near.voiceProfile(deskId)
  // It may have been changed since the command was accepted.
  if (!allowOutbound) return [{ type: 'single.refused', at: near.now(), batchId }]
  const { numbers } = await near
    .actor('trunk', workspaceOf(deskId))
    .leaseNumbers(batchId, lanes.length, [], lanes.length === 1 ? callerId : null)
  const [from] = numbers
  const at = near.now()
  if (from === undefined) return [{ type: 'single.refused', at, batchId }]
  await near.actor('batch', batchId).open({
    policy: ofBook ? SOLO_POLICY : { ...SOLO_POLICY, amd: 'off' },
    legs: lanes.slice(0, numbers.length).map(({ callId, contact }, index) => ({
      callId,
      contactId: contact.contactId,
      name: contact.name,
      to: contact.number,
      from: numbers[index] ?? from,
      ...(ofBook ? { where: { timeZone: contact.timeZone, postcode: null } } : {}),
    })),
    seats: [{ seatId: lease.leaseId, deskId, place: { kind: 'room', room } }],
    campaignId: null,
    agentName: state.agent?.name ?? null,
    record: ofBook || recordCalls,
    clearance: { purpose: 'single', agent: deskId, hours: null },
  })
  const rest = others.map((_, index) => numbers[index + 1] ?? null)
  return [{ type: 'single.opened', at, batchId, from, ...(rest.length > 0 ? { others: rest } : {}) }]
}

async function listNumber(
  near: Neighbours,
  deskId: string,
  by = 'agent',
  { number, contactId }: Of<'list-number'>,
): Promise<DeskInput[]> {
  await near.actor('workspace', workspaceOf(deskId)).optOut({ number, because: 'told an agent', by, contactId })
  return []
}

function wordOf(effect: Extract<DeskEffect, { type: 'ask-room' | 'check-room' }>, at: number): RoomInput {
  if (effect.type === 'check-room') return { type: 'check.wanted', at }
  return { type: 'hold.wanted', at, callId: effect.callId, held: effect.held }
}
