/** An agent's desk is asked by a call itself: its flow wants them for the person on the line, or a program has called them. */

import type { RingEffect } from '../../core/call/ring/state.ts'
import type { CallEffect, CallInput, CallState } from '../../core/call/state.ts'
import type { Option } from '../../core/flow/flow.ts'
import { deskId as deskIdOf, deskName, parseId, workspaceOf } from '../../core/ids.ts'
import { shownCaller } from '../../wire/phone-number.ts'
import type { Neighbours } from '../neighbours.ts'
import { ringOf } from './caller.ts'
import { sidesOf } from './transfer.ts'

type Of<T extends RingEffect['type']> = Extract<RingEffect, { type: T }>

const OF_RING: Record<RingEffect['type'], true> = { 'ring-agent': true, 'end-ring': true, 'name-agent': true }
export function isOfRing(effect: CallEffect): effect is RingEffect {
  return effect.type in OF_RING
}

/** Null: this step wants no agent. */
export function agentWanted(near: Neighbours, callId: string, ask: number, option: Option): CallInput | null {
  const listed = (option.destinations ?? [option.to]) as readonly ({ type?: unknown; target?: unknown } | undefined)[]
  const [first] = listed
  if (first?.type !== 'agent') return null
  const workspaceId = workspaceOf(callId)
  const desk = parseId('desk', deskIdOf(workspaceId, deskName(String(first.target))), workspaceId)
  const at = near.now()
  if (desk === null) return { type: 'flow.answered', at, ask, answer: { is: 'result', result: 'unavailable' } }
  return { type: 'ring.wanted', at, ringId: `f${ask}`, deskId: desk, ask, ringMs: Number(option.timeout ?? 30_000) }
}

export async function askAgent(
  near: Neighbours,
  callId: string,
  state: CallState,
  effect: RingEffect,
  key: string,
): Promise<CallInput[]> {
  const id = `${callId}:${key}`
  switch (effect.type) {
    case 'ring-agent':
      return offer(near, callId, state, effect, id)
    case 'end-ring': {
      const { deskId, ringId, over } = effect
      const of = { kind: 'call' as const, id: callId, offerId: ringId }
      const input = { type: 'offer.over' as const, at: near.now(), of, callId: over ? callId : null, pause: false }
      await near.actor('desk', deskId).deliver(input, id)
      return []
    }
    case 'name-agent': {
      const { deskId } = effect
      if (deskId === null) return [{ type: 'call.agent-left', at: near.now() }]
      const agentName = (await near.actor('desk', deskId).view())?.agent.name ?? null
      return [{ type: 'call.agent-joined', at: near.now(), deskId, agentName }]
    }
  }
}

/** A desk that is not there, is not free, or takes no calls has not taken this one. */
async function offer(
  near: Neighbours,
  callId: string,
  { call, ring: known }: CallState,
  { deskId, ringId }: Of<'ring-agent'>,
  id: string,
): Promise<CallInput[]> {
  // It was ended before it was made.
  if (call.phase !== 'live' || known?.ringId !== ringId || known.stage !== 'asked') return []
  const refused = () => [
    { type: 'ring.answered' as const, at: near.now(), ringId, answer: 'refused' as const, room: '' },
  ]
  if (!(await near.voiceProfile(deskId)).allowInbound) return refused()
  const ofProgram = known.ask === null
  const { from, to } = ofProgram ? { from: call.party.from, to: '' } : sidesOf(call)
  const book = near.actor('workspace', workspaceOf(callId))
  const contact = ofProgram || from === '' ? null : await book.contactByPhone(from).catch(() => null)
  const at = near.now()
  const of = { kind: 'call' as const, id: callId, offerId: ringId }
  const wants = ofProgram ? { program: { name: call.links.agentName ?? '' } } : { flow: true as const }
  const shown = { ...ringOf(callId, from, to, contact, at), fromShown: shownCaller(from) }
  const ring = { ...shown, transfer: { transferId: ringId, summary: '', of, ...wants } }
  const desk = near.actor('desk', deskId)
  if (!(await desk.deliver({ type: 'offer.made', at, of, ring }, id))) return refused()
  // The desk says by itself why it does not ring; whether it does is known at once.
  const rings = (await desk.view())?.inbound?.callId === callId
  return rings ? [{ type: 'ring.rang', at: near.now(), ringId }] : refused()
}
