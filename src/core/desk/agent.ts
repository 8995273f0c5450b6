import { unreachable } from '../machine.ts'
import { spokenWith } from './allowed.ts'
import type { Desk } from './decide.ts'
import { dialByHand } from './hand-round.ts'
import { moveAsked, takeBackAsked, transferAsked, visitLeft } from './handover.ts'
import { pickedUp } from './inbound.ts'
import { outcomeGiven } from './outcome.ts'
import { qualityReported } from './quality.ts'
import { type AgentInput, roomOf } from './state.ts'
import { noticeRead } from './told.ts'
import type { Offered } from './view.ts'

/** Decides what the agent does at the desk; `allowed.ts` has refused what is not allowed. */
export function agentDid(desk: Desk, input: { at: number } & AgentInput): void {
  const { state, at } = desk
  switch (input.type) {
    case 'phone.claimed':
      return desk.phone(input.tabId, 'off')
    case 'phone.registered':
      return desk.phone(input.tabId, 'registered')
    case 'phone.lost':
      return state.phone.ownerTabId === input.tabId ? desk.phone(null, 'off') : undefined
    case 'phone.refused':
      return desk.add({ type: 'phone-refused', at, reason: input.reason })
    case 'quality.reported':
      return qualityReported(desk, input)
    case 'session.asked':
      return askSession(desk, input)
    case 'lane.skipped':
      return state.batchId === null
        ? undefined
        : desk.add({ type: 'lane-skip-asked', at, callId: input.callId, batchId: state.batchId })
    case 'call.kept':
      return state.conversation?.batchId
        ? desk.add({ type: 'keep-asked', at, callId: input.callId, batchId: state.conversation.batchId })
        : undefined
    case 'call.hung-up':
      return hangUp(desk, input.callId)
    case 'call.hold-asked':
      return desk.add({ type: 'hold-asked', at, callId: input.callId, held: input.held, room: roomOf(state) })
    case 'call.transfer-asked':
      return transferAsked(desk, input)
    case 'call.take-back-asked':
      return takeBackAsked(desk, input.callId)
    case 'transfer.move-asked':
      return moveAsked(desk, input)
    case 'visit.left':
      return visitLeft(desk, input.callId)
    case 'call.do-not-call-asked':
      return doNotCall(desk, input.callId)
    case 'mute.changed':
      return state.muted === input.muted ? undefined : desk.add({ type: 'mute-changed', at, muted: input.muted })
    case 'single.dialed':
      return dialByHand(desk, input)
    case 'inbound.accepted':
      return accept(desk, input.callId)
    case 'inbound.declined':
      return decline(desk, input.callId)
    case 'note.saved':
      return desk.saveNote(input.callId, input.text)
    case 'outcome.saved':
      return outcomeGiven(desk, input)
    case 'presence.changed':
      return state.paused === input.paused
        ? undefined
        : desk.add({ type: 'presence-changed', at, paused: input.paused })
    case 'notice.read':
      return noticeRead(desk, input.noticeId)
    case 'wrap-up.done':
      return state.wrapUp ? desk.add({ type: 'wrap-up-ended', at, campaignId: null }) : undefined
    default:
      return unreachable(input)
  }
}

function doNotCall(desk: Desk, callId: string): void {
  const contact = spokenWith(desk.state, callId)?.contact
  if (!contact) return
  const { contactId, number } = contact
  desk.add({ type: 'do-not-call-asked', at: desk.at, callId, contactId, personal: { number } })
}

function hangUp(desk: Desk, callId: string): void {
  const { conversation, at } = { conversation: desk.state.conversation, at: desk.at }
  if (conversation?.callId !== callId) return
  const { batchId, offer } = conversation
  desk.add({ type: 'hang-up-asked', at, callId, batchId, ...(offer ? { of: offer.of } : {}) })
}

/**
 * Accepting takes the seat back from a race without an answer, or puts a live customer on hold first. A caller whom an agent with a free seat
 * accepts comes to the open line, where a lost page loses nobody; any other is connected to the phone that rings, apart from whoever is in the room.
 */
export function accept(desk: Desk, callId: string): void {
  const { state, at } = desk
  if (state.inbound?.callId !== callId || state.inbound.accepted) return
  if (state.conversation) {
    desk.add({ type: 'hold-asked', at, callId: state.conversation.callId, held: true, room: roomOf(state) })
    desk.add({ type: 'conversation-parked', at, callId: state.conversation.callId })
  } else if (state.lease?.for.kind === 'batch') {
    desk.add({ type: 'seat-revoked', at, lease: state.lease, because: 'inbound-accepted' })
  }
  const transfer = transferOf(desk)
  const room = roomOf(desk.state)
  if (transfer) return desk.add({ type: 'inbound-accepted', at, callId, ...transfer, room })
  const why = desk.whyNoSeat()
  if (why !== null && why !== 'paused') return desk.add({ type: 'inbound-accepted', at, callId })
  const of = pickedUp(callId)
  const lease = { leaseId: desk.nextLeaseId(), for: of }
  desk.add({ type: 'inbound-accepted', at, callId, transferId: of.offerId, of, room, lease })
}

function decline(desk: Desk, callId: string): void {
  if (desk.state.inbound?.callId === callId)
    desk.add({ type: 'inbound-declined', at: desk.at, callId, ...transferOf(desk) })
}

function transferOf({ state }: Desk): { transferId: string; of?: Offered } | null {
  const transfer = state.inbound?.transfer
  if (transfer == null) return null
  const { transferId, of } = transfer
  return of === undefined ? { transferId } : { transferId, of }
}

/** An agent is in one campaign: whoever begins in another leaves the one before, whatever the screen says of it. */
function askSession(desk: Desk, { word, campaignId, lines }: Extract<AgentInput, { type: 'session.asked' }>): void {
  const { startedIn } = desk.state
  const leaves = word === 'start' && startedIn !== undefined && startedIn !== campaignId ? { leaves: startedIn } : {}
  desk.add({ type: 'session-asked', at: desk.at, word, campaignId, lines, ...leaves })
}
