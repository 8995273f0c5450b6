/** The agent hands the person on the line over. The person stays here until the target has said yes; until then they hear music. */

import { isTalking } from '../call/transfer/moves.ts'
import type { Desk } from './decide.ts'
import { type AgentInput, type DeskInput, roomOf } from './state.ts'
import { goHome } from './visit.ts'

type Asked = Extract<AgentInput, { type: 'call.transfer-asked' }>
type Over = Extract<DeskInput, { type: 'transfer.over' }>

export function transferAsked(desk: Desk, { callId, transferId, target, ask }: Asked): void {
  const { at, state } = desk
  if (state.conversation?.callId !== callId) return
  // Whoever rang through to the browser is in no room, and talks on until somebody takes them over.
  const room = state.guests.includes(callId) ? roomOf(state) : null
  const number = target.to === 'number' ? target.number : null
  const shown = target.to === 'number' ? { ...target, number: '' } : target
  const asking = ask === undefined ? {} : { ask }
  desk.add({ type: 'transfer-asked', at, callId, transferId, target: shown, room, ...asking, personal: { number } })
  // In a consultation the call says who is on hold, because that changes with its phases.
  if (ask === undefined) hold(desk, callId, true)
}

export function takeBackAsked(desk: Desk, callId: string): void {
  const transferId = desk.state.conversation?.transfer?.transferId
  if (transferId !== undefined) desk.add({ type: 'take-back-asked', at: desk.at, callId, transferId })
}

export function moveAsked(desk: Desk, { callId, move }: Extract<AgentInput, { type: 'transfer.move-asked' }>): void {
  const transferId = desk.state.conversation?.transfer?.transferId
  if (transferId !== undefined) desk.add({ type: 'transfer-move-asked', at: desk.at, callId, transferId, move })
}

/** Both desks of a consultation hear where it is. */
export function phaseTold(desk: Desk, input: Extract<DeskInput, { type: 'transfer.phase' }>): void {
  const { at, state } = desk
  const { callId, transferId, offerId, phase } = input
  if (offerId !== null) {
    const { visit } = state
    if (visit && visit.of.offerId === offerId && visit.phase !== phase)
      desk.add({ type: 'visit-phase-changed', at, of: visit.of, phase })
    return
  }
  const talk = [state.conversation, state.parked].find(one => one?.callId === callId)
  if (talk?.transfer?.transferId !== transferId) return
  if (talk.transfer.phase !== phase) desk.add({ type: 'transfer-phase-changed', at, callId, transferId, phase })
  // The target has come into a room in which nobody is any more.
  if (state.line.state !== 'open') ownLineLost(desk)
}

/** Whoever asks is gone while the target is with them: the person's call hands over early. */
export function ownLineLost(desk: Desk): void {
  for (const talk of [desk.state.conversation, desk.state.parked]) {
    const { transferId, phase } = talk?.transfer ?? {}
    if (talk == null || transferId === undefined || phase === undefined) continue
    if (isTalking(phase) || phase === 'parting')
      desk.add({ type: 'transfer-unattended', at: desk.at, callId: talk.callId, transferId })
  }
}

/** Whoever was asked first leaves again, and does not take the person. */
export function visitLeft(desk: Desk, callId: string): void {
  const { inbound, visit } = desk.state
  if (inbound?.callId !== callId || !visit) return
  const transferId = visit.of.offerId
  goHome(desk)
  desk.add({ type: 'inbound-declined', at: desk.at, callId, transferId, of: visit.of })
}

export function transferOver(desk: Desk, { callId, transferId, end }: Over): void {
  const { at, state } = desk
  const talk = [state.conversation, state.parked].find(one => one?.callId === callId)
  if (end === 'moved') {
    if (state.inbound?.callId === callId) desk.add({ type: 'inbound-ended', at, callId })
    if (talk) desk.add({ type: 'transfer-over', at, callId, transferId, end })
    desk.endTalk(callId)
    if (state.guests.includes(callId)) desk.add({ type: 'guest-gone', at, callId })
    const lease = state.lease ?? state.leaving
    // A queue or a round returns its own.
    if (lease?.for.kind === 'transfer' && lease.for.id === callId)
      desk.add({ type: 'seat-returned', at, leaseId: lease.leaseId })
    return desk.resume()
  }
  if (talk?.transfer?.transferId !== transferId) return
  const asked = talk.transfer.phase !== undefined
  desk.add({ type: 'transfer-over', at, callId, transferId, end })
  if (!asked) hold(desk, callId, false)
}

function hold(desk: Desk, callId: string, held: boolean): void {
  if (desk.state.guests.includes(callId))
    desk.add({ type: 'hold-asked', at: desk.at, callId, held, room: roomOf(desk.state) })
}
