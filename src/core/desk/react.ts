import { tell, unreachable } from '../machine.ts'
import type { DeskEffect, DeskFactOf } from './state.ts'

export function react(fact: DeskFactOf): DeskEffect[] {
  switch (fact.type) {
    case 'session-asked':
      return [tell({ type: 'ask-campaign', campaignId: fact.campaignId, word: fact.word, lines: fact.lines })]
    case 'seat-granted': {
      const { lease, room, askId, asker } = fact
      return [tell({ type: 'answer-seat', asker, askId, lease, room, reason: null })]
    }
    case 'seat-refused': {
      const { asker, askId, reason } = fact
      return [tell({ type: 'answer-seat', asker, askId, lease: null, room: '', reason })]
    }
    case 'seat-revoked':
      return [tell({ type: 'tell-holder', lease: fact.lease, word: 'seat.left' })]
    case 'seat-paused': {
      const word = fact.paused ? 'seat.paused' : 'seat.resumed'
      return [tell({ type: 'tell-holder', lease: fact.lease, word })]
    }
    case 'lane-skip-asked':
      return [tell({ type: 'tell-leg', batchId: fact.batchId, word: 'agent.skipped', callId: fact.callId })]
    case 'keep-asked':
      return [tell({ type: 'tell-leg', batchId: fact.batchId, word: 'agent.kept', callId: fact.callId })]
    case 'hang-up-asked':
      return fact.batchId === null
        ? [tell({ type: 'end-call', callId: fact.callId })]
        : [tell({ type: 'tell-leg', batchId: fact.batchId, word: 'agent.hung-up', callId: fact.callId })]
    case 'hold-asked':
      return [tell({ type: 'ask-room', room: fact.room, callId: fact.callId, held: fact.held })]
    case 'single-asked': {
      const [lane, ...rest] = fact.personal.lanes
      const others = rest.length > 0 ? { others: rest } : {}
      const { batchId, lease, room } = fact
      return lane ? [tell({ type: 'open-single', batchId, lease, room, lane, ...others })] : []
    }
    case 'outcome-saved': {
      const { campaignId, callId, contactId, outcomeId } = fact
      return [tell({ type: 'save-outcome', campaignId, callId, contactId, outcomeId, note: fact.personal.note })]
    }
    case 'contact-tried': {
      const { callId, contactId, status, outcome: result, at } = fact
      return [tell({ type: 'tell-book', callId, contactId, status, result, at })]
    }
    case 'wrap-up-ended':
      return fact.campaignId === null ? [] : [tell({ type: 'end-wrap-up', campaignId: fact.campaignId })]
    case 'inbound-accepted':
    case 'inbound-declined': {
      const { callId, transferId } = fact
      if (transferId === undefined) return []
      const room = fact.type === 'inbound-accepted' ? (fact.room ?? '') : ''
      const answer = fact.type === 'inbound-accepted' ? 'accepted' : 'declined'
      return [tell({ type: 'answer-transfer', callId, transferId, answer, room })]
    }
    default:
      return nothing(fact)
  }
}

type Effectful =
  | 'session-asked'
  | 'seat-granted'
  | 'seat-refused'
  | 'seat-revoked'
  | 'seat-paused'
  | 'lane-skip-asked'
  | 'keep-asked'
  | 'hang-up-asked'
  | 'hold-asked'
  | 'single-asked'
  | 'contact-tried'
  | 'outcome-saved'
  | 'wrap-up-ended'
  | 'inbound-accepted'
  | 'inbound-declined'

/** Facts that only the screen and the log read. A new fact must be put here or above, or this does not compile. */
function nothing(fact: Exclude<DeskFactOf, { type: Effectful }>): [] {
  switch (fact.type) {
    case 'phone-refused':
    case 'quality-changed':
    case 'quality-alerted':
    case 'seat-asked':
    case 'seat-ask-withdrawn':
    case 'guest-gone':
    case 'desk-opened':
    case 'phone-changed':
    case 'line-opening':
    case 'line-opened':
    case 'line-away':
    case 'line-closed':
    case 'seat-returned':
    case 'session-changed':
    case 'round-shown':
    case 'lane-changed':
    case 'conversation-started':
    case 'conversation-won':
    case 'conversation-held':
    case 'conversation-heard':
    case 'conversation-parked':
    case 'conversation-resumed':
    case 'conversation-ended':
    case 'mute-changed':
    case 'wrap-up-started':
    case 'wrap-up-held':
    case 'wrap-up-resumed':
    case 'note-saved':
    case 'inbound-rang':
    case 'inbound-ended':
    case 'presence-changed':
    case 'delivery-given-up':
      return []
    default:
      return unreachable(fact)
  }
}
