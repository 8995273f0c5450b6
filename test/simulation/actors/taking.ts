/** What a call owes to the desk whose agent takes the caller to their open line, and gets them back: as `src/actors/call/transfer.ts`. */
import { ringOf } from '../../../src/actors/call/caller.ts'
import type { CallInput } from '../../../src/core/call/state.ts'
import type { TransferEffect } from '../../../src/core/call/transfer/state.ts'
import type { DeskInput } from '../../../src/core/desk/state.ts'
import { shownCaller } from '../../../src/wire/phone-number.ts'
import type { Paid } from '../part.ts'
import type { Call } from './call.ts'
import { deskOf } from './desk.ts'

type Of<T extends TransferEffect['type']> = Extract<TransferEffect, { type: T }>
type OfTaking = Of<'tell-picked-up' | 'offer-person' | 'end-offer-of-person' | 'tell-taker'>

export function tellDeskOfTaking(
  call: Call,
  effect: OfTaking,
  id: string,
  done: (paid: Paid<CallInput>) => void,
): void {
  const { world } = call
  const desk = deskOf(world, effect.deskId)
  const input = inputOf(call, effect)
  if (input === null) return done([])
  world.tell(
    call,
    desk,
    () => desk.deliver(input, id),
    fate => {
      if (fate === 'crashed') return done({ again: null })
      if (effect.type !== 'tell-taker') return done([])
      desk.wakeUp()
      const agentName = desk.state.agent?.name ?? null
      done([{ type: 'call.agent-joined', at: world.now, deskId: effect.deskId, agentName }])
    },
  )
}

/** Null: it was ended before it was made. */
function inputOf({ id: callId, world, state }: Call, effect: OfTaking): DeskInput | null {
  const at = world.now
  if (effect.type === 'tell-taker') return { type: 'inbound.answered', at, callId }
  if (effect.type === 'tell-picked-up') return { type: 'inbound.picked-up', at, callId }
  const of = { kind: 'transfer' as const, id: callId, offerId: effect.offerId }
  switch (effect.type) {
    case 'end-offer-of-person':
      return { type: 'offer.over', at, of, callId: effect.over ? callId : null, pause: false }
    case 'offer-person': {
      const { call, transfer } = state
      const stage = transfer?.stage
      if (call.phase !== 'live' || stage?.is !== 'offered' || stage.offerId !== effect.offerId) return null
      const { from, to } = call.party
      const by = { agentName: transfer?.origin.agentName ?? '', ...(effect.back ? { back: true as const } : {}) }
      const transferred = { transferId: effect.offerId, summary: '', of, by }
      const ring = { ...ringOf(callId, from, to, null, at), fromShown: shownCaller(from), transfer: transferred }
      return { type: 'offer.made', at, of, ring }
    }
  }
}
