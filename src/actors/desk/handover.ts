/** What a desk says to whoever offers it a call, and to the call of a person whom its agent hands over. */
import type { DeskEffect, DeskInput, DeskState } from '../../core/desk/state.ts'
import { callId as callIdOf, workspaceOf } from '../../core/ids.ts'
import type { Neighbours } from '../neighbours.ts'
import { unique } from '../unique.ts'

type Of<T extends DeskEffect['type']> = Extract<DeskEffect, { type: T }>

const HANDING_OVER = {
  'hand-over': true,
  'take-back': true,
  'move-transfer': true,
  'leave-transfer': true,
  'tell-visit': true,
  'answer-transfer': true,
  'answer-offer': true,
} as const
type HandingOver = Of<keyof typeof HANDING_OVER>

export function isHandingOver(effect: DeskEffect): effect is HandingOver {
  return effect.type in HANDING_OVER
}

/** A call that is over already cannot be handed over: its end is on the way. */
export async function handOver(
  near: Neighbours,
  deskId: string,
  { agent }: DeskState,
  effect: HandingOver,
  id: string,
): Promise<DeskInput[]> {
  const at = near.now()
  if (effect.type === 'answer-offer') return answerOffer(near, deskId, effect, id)
  if (effect.type === 'tell-visit') {
    const { of, callId, is, because } = effect
    const input = { type: 'transfer.visited' as const, at, visitId: of.offerId, callId, is, because }
    await near.actor('call', of.id).deliver(input, id)
    return []
  }
  const call = near.actor('call', effect.callId)
  if (effect.type === 'answer-transfer') {
    const { transferId, answer, room } = effect
    const by = agent === null ? {} : { agentName: agent.name }
    await call.deliver({ type: 'talk.transfer-answered', at, transferId, answer, room, ...by }, id)
  } else if (effect.type === 'take-back') {
    await call.deliver({ type: 'transfer.unwanted', at, transferId: effect.transferId }, id)
  } else if (effect.type === 'move-transfer') {
    const { transferId, move } = effect
    await call.deliver({ type: 'transfer.move-wanted', at, transferId, move }, id)
  } else if (effect.type === 'leave-transfer') {
    await call.deliver({ type: 'transfer.origin-lost', at, transferId: effect.transferId }, id)
  } else {
    const { target, room, transferId, ask } = effect
    const origin = { deskId, agentName: agent?.name ?? '', room }
    const asking = ask === undefined ? {} : { ask }
    await call.deliver({ type: 'transfer.wanted', at, transferId, origin, target, ...asking }, id)
  }
  return []
}

/** Whoever has offered a call hears what became of the offer: a queue, or the call that a colleague hands over. */
async function answerOffer(
  near: Neighbours,
  deskId: string,
  { of, answer, room, reason }: Of<'answer-offer'>,
  id: string,
): Promise<DeskInput[]> {
  const at = near.now()
  const { offerId } = of
  if (of.kind === 'transfer') {
    await near.actor('call', of.id).deliver({ type: 'transfer.answered', at, offerId, answer, room, reason }, id)
    return []
  }
  if (of.kind === 'call') {
    await near.actor('call', of.id).deliver({ type: 'ring.answered', at, ringId: offerId, answer, room }, id)
    return []
  }
  const callId = callIdOf(workspaceOf(deskId), unique())
  await near.actor('queue', of.id).deliver({ type: 'offer.answered', at, offerId, answer, room, reason, callId }, id)
  return []
}
