import { unreachable } from '../machine.ts'
import type { Desk } from './decide.ts'
import { dialByHand } from './hand-round.ts'
import { qualityReported } from './quality.ts'
import { type AgentInput, roomOf } from './state.ts'

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
      return desk.add({ type: 'session-asked', at, word: input.word, campaignId: input.campaignId, lines: input.lines })
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
      return desk.saveOutcome(input.callId, input.outcomeId)
    case 'presence.changed':
      return state.paused === input.paused
        ? undefined
        : desk.add({ type: 'presence-changed', at, paused: input.paused })
    default:
      return unreachable(input)
  }
}

function hangUp(desk: Desk, callId: string): void {
  const { conversation, at } = { conversation: desk.state.conversation, at: desk.at }
  if (conversation?.callId === callId) desk.add({ type: 'hang-up-asked', at, callId, batchId: conversation.batchId })
}

/** Accepting takes the seat back from a race without an answer, or puts a live customer on hold first. */
function accept(desk: Desk, callId: string): void {
  const { state, at } = desk
  if (state.inbound?.callId !== callId || state.inbound.accepted) return
  if (state.conversation) {
    desk.add({ type: 'hold-asked', at, callId: state.conversation.callId, held: true, room: roomOf(state) })
    desk.add({ type: 'conversation-parked', at, callId: state.conversation.callId })
  } else if (state.lease) {
    desk.add({ type: 'seat-revoked', at, lease: state.lease, because: 'inbound-accepted' })
  }
  const transfer = transferOf(desk)
  desk.add({ type: 'inbound-accepted', at, callId, ...(transfer ? { ...transfer, room: roomOf(desk.state) } : {}) })
}

function decline(desk: Desk, callId: string): void {
  if (desk.state.inbound?.callId === callId)
    desk.add({ type: 'inbound-declined', at: desk.at, callId, ...transferOf(desk) })
}

function transferOf({ state }: Desk): { transferId: string } | null {
  const transferId = state.inbound?.transfer?.transferId
  return transferId === undefined ? null : { transferId }
}
