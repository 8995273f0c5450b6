/** What each fact changes in a visit. */
import { unreachable } from '../machine.ts'
import type { DeskFactOf, DeskState } from './state.ts'

type VisitFact = Extract<DeskFactOf, { type: `visit-${'began' | 'joined' | 'phase-changed' | 'over' | 'ended'}` }>

const OF_VISIT: Record<VisitFact['type'], true> = {
  'visit-began': true,
  'visit-joined': true,
  'visit-phase-changed': true,
  'visit-over': true,
  'visit-ended': true,
}
export function isVisit(fact: DeskFactOf): fact is VisitFact {
  return fact.type in OF_VISIT
}

export function withVisit(state: DeskState, fact: VisitFact): DeskState {
  if (fact.type === 'visit-began') {
    const { of, room, untilMs, at: sinceMs } = fact
    const visit = { of, room, sinceMs, stage: 'going' as const, untilMs, phase: 'joining' as const }
    return { ...state, visit, presenceSinceMs: sinceMs }
  }
  const { visit } = state
  if (!visit) return state
  switch (fact.type) {
    case 'visit-joined':
      return { ...state, visit: { ...visit, stage: 'there', untilMs: null } }
    case 'visit-phase-changed':
      return { ...state, visit: { ...visit, phase: fact.phase } }
    case 'visit-over':
      return { ...state, visit: { ...visit, stage: 'returning', untilMs: fact.untilMs } }
    case 'visit-ended':
      return { ...state, visit: null, visitedMs: fact.at }
    default:
      return unreachable(fact)
  }
}
