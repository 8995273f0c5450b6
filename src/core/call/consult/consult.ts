/**
 * The part `consult` of a call: somebody's number that an agent asks first, before they hand a person over to it. Its leg stands in the room
 * that the person's call names, and that call hears where it is.
 */
import { type Repeat, repeat, tell, unreachable } from '../../machine.ts'
import { type FactOf, type InputOf, isOf, type Part } from '../../parts.ts'
import type { CallEffect, CallState, PartFact, PartInput } from '../state.ts'
import type { TransferEnd } from '../transfer/state.ts'

export interface Consult {
  /** the call of the person who is to be handed over */
  of: string
  /** where this leg belongs now */
  room: string
  /** it is in the agent's room, or was told to leave it; or in the room where the person will be */
  stage: 'coming' | 'in' | 'leaving' | 'home'
}
/** An agent asks this number about the person of call `of`, in this room. */
export interface ConsultOrder {
  of: string
  room: string
}
export type ConsultInput = { at: number } & (
  | ({ type: 'consult.ordered' } & ConsultOrder)
  | { type: 'consult.moved'; room: string }
  /** the carrier asks what this leg hears */
  | { type: 'consult.fetched' }
)
export type ConsultFact = { at: number } & (
  | { type: 'consult-ordered'; of: string; room: string }
  | { type: 'consult-moved'; room: string }
  /** the carrier takes it into its room at this moment */
  | { type: 'consult-arrived'; is: 'in' | 'home' }
)
export type ConsultEffect = Repeat<
  'neighbour',
  { type: 'tell-person'; of: string; is: 'in' | 'home' | 'gone'; because: Exclude<TransferEnd, 'moved'> }
>

export const consult: Part<'consult', CallState, Consult | null, PartInput, PartFact, CallEffect> = {
  initial: null,
  decide(making, input: InputOf<'consult', PartInput>) {
    const { at, state } = making
    const known = state.consult
    if (state.call.phase !== 'live') return
    switch (input.type) {
      case 'consult.ordered':
        return known === null ? making.add({ ...input, type: 'consult-ordered' }) : undefined
      case 'consult.moved':
        if (known?.stage === 'in') making.add({ type: 'consult-moved', at, room: input.room })
        return
      case 'consult.fetched':
        if (known?.stage === 'coming') making.add({ type: 'consult-arrived', at, is: 'in' })
        if (known?.stage === 'leaving') making.add({ type: 'consult-arrived', at, is: 'home' })
        return
      default:
        return unreachable(input)
    }
  },
  evolve(slice, fact) {
    if (!isOf('consult', fact)) return slice
    return evolveConsult(slice, fact)
  },
  react(fact, { consult: slice, call }) {
    if (slice === null) return []
    if (fact.type === 'consult-arrived')
      return [tell({ type: 'tell-person', of: slice.of, is: fact.is, because: 'not-there' })]
    if (fact.type === 'call-hungup')
      return [tell({ type: 'tell-person', of: slice.of, is: 'gone', because: becauseOf(fact) })]
    if (fact.type !== 'consult-moved' || call.phase !== 'live' || call.providerId === null) return []
    return [repeat('carrier', { type: 'redirect-call', providerId: call.providerId })]
  },
  deadline: () => null,
  about: { 'consult-ordered': 'self', 'consult-moved': ({ room }) => ({ room }), 'consult-arrived': 'self' },
}

function evolveConsult(slice: Consult | null, fact: FactOf<'consult', PartFact>): Consult | null {
  if (fact.type === 'consult-ordered') return { of: fact.of, room: fact.room, stage: 'coming' }
  if (slice === null) return null
  return fact.type === 'consult-moved' ? { ...slice, room: fact.room, stage: 'leaving' } : { ...slice, stage: fact.is }
}

/** Nobody has heard the target yet, or they have hung up. */
function becauseOf(fact: Extract<PartFact, { type: 'call-hungup' }>): Exclude<TransferEnd, 'moved'> {
  if (fact.held !== undefined) return 'not-cleared'
  switch (fact.reason) {
    case 'normal':
      return 'left'
    case 'busy':
    case 'cancel':
      return 'declined'
    case 'noanswer':
    case 'timeout':
    case 'dialout':
      return 'no-answer'
    case 'not-cleared':
      return 'not-cleared'
    default:
      return 'not-there'
  }
}
