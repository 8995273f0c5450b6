/** The part `ring` of a call: an agent is asked by the call itself. What their answer means for the flow decides the flow (`settle`). */
import { tell, unreachable } from '../../machine.ts'
import { type FactOf, type InputOf, isOf, type Making, type Part } from '../../parts.ts'
import type { CallEffect, CallState, PartFact, PartInput } from '../state.ts'
import type { Ring, RingEnd, RingFact } from './state.ts'

type Fact = FactOf<'ring', PartFact>
type Input = InputOf<'ring', PartInput>

export const ring: Part<'ring', CallState, Ring | null, PartInput, PartFact, CallEffect> = {
  initial: null,
  decide(making, input) {
    if (making.state.call.phase === 'live') decide(making, input)
  },
  strike(making) {
    const { call, ring: known } = making.state
    if (call.phase === 'live' && known !== null && isRinging(known) && making.at >= known.untilMs)
      over(making, known, 'no-answer', false)
  },
  settle(making) {
    const { call, ring: known } = making.state
    if (call.phase !== 'live' || known === null || known.stage === 'over' || isWanted(making.state, known)) return
    over(making, known, 'taken-back', false)
  },
  gaveUp(making, { effect }) {
    const { call, ring: known } = making.state
    const given: string = effect
    if (given === 'ring-agent' && call.phase === 'live' && known !== null && isRinging(known))
      over(making, known, 'unavailable', false)
  },
  evolve: (slice, fact) => (isOf('ring', fact) ? evolve(slice, fact) : slice),
  react: (fact, state) =>
    isOf('ring', fact) ? react(fact, state) : fact.type === 'call-hungup' ? callOver(state) : [],
  deadline: ({ call, ring: known }) =>
    call.phase === 'live' && known !== null && isRinging(known) ? known.untilMs : null,
  about: {
    'ring-began': ({ deskId }) => ({ desk: deskId }),
    'ring-heard': ({ deskId }) => ({ desk: deskId }),
    'ring-taken': ({ deskId }) => ({ desk: deskId }),
    'ring-over': ({ deskId }) => ({ desk: deskId }),
  },
}

function isRinging({ stage }: Ring): boolean {
  return stage === 'asked' || stage === 'rings'
}

/** The flow has not left the step that wants the agent. A call of the agent's own wants them until it is over. */
function isWanted({ flow }: CallState, { ask }: Ring): boolean {
  if (ask === null) return true
  if (flow?.phase !== 'running') return false
  const waits = flow.waiting?.for === 'outside' && flow.waiting.ask === ask
  return waits || flow.frames.some(frame => frame.ask === ask)
}

function decide(making: Making<CallState, Fact>, input: Input): void {
  const { at, state } = making
  const known = state.ring
  switch (input.type) {
    case 'ring.wanted': {
      const { ringId, deskId, ask, ringMs } = input
      const fresh = known === null || known.stage === 'over'
      const wanted = { ringId, deskId, ask, stage: 'asked' as const, untilMs: at + ringMs, room: '', because: null }
      // A repeat of an ask that was answered meanwhile rings nobody.
      if (!fresh || known?.ringId === ringId || !isWanted(state, wanted)) return
      return making.add({ type: 'ring-began', at, ringId, deskId, ask, untilMs: wanted.untilMs })
    }
    case 'ring.rang':
      if (known?.ringId === input.ringId && known.stage === 'asked')
        making.add({ type: 'ring-heard', at, ringId: known.ringId, deskId: known.deskId })
      return
    case 'ring.answered':
      return known?.ringId === input.ringId ? answered(making, known, input) : undefined
    default:
      return unreachable(input)
  }
}

function answered(
  making: Making<CallState, Fact>,
  known: Ring,
  { answer, room }: Extract<Input, { type: 'ring.answered' }>,
): void {
  const { ringId, deskId } = known
  switch (answer) {
    case 'accepted':
      return isRinging(known) ? making.add({ type: 'ring-taken', at: making.at, ringId, deskId, room }) : undefined
    case 'declined':
    case 'refused':
      return isRinging(known)
        ? over(making, known, answer === 'declined' ? 'declined' : 'unavailable', true)
        : undefined
    case 'left':
      if (isRinging(known)) return over(making, known, 'unavailable', false)
      // A program's call is a leg of its own, which goes on without the line.
      return known.stage === 'taken' && known.ask !== null ? over(making, known, 'lost', false) : undefined
    case 'done':
      return known.stage === 'taken' ? over(making, known, 'done', false) : undefined
    default:
      return unreachable(answer)
  }
}

function over(making: Making<CallState, Fact>, { ringId, deskId }: Ring, because: RingEnd, told: boolean): void {
  making.add({ type: 'ring-over', at: making.at, ringId, deskId, because, told })
}

function evolve(slice: Ring | null, fact: RingFact): Ring | null {
  if (fact.type === 'ring-began') {
    const { ringId, deskId, ask, untilMs } = fact
    return { ringId, deskId, ask, stage: 'asked', untilMs, room: '', because: null }
  }
  if (slice?.ringId !== fact.ringId) return slice
  switch (fact.type) {
    case 'ring-heard':
      return { ...slice, stage: 'rings' }
    case 'ring-taken':
      return { ...slice, stage: 'taken', room: fact.room }
    case 'ring-over':
      return { ...slice, stage: 'over', because: fact.because }
    default:
      return unreachable(fact)
  }
}

function react(fact: RingFact, { ring: known }: CallState): CallEffect[] {
  const { ringId, deskId } = fact
  const ofFlow = known?.ask != null
  switch (fact.type) {
    case 'ring-began':
      return [tell({ type: 'ring-agent', ringId, deskId })]
    case 'ring-heard':
      // The agent's own phone is called only when their desk rings.
      return ofFlow ? [] : [tell({ type: 'reserve-slot' })]
    case 'ring-taken':
      return ofFlow ? [tell({ type: 'name-agent', deskId })] : []
    case 'ring-over': {
      const ended: CallEffect[] = fact.told
        ? []
        : [tell({ type: 'end-ring', ringId, deskId, over: known?.room !== '' })]
      return ofFlow && known?.room !== '' ? [...ended, tell({ type: 'name-agent', deskId: null })] : ended
    }
    default:
      return unreachable(fact)
  }
}

function callOver({ ring: known }: CallState): CallEffect[] {
  if (known === null || known.stage === 'over') return []
  const { ringId, deskId } = known
  return [tell({ type: 'end-ring', ringId, deskId, over: true })]
}
