import { tell, unreachable } from '../machine.ts'
import type { QueueEffect, QueueFact, QueueState } from './state.ts'

export function react(fact: QueueFact, state: QueueState): QueueEffect[] {
  switch (fact.type) {
    case 'queue-staffed':
      return [tell({ type: 'tell-members', deskIds: fact.members.map(({ deskId }) => deskId), joined: true })]
    case 'queue-closed':
      return [tell({ type: 'tell-members', deskIds: Object.keys(state.agents), joined: false })]
    case 'caller-refused': {
      const result = fact.because === 'full' ? 'full' : 'unavailable'
      return [tell({ type: 'let-go', callId: fact.callId, ask: fact.ask, result })]
    }
    case 'place-said': {
      const { callId, ask, place, waitMs } = fact
      return [tell({ type: 'keep-waiting', callId, ask, place, waitMs })]
    }
    case 'call-offered': {
      const { deskId, offerId, entryId } = fact
      return [tell({ type: 'offer-call', deskId, offerId, entryId, wrapUpMs: state.settings?.wrapUpMs ?? 0 })]
    }
    case 'offer-ended': {
      const { because, deskId, offerId, callId } = fact
      // The desk knows of its own answers.
      if (because === 'declined' || because === 'refused') return []
      const pause = because === 'no-answer' && (state.settings?.pauseUnanswered ?? false)
      return [tell({ type: 'end-offer', deskId, offerId, callId, pause })]
    }
    case 'callback-kept': {
      const { entryId, callId, personal, at } = fact
      return [tell({ type: 'file-callback', entryId, callId, number: personal?.from ?? '', at })]
    }
    case 'callback-dialed':
      return [tell({ type: 'call-back', callId: fact.callId, entryId: fact.entryId })]
    case 'callback-missed':
      return [
        tell({ type: 'end-callback', callId: fact.callId }),
        tell({ type: 'end-offer', deskId: fact.deskId, offerId: fact.offerId, callId: fact.callId, pause: false }),
      ]
    case 'caller-connected': {
      const { callId, ask, deskId, room } = fact
      const connect = tell({ type: 'connect-caller', callId, ask, deskId, room })
      if (state.entries[fact.entryId]?.kind !== 'callback') return [connect]
      return [connect, tell({ type: 'close-callback', entryId: fact.entryId })]
    }
    case 'conversation-over': {
      const { deskId, offerId, callId, by } = fact
      const over = tell({ type: 'end-offer', deskId, offerId, callId, pause: false })
      return by === 'agent' ? [over, tell({ type: 'let-go', callId, ask: fact.ask, result: 'served' })] : [over]
    }
    case 'caller-returned': {
      const { deskId, offerId, callId } = fact
      return [tell({ type: 'end-offer', deskId, offerId, callId, pause: false })]
    }
    case 'caller-left': {
      const { callId, ask, because } = fact
      if (callId === null || because === 'abandoned') return []
      return [tell({ type: 'let-go', callId, ask, result: because === 'closed' ? 'unavailable' : because })]
    }
    case 'caller-asked-about':
      return [tell({ type: 'check-caller', entryId: fact.entryId, callId: fact.callId })]
    case 'queue-configured':
    case 'caller-queued':
    case 'callback-due':
    case 'refusal-lapsed':
    case 'agent-changed':
    case 'delivery-given-up':
      return []
    default:
      return unreachable(fact)
  }
}
