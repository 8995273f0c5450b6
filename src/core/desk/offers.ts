/** Calls that a queue offers to this agent, or that a colleague hands over. The desk leases its seat to one offer, and says to its queues when it is free. */
import { accept } from './agent.ts'
import { runs } from './allowed.ts'
import type { Desk } from './decide.ts'
import { type DeskInput, isSame, type Lease } from './state.ts'
import { goHome } from './visit.ts'

type Input<T extends DeskInput['type']> = Extract<DeskInput, { type: T }>

export const QUEUES_MAX = 20

/** Null: a queue may offer a call now. Else a stable word, for wallboards. */
export function whyNotFree(desk: Desk): string | null {
  return desk.whyNoSeat() ?? whyNotIdle(desk)
}

/** Null: whoever sits here takes a person over at once, also during a break. */
export function whyNotTaking(desk: Desk): string | null {
  const seat = desk.whyNoSeat()
  return seat !== null && seat !== 'paused' ? seat : whyNotIdle(desk)
}

function whyNotIdle({ state }: Desk): string | null {
  if (state.inbound !== null) return 'ringing'
  if (state.wrapUp !== null || state.pending.length > 0) return 'wrap-up'
  return runs(state) && state.session?.state !== 'paused' ? 'in-session' : null
}

/** Runs after every input: each queue hears of a change once. */
export function reportFree(desk: Desk): void {
  const { queues = [], available } = desk.state
  if (queues.length === 0) return
  const reason = whyNotFree(desk)
  if (available?.reason === reason) return
  desk.add({ type: 'availability-changed', at: desk.at, free: reason === null, reason, queues: [...queues] })
}

export function queueJoined(desk: Desk, queueId: string): void {
  const { queues = [], available } = desk.state
  if (queues.length >= QUEUES_MAX && !queues.includes(queueId)) return
  desk.add({ type: 'queue-joined', at: desk.at, queueId })
  const reason = whyNotFree(desk)
  // The new one must hear it, also when nothing has changed.
  if (available?.reason === reason)
    desk.add({ type: 'availability-changed', at: desk.at, free: reason === null, reason, queues: [queueId] })
}

export function queueLeft(desk: Desk, queueId: string): void {
  if (desk.state.queues?.includes(queueId)) desk.add({ type: 'queue-left', at: desk.at, queueId })
}

export function offerMade(desk: Desk, { of, ring, agreed }: Input<'offer.made'>): void {
  if (isSame(desk.state.lease?.for, of)) return
  const reason = agreed ? whyNotTaking(desk) : whyNotFree(desk)
  if (reason !== null) return desk.add({ type: 'offer-refused', at: desk.at, of, reason })
  const lease: Lease = { leaseId: desk.nextLeaseId(), for: of }
  desk.add({ type: 'offer-rang', at: desk.at, of, callId: ring.callId, lease, personal: { ring } })
  if (agreed) accept(desk, ring.callId)
}

/** The queue or the call has ended the offer, or the conversation that came of it. */
export function offerOver(desk: Desk, { of, callId: named, pause }: Input<'offer.over'>): void {
  const { lease, leaving, inbound, conversation, parked } = desk.state
  // Whoever is lost with the line is with somebody else already, and their call goes on.
  const lost = [conversation, parked].find(talk => talk?.offer !== undefined && isSame(talk.offer.of, of))
  const callId = named ?? lost?.callId ?? null
  const mine = isSame(lease?.for, of) || isSame(leaving?.for, of)
  if (isSame(desk.state.visit?.of, of)) goHome(desk)
  if (mine && callId === null && inbound?.transfer?.transferId === of.offerId)
    desk.add({ type: 'inbound-ended', at: desk.at, callId: inbound.callId })
  if (callId !== null && inbound?.callId === callId) desk.add({ type: 'inbound-ended', at: desk.at, callId })
  if (callId !== null) {
    desk.endTalk(callId)
    if (desk.state.guests.includes(callId)) desk.add({ type: 'guest-gone', at: desk.at, callId })
  }
  if (mine) desk.add({ type: 'seat-returned', at: desk.at, leaseId: (lease ?? leaving)?.leaseId ?? '' })
  if (mine && pause && !desk.state.paused)
    desk.add({ type: 'presence-changed', at: desk.at, paused: true, because: 'no-answer' })
}

/** The queue could not be told: nobody will return the seat, so the desk takes it back. */
export function offerForgotten(desk: Desk): void {
  const lease = desk.state.lease ?? desk.state.leaving
  if (lease === null || lease.for.kind === 'batch') return
  const callId = desk.state.conversation?.callId ?? desk.state.inbound?.callId ?? null
  offerOver(desk, { type: 'offer.over', at: desk.at, of: lease.for, callId, pause: false })
}
