import type { CallInput } from '../call/state.ts'
import type { LegEffect } from './state.ts'

/** Translates an effect of the race into the input of the leg's own call. */
export function wordTo(effect: Exclude<LegEffect, { type: 'place-leg' }>, at: number): CallInput {
  switch (effect.type) {
    case 'cancel-leg':
      return { type: 'call.cancel-wanted', at }
    case 'complete-leg':
      return { type: 'call.complete-wanted', at }
    case 'redirect-leg':
      return { type: 'call.redirect-wanted', at }
    case 'check-leg':
      return { type: 'call.check-wanted', at }
    case 'tell-call':
      return { type: 'call.answer-seen', at, providerId: effect.providerId }
  }
}
