/** What the call of a person who is handed over owes to desks, and to the gate. */
import { type CallEffect, type CallInput, type CallState, type LiveCall, ownNumber } from '../../core/call/state.ts'
import { CALLING_MS, type TransferEffect } from '../../core/call/transfer/state.ts'
import { agentOfDesk, workspaceOf } from '../../core/ids.ts'
import { shownCaller } from '../../wire/phone-number.ts'
import type { Neighbours } from '../neighbours.ts'
import { ringOf } from './caller.ts'
import { judged } from './flow-parties.ts'

type Of<T extends TransferEffect['type']> = Extract<TransferEffect, { type: T }>

const OF_TRANSFER: Record<TransferEffect['type'], true> = {
  'offer-person': true,
  'end-offer-of-person': true,
  'tell-origin': true,
  'tell-picked-up': true,
  'tell-taker': true,
  'tell-phase': true,
  'judge-number': true,
  'call-in': true,
  'send-home': true,
  'call-target': true,
  'move-target': true,
  'end-target': true,
  'hold-in-room': true,
}
export function isOfTransfer(effect: CallEffect): effect is TransferEffect {
  return effect.type in OF_TRANSFER
}

export async function handPerson(
  near: Neighbours,
  callId: string,
  state: CallState,
  effect: TransferEffect,
  key: string,
): Promise<CallInput[]> {
  const at = near.now()
  const id = `${callId}:${key}`
  switch (effect.type) {
    case 'offer-person':
      return offer(near, callId, state, effect, id)
    case 'end-offer-of-person': {
      const { deskId, offerId, over } = effect
      const of = { kind: 'transfer' as const, id: callId, offerId }
      const input = { type: 'offer.over' as const, at, of, callId: over ? callId : null, pause: false }
      await near.actor('desk', deskId).deliver(input, id)
      return []
    }
    case 'tell-origin': {
      const { deskId, transferId, end } = effect
      await near.actor('desk', deskId).deliver({ type: 'transfer.over', at, callId, transferId, end }, id)
      return []
    }
    case 'tell-picked-up':
      await near.actor('desk', effect.deskId).deliver({ type: 'inbound.picked-up', at, callId }, id)
      return []
    case 'tell-taker': {
      const desk = near.actor('desk', effect.deskId)
      await desk.deliver({ type: 'inbound.answered', at, callId }, id)
      const agentName = (await desk.view())?.agent.name ?? null
      return [{ type: 'call.agent-joined', at: near.now(), deskId: effect.deskId, agentName }]
    }
    case 'tell-phase': {
      const { deskId, transferId, offerId, phase } = effect
      const input = { type: 'transfer.phase' as const, at, callId, transferId, offerId, phase }
      await near.actor('desk', deskId).deliver(input, id)
      return []
    }
    case 'call-in': {
      const of = { kind: 'transfer' as const, id: callId, offerId: effect.offerId }
      const told = await near
        .actor('desk', effect.deskId)
        .deliver({ type: 'visit.wanted', at, of, room: effect.room }, id)
      return told ? [] : [goneBefore(near, effect.offerId)]
    }
    case 'send-home': {
      const of = { kind: 'transfer' as const, id: callId, offerId: effect.offerId }
      await near.actor('desk', effect.deskId).deliver({ type: 'visit.over', at, of }, id)
      return []
    }
    case 'hold-in-room': {
      const input = { type: 'hold.wanted' as const, at, callId: effect.callId ?? callId, held: effect.held }
      await near.actor('room', effect.room).deliver(input, id)
      return []
    }
    case 'call-target':
      return callTarget(near, callId, state, effect)
    case 'move-target':
      await near.actor('call', effect.legId).deliver({ type: 'consult.moved', at, room: effect.room }, id)
      return []
    case 'end-target':
      await near.actor('call', effect.legId).deliver({ type: 'call.complete-wanted', at }, id)
      return []
    case 'judge-number': {
      const { target, origin } = state.transfer ?? {}
      const { call } = state
      const live = call.phase === 'live' ? call : null
      const refused =
        target?.to === 'number' ? await judged(near, callId, target.number, live, origin?.deskId) : 'no-destination'
      const { transferId } = effect
      return [{ type: 'transfer.judged', at: near.now(), transferId, cleared: refused === null }]
    }
  }
}

function goneBefore(near: Neighbours, visitId: string): CallInput {
  return { type: 'transfer.visited', at: near.now(), visitId, callId: '', is: 'gone', because: 'not-there' }
}

/** The number that is asked first is a call of its own, from the number of ours that the person knows; the gate is asked as for every call. */
async function callTarget(
  near: Neighbours,
  callId: string,
  { call, transfer }: CallState,
  { legId, room }: Of<'call-target'>,
): Promise<CallInput[]> {
  // It was ended before it was made.
  if (call.phase !== 'live' || transfer?.leg?.legId !== legId || transfer.target.to !== 'number') return []
  const { origin, target } = transfer
  const links = {
    ...{ kind: 'api' as const, batchId: null, campaignId: null, contactId: null, deskId: null },
    agentName: origin.agentName,
    agentId: agentOfDesk(origin.deskId),
  }
  const party = { to: target.number, from: ownNumber(call), name: '' }
  const clearance = { purpose: 'transfer' as const, agent: origin.deskId, hours: null }
  const options = { ringLimitMs: CALLING_MS, amd: 'off' as const, record: false, clearance }
  const consult = { of: callId, room }
  const stored = await near.actor('call', legId).request(links, party, options, null, null, consult)
  return stored ? [] : [goneBefore(near, legId)]
}

/** Where the number is that was asked first, for the call of the person. */
export async function tellPerson(
  near: Neighbours,
  callId: string,
  { of, is, because }: Extract<CallEffect, { type: 'tell-person' }>,
  key: string,
): Promise<CallInput[]> {
  const input = { type: 'transfer.visited' as const, at: near.now(), visitId: callId, callId, is, because }
  await near.actor('call', of).deliver(input, `${callId}:${key}`)
  return []
}

/** The person, and the number of ours that they know. */
export function sidesOf({ links, party }: LiveCall): { from: string; to: string } {
  return links.kind === 'inbound' ? { from: party.from, to: party.to } : { from: party.to, to: party.from }
}

/** A desk that is not there has not taken the person. */
async function offer(
  near: Neighbours,
  callId: string,
  { call, transfer }: CallState,
  { deskId, offerId, back }: Of<'offer-person'>,
  id: string,
): Promise<CallInput[]> {
  const stage = transfer?.stage
  // It was ended before it was made.
  if (call.phase !== 'live' || stage?.is !== 'offered' || stage.offerId !== offerId) return []
  const { from, to } = sidesOf(call)
  const book = near.actor('workspace', workspaceOf(callId))
  const known = from === '' ? null : await book.contactByPhone(from).catch(() => null)
  const at = near.now()
  const agentName = transfer?.origin.agentName ?? ''
  const ring = {
    ...ringOf(callId, from, to, known, at),
    fromShown: shownCaller(from),
    transfer: {
      transferId: offerId,
      summary: '',
      of: { kind: 'transfer' as const, id: callId, offerId },
      by: { agentName, ...(back ? { back: true as const } : transfer?.attended ? { asks: true as const } : {}) },
    },
  }
  const target = transfer?.target
  const agreed = !back && target?.to === 'desk' && target.agreed ? { agreed: true as const } : {}
  const made = { type: 'offer.made' as const, at, of: ring.transfer.of, ring, ...agreed }
  const told = await near.actor('desk', deskId).deliver(made, id)
  if (told) return []
  return [{ type: 'transfer.answered', at: near.now(), offerId, answer: 'refused', room: '', reason: 'offline' }]
}
