/** Which debts of a desk wait for each other. */
import { unreachable } from '../machine.ts'
import type { DeskEffect } from './state.ts'

/** Debts to one neighbour are performed in order, those to different neighbours side by side. */
export function laneOf(effect: DeskEffect): string {
  switch (effect.type) {
    case 'tell-holder':
      return effect.lease.for.id
    case 'answer-seat':
      return effect.asker.id
    case 'tell-leg':
    case 'open-single':
      return effect.batchId
    case 'ask-campaign':
    case 'save-outcome':
    case 'end-wrap-up':
      return effect.campaignId
    case 'hand-over':
    case 'take-back':
    case 'move-transfer':
    case 'leave-transfer':
      return effect.callId
    case 'tell-visit':
      return effect.of.id
    case 'move-line':
    case 'end-line':
      return 'line'
    case 'tell-book':
    case 'list-number':
    case 'ask-room':
    case 'check-room':
    case 'end-call':
    case 'answer-transfer':
      return effect.type
    case 'answer-offer':
      return effect.of.id
    case 'tell-queue':
      return effect.queueId
    default:
      return unreachable(effect)
  }
}
