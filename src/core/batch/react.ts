import { tell, unreachable } from '../machine.ts'
import { type BatchEffect, type BatchFact, type BatchState, isPool, type Leg, legOf } from './state.ts'

export function react(fact: BatchFact, state: BatchState): BatchEffect[] {
  const deskId = isPool(state) ? deskToTell(fact, state) : null
  return [...acts(fact, state), ...(deskId === null ? [] : [tell({ type: 'tell-desk' as const, deskId, fact })])]
}

/** The desk that this fact of a pool is for. */
function deskToTell(fact: BatchFact, state: BatchState): string | null {
  switch (fact.type) {
    case 'leg-held':
    case 'race-won':
    case 'seat-returned':
      return fact.deskId
    case 'leg-judged':
    case 'leg-dismissed':
    case 'leg-ended':
      return legOf(state, fact.legId)?.deskId ?? null
    default:
      return null
  }
}

function acts(fact: BatchFact, state: BatchState): BatchEffect[] {
  switch (fact.type) {
    case 'leg-joined':
      return [tell({ type: 'place-leg', legId: fact.legId })]
    case 'leg-held':
      return [tell({ type: 'tell-call', legId: fact.legId, providerId: fact.providerId })]
    case 'leg-released':
      return [tell({ type: 'cancel-leg', legId: fact.legId })]
    case 'leg-dismissed':
      return [dismissal(fact)]
    case 'leg-looked-after':
      return [tell({ type: look(fact.again, legOf(state, fact.legId)), legId: fact.legId })]
    // The desk reads our facts in order: it hears of a conversation before it hears that the seat is back.
    case 'seat-returned':
    case 'seat-spoke-early':
    case 'batch-opened':
    case 'seat-joined':
    case 'seat-paused':
    case 'seat-resumed':
    case 'seat-withdrawn':
    case 'leg-placed':
    case 'leg-rang':
    case 'leg-judged':
    case 'race-won':
    case 'leg-ended':
    case 'leg-forgotten':
    case 'batch-closing':
    case 'batch-closed':
    case 'delivery-given-up':
      return []
    default:
      return unreachable(fact)
  }
}

function dismissal(fact: Extract<BatchFact, { type: 'leg-dismissed' }>): BatchEffect {
  const { legId, providerId, because } = fact
  // The answer webhook of this call is open, and its reply carries the instruction.
  if (providerId !== null) return tell({ type: 'tell-call', legId, providerId })
  return tell({ type: because === 'agent-hung-up' ? 'complete-leg' : 'redirect-leg', legId })
}

/** The effect that the watchdog chooses. It completes only a leg with a verdict, and only after that had time to end by itself. */
function look(again: boolean, leg: Leg | null): 'cancel-leg' | 'complete-leg' | 'check-leg' {
  if (!again && leg?.phase === 'released') return 'cancel-leg'
  if (!again && leg?.phase === 'dismissed') return 'complete-leg'
  return 'check-leg'
}
