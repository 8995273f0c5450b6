/** Performs what a queue owes to desks and to the calls of its callers. */
import type { Action } from '../../core/flow/flow.ts'
import { callId, workspaceOf } from '../../core/ids.ts'
import type { QueueEffect, QueueInput, QueueState } from '../../core/queue/state.ts'
import { shownCaller } from '../../wire/phone-number.ts'
import { ringOf } from '../call/caller.ts'
import type { Neighbours } from '../neighbours.ts'
import type { Performer } from '../shell/outbox.ts'
import { placeCallback } from './callback.ts'
import { waitingSteps } from './waiting.ts'

type Of<T extends QueueEffect['type']> = Extract<QueueEffect, { type: T }>

/** Debts to one desk or one call are performed in order. */
export function laneOf(effect: QueueEffect): string {
  if ('callId' in effect && effect.callId !== null && effect.type !== 'end-offer') return effect.callId
  return 'deskId' in effect ? effect.deskId : effect.type
}

export function carryOut(
  near: Neighbours,
  queueId: string,
  state: () => QueueState,
): Performer<QueueInput, QueueEffect> {
  return {
    async perform(effect, key) {
      const at = near.now()
      const id = `${queueId}:${key}`
      switch (effect.type) {
        case 'tell-members': {
          const type = effect.joined ? ('queue.joined' as const) : ('queue.left' as const)
          for (const deskId of effect.deskIds) await near.actor('desk', deskId).deliver({ type, at, queueId }, id)
          return []
        }
        case 'offer-call':
          return offer(near, queueId, state(), effect, id)
        case 'end-offer': {
          const { deskId, offerId, callId: over, pause } = effect
          const of = { kind: 'queue' as const, id: queueId, offerId }
          const input = { type: 'offer.over' as const, at, of, callId: over, pause }
          await near.actor('desk', deskId).deliver(input, id)
          return []
        }
        case 'keep-waiting': {
          const { settings } = state()
          if (settings === null) return []
          const answer = { is: 'steps' as const, actions: waitingSteps(settings, effect.place, effect.waitMs) }
          await near.actor('call', effect.callId).deliver({ type: 'flow.answered', at, ask: effect.ask, answer }, id)
          return []
        }
        case 'connect-caller':
          return connect(near, effect, id)
        case 'let-go': {
          const { callId: waiting, ask, result } = effect
          const call = near.actor('call', waiting)
          await call.deliver({ type: 'call.agent-left', at }, `${id}:left`)
          await call.deliver({ type: 'flow.answered', at, ask, answer: { is: 'result', result } }, id)
          return []
        }
        case 'file-callback': {
          const { entryId, callId: caller, number, at: atMs } = effect
          const entry = { kind: 'callback' as const, key: entryId, callId: caller, number, atMs, note: '' }
          await near.actor('inbox', workspaceOf(queueId)).file({ ...entry, box: { kind: 'queue', id: queueId } })
          return []
        }
        case 'close-callback':
          await near.actor('inbox', workspaceOf(queueId)).callbackDone(effect.entryId)
          return []
        case 'call-back':
          return placeCallback(near, queueId, state(), effect)
        case 'end-callback':
          await near.actor('call', effect.callId).deliver({ type: 'call.complete-wanted', at }, id)
          return []
        case 'check-caller': {
          const { call } = await near.actor('call', effect.callId).read()
          return [{ type: 'caller.checked', at: near.now(), entryId: effect.entryId, live: call.phase === 'live' }]
        }
      }
    },
  }
}

/** The desk rings with what the book knows of the caller. An agent who cannot be reached has not taken the call. */
async function offer(
  near: Neighbours,
  queueId: string,
  state: QueueState,
  { deskId, offerId, entryId, wrapUpMs }: Of<'offer-call'>,
  id: string,
): Promise<QueueInput[]> {
  const entry = state.entries[entryId]
  const stage = entry?.stage
  // It was ended before it was made.
  if (entry === undefined || stage?.is !== 'offered' || stage.offerId !== offerId) return []
  const { from, to } = entry.party
  const workspaceId = workspaceOf(queueId)
  const known =
    from === ''
      ? null
      : await near
          .actor('workspace', workspaceId)
          .contactByPhone(from)
          .catch(() => null)
  const at = near.now()
  const name = state.settings?.name ?? ''
  const waitedMs = at - entry.enteredMs
  const of = { kind: 'queue' as const, id: queueId, offerId }
  // A callback has no call yet; the ring is named by its offer.
  const ringing = entry.callId ?? callId(workspaceId, `${offerId}q`)
  const ring = {
    ...ringOf(ringing, from, to, known, at),
    fromShown: shownCaller(from),
    transfer: {
      transferId: offerId,
      summary: '',
      of,
      queue: { name, waitedMs, wrapUpMs, callback: entry.kind === 'callback' },
    },
  }
  const told = await near.actor('desk', deskId).deliver({ type: 'offer.made', at, of, ring }, id)
  if (told) return []
  const refused = { answer: 'refused' as const, room: '', reason: 'offline', callId: '' }
  return [{ type: 'offer.answered', at: near.now(), offerId, ...refused }]
}

async function connect(near: Neighbours, effect: Of<'connect-caller'>, id: string): Promise<QueueInput[]> {
  const { callId: waiting, ask, deskId, room } = effect
  const call = near.actor('call', waiting)
  const agentName = (await near.actor('desk', deskId).view())?.agent.name ?? null
  const at = near.now()
  await call.deliver({ type: 'call.agent-joined', at, deskId, agentName }, `${id}:joined`)
  const join: Omit<Action, 'id'> = { type: 'join_room', option: { room, call_id: waiting, role: 'customer' } }
  await call.deliver({ type: 'flow.answered', at, ask, answer: { is: 'steps', actions: [join] } }, id)
  return []
}
