/** What the world must do about a consultation and a visit: the carrier takes the line along, and the person's call hears where it is. */
import { repeat, tell, unreachable } from '../machine.ts'
import type { DeskEffect, DeskFactOf } from './state.ts'

type Visiting =
  | `visit-${'began' | 'joined' | 'over' | 'ended' | 'refused'}`
  | 'line-abandoned'
  | 'transfer-move-asked'
  | 'transfer-unattended'
export type VisitingFact = Extract<DeskFactOf, { type: Visiting }>

const VISITING: Record<Visiting, true> = {
  'visit-began': true,
  'visit-joined': true,
  'visit-over': true,
  'visit-ended': true,
  'visit-refused': true,
  'line-abandoned': true,
  'transfer-move-asked': true,
  'transfer-unattended': true,
}
export function isVisiting(fact: DeskFactOf): fact is VisitingFact {
  return fact.type in VISITING
}

export function visiting(fact: VisitingFact): DeskEffect[] {
  switch (fact.type) {
    case 'visit-began':
    case 'visit-over': {
      const to = fact.type === 'visit-began' ? 'away' : 'home'
      return [repeat('carrier', { type: 'move-line', providerId: fact.providerId, callId: fact.callId, to })]
    }
    case 'visit-joined':
      return [tell({ type: 'tell-visit', of: fact.of, callId: fact.callId, is: 'in', because: 'not-there' })]
    case 'visit-ended': {
      const is = fact.because === 'home' ? 'home' : 'gone'
      const because = fact.because === 'unmoved' ? 'failed' : 'not-there'
      return [tell({ type: 'tell-visit', of: fact.of, callId: fact.callId, is, because })]
    }
    case 'visit-refused':
      return [tell({ type: 'tell-visit', of: fact.of, callId: '', is: 'gone', because: 'not-there' })]
    case 'transfer-move-asked': {
      const { callId, transferId, move } = fact
      return [tell({ type: 'move-transfer', callId, transferId, move })]
    }
    case 'transfer-unattended':
      return [tell({ type: 'leave-transfer', callId: fact.callId, transferId: fact.transferId })]
    case 'line-abandoned':
      return [repeat('carrier', { type: 'end-line', providerId: fact.providerId })]
    default:
      return unreachable(fact)
  }
}
