import { tell, unreachable } from '../machine.ts'
import type { OfferAnswer } from '../queue/state.ts'
import type { DeskEffect, DeskFactOf, DeskState } from './state.ts'
import type { Offered } from './view.ts'
import { isVisiting, type VisitingFact, visiting } from './visit-react.ts'

function askCampaigns({
  campaignId,
  word,
  lines,
  leaves,
}: Extract<DeskFactOf, { type: 'session-asked' }>): DeskEffect[] {
  const ask = tell({ type: 'ask-campaign' as const, campaignId, word, lines })
  return leaves === undefined ? [ask] : [tell({ type: 'ask-campaign', campaignId: leaves, word: 'stop', lines }), ask]
}

export function react(fact: DeskFactOf, state: DeskState): DeskEffect[] {
  if (isVisiting(fact)) return visiting(fact)
  switch (fact.type) {
    case 'session-asked':
      return askCampaigns(fact)
    case 'seat-granted': {
      const { lease, room, askId, asker } = fact
      return [tell({ type: 'answer-seat', asker, askId, lease, room, reason: null })]
    }
    case 'seat-refused': {
      const { asker, askId, reason } = fact
      return [tell({ type: 'answer-seat', asker, askId, lease: null, room: '', reason })]
    }
    case 'seat-revoked': {
      const { lease } = fact
      if (lease.for.kind === 'batch') return [tell({ type: 'tell-holder', lease, word: 'seat.left' })]
      return answerOffer(lease.for, 'left')
    }
    case 'availability-changed': {
      const { free, reason, queues } = fact
      const sinceMs = state.available?.sinceMs ?? fact.at
      return queues.map(queueId => tell({ type: 'tell-queue', queueId, free, sinceMs, reason }))
    }
    case 'offer-refused':
      return answerOffer(fact.of, 'refused', '', fact.reason)
    case 'seat-paused': {
      const word = fact.paused ? 'seat.paused' : 'seat.resumed'
      return [tell({ type: 'tell-holder', lease: fact.lease, word })]
    }
    case 'lane-skip-asked':
      return [tell({ type: 'tell-leg', batchId: fact.batchId, word: 'agent.skipped', callId: fact.callId })]
    case 'keep-asked':
      return [tell({ type: 'tell-leg', batchId: fact.batchId, word: 'agent.kept', callId: fact.callId })]
    case 'hang-up-asked':
      // The call of a person who was handed over ends by itself; a queue, or the call's flow, decides what comes after.
      if (fact.of !== undefined && fact.of.kind !== 'transfer') return answerOffer(fact.of, 'done')
      return fact.batchId === null
        ? [tell({ type: 'end-call', callId: fact.callId })]
        : [tell({ type: 'tell-leg', batchId: fact.batchId, word: 'agent.hung-up', callId: fact.callId })]
    case 'transfer-asked':
    case 'take-back-asked':
      return handOver(fact)
    case 'hold-asked':
    case 'arrival-asked-about':
      return askRoom(fact)
    case 'do-not-call-asked': {
      const { callId, contactId } = fact
      return [tell({ type: 'list-number', callId, contactId, number: fact.personal.number })]
    }
    case 'single-asked': {
      const [lane, ...rest] = fact.personal.lanes
      const others = rest.length > 0 ? { others: rest } : {}
      const { batchId, lease, room } = fact
      return lane ? [tell({ type: 'open-single', batchId, lease, room, lane, ...others })] : []
    }
    case 'outcome-saved': {
      const { type: _type, at: _at, personal, ...saved } = fact
      return [tell({ type: 'save-outcome', ...saved, ...personal })]
    }
    case 'contact-tried':
      return contactTried(fact)
    case 'wrap-up-ended':
      return fact.campaignId === null ? [] : [tell({ type: 'end-wrap-up', campaignId: fact.campaignId })]
    case 'inbound-accepted':
    case 'inbound-declined':
      return answerRing(fact)
    default:
      return nothing(fact)
  }
}

function askRoom(fact: Extract<DeskFactOf, { type: 'hold-asked' | 'arrival-asked-about' }>): DeskEffect[] {
  const { room, callId } = fact
  if (fact.type === 'arrival-asked-about') return [tell({ type: 'check-room', room })]
  return [tell({ type: 'ask-room', room, callId, held: fact.held })]
}

function contactTried(fact: Extract<DeskFactOf, { type: 'contact-tried' }>): DeskEffect[] {
  const { callId, contactId, status, outcome: result, at } = fact
  return [tell({ type: 'tell-book', callId, contactId, status, result, at })]
}

function handOver(fact: Extract<DeskFactOf, { type: 'transfer-asked' | 'take-back-asked' }>): DeskEffect[] {
  const { callId, transferId } = fact
  if (fact.type === 'take-back-asked') return [tell({ type: 'take-back', callId, transferId })]
  const { target, room, personal, ask } = fact
  const whole = target.to === 'number' ? { ...target, number: personal.number ?? '' } : target
  const asking = ask === undefined ? {} : { ask }
  return [tell({ type: 'hand-over', callId, transferId, target: whole, room, ...asking })]
}

function answerRing(fact: Extract<DeskFactOf, { type: 'inbound-accepted' | 'inbound-declined' }>): DeskEffect[] {
  const { callId, transferId, of } = fact
  if (transferId === undefined) return []
  const room = fact.type === 'inbound-accepted' ? (fact.room ?? '') : ''
  const answer = fact.type === 'inbound-accepted' ? 'accepted' : 'declined'
  if (of !== undefined) return answerOffer(of, answer, room)
  return [tell({ type: 'answer-transfer', callId, transferId, answer, room })]
}

function answerOffer(of: Offered, answer: OfferAnswer, room = '', reason: string | null = null): DeskEffect[] {
  return [tell({ type: 'answer-offer', of, answer, room, reason })]
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
  | 'arrival-asked-about'
  | 'transfer-asked'
  | 'take-back-asked'
  | 'do-not-call-asked'
  | 'single-asked'
  | 'contact-tried'
  | 'outcome-saved'
  | 'wrap-up-ended'
  | 'inbound-accepted'
  | 'inbound-declined'
  | 'availability-changed'
  | 'offer-refused'

/** Facts that only the screen and the log read. A new fact must be put here or above, or this does not compile. */
function nothing(fact: Exclude<DeskFactOf, { type: Effectful | VisitingFact['type'] }>): [] {
  switch (fact.type) {
    case 'phone-refused':
    case 'quality-changed':
    case 'quality-alerted':
    case 'seat-asked':
    case 'seat-ask-withdrawn':
    case 'guest-gone':
    case 'supervisor-shown':
    case 'desk-opened':
    case 'phone-changed':
    case 'line-opening':
    case 'line-opened':
    case 'line-away':
    case 'line-closed':
    case 'seat-returned':
    case 'session-changed':
    case 'round-shown':
    case 'lane-shown':
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
    case 'inbound-picked-up':
    case 'inbound-ended':
    case 'queue-joined':
    case 'queue-left':
    case 'offer-rang':
    case 'outcome-chosen':
    case 'transfer-over':
    case 'transfer-phase-changed':
    case 'visit-phase-changed':
    case 'presence-changed':
    case 'message-left':
    case 'agent-forced':
    case 'notice-read':
    case 'delivery-given-up':
      return []
    default:
      return unreachable(fact)
  }
}
