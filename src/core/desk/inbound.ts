/** A call that rings at this desk: it rings, is answered, and ends. */
import { PICKED_UP } from '../call/transfer/state.ts'
import type { Desk } from './decide.ts'
import { type DeskInput, type DeskState, isSame } from './state.ts'
import type { InboundRing, Offered } from './view.ts'

type InboundWord = DistributiveOmit<
  Extract<DeskInput, { type: `inbound.${'rang' | 'answered' | 'picked-up' | 'ended'}` }>,
  'at'
>
type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never

export function inbound(desk: Desk, input: InboundWord): void {
  const { state, at } = desk
  if (input.type === 'inbound.rang') {
    const { ring } = input
    if (!state.inbound && !isStranded(state, ring))
      desk.add({ type: 'inbound-rang', at, callId: ring.callId, personal: { ring } })
    return
  }
  if (input.type === 'inbound.picked-up') {
    const { callId } = input
    if (state.inbound?.callId === callId && !state.inbound.pickedUp && isSame(state.lease?.for, pickedUp(callId)))
      desk.add({ type: 'inbound-picked-up', at, callId })
    return
  }
  if (input.type === 'inbound.answered') {
    const ring = state.inbound
    if (ring?.callId !== input.callId || state.conversation?.callId === input.callId) return
    const contact = ring.contact ?? strangerOf(ring.from, ring.fromShown)
    const talk = {
      callId: ring.callId,
      kind: 'inbound' as const,
      contact,
      sinceMs: at,
      provisional: false,
      held: false,
    }
    const of = ring.transfer?.of
    const offer = of && { of, wrapUpMs: ring.transfer?.queue?.wrapUpMs ?? 0 }
    const none = { answerToRoomMs: null, note: '', batchId: null, campaignId: null }
    const personal = { talk: { ...talk, ...none, ...(offer ? { offer } : {}) } }
    return desk.add({ type: 'conversation-started', at, callId: ring.callId, personal })
  }
  if (state.inbound?.callId === input.callId) desk.add({ type: 'inbound-ended', at, callId: input.callId })
  desk.endTalk(input.callId)
  if (state.guests.includes(input.callId)) desk.add({ type: 'guest-gone', at, callId: input.callId })
  // Whoever was taken to the open line a moment too late has left a seat behind.
  const { lease } = desk.state
  if (isSame(lease?.for, pickedUp(input.callId))) desk.add({ type: 'seat-returned', at, leaseId: lease?.leaseId ?? '' })
  desk.resume()
}

/** The offer as which a caller has the seat who rang the phone and comes to the open line. */
export function pickedUp(callId: string): Offered {
  return { kind: 'transfer', id: callId, offerId: PICKED_UP.offerId }
}

/** A call that is handed over joins the agent's open line, so it cannot ring without one. */
function isStranded(state: DeskState, ring: InboundRing): boolean {
  return ring.transfer ? state.line.state !== 'open' || state.parked !== null : false
}

function strangerOf(number: string, numberShown: string) {
  return {
    contactId: null,
    name: numberShown,
    company: '',
    number,
    numberShown,
    timeZone: null,
    attempt: 1,
    lastNote: '',
  }
}
