/** Queues with one thing wrong. Each must be found by the small worlds. */
import { queue } from '../../src/core/queue/queue.ts'
import type { QueueEffect, QueueFact, QueueState } from '../../src/core/queue/state.ts'
import type { QueueMachine, QueueWorld } from './explore-queue.ts'

export const SMALL_QUEUES: readonly QueueWorld[] = [
  { callers: 1, desks: 1, declines: 1, losses: 0, breaks: 0, strikes: 1 },
  { callers: 1, desks: 1, declines: 0, losses: 1, breaks: 1, strikes: 0 },
  { callers: 2, desks: 1, declines: 0, losses: 0, breaks: 0, strikes: 0 },
  { callers: 1, desks: 2, declines: 0, losses: 0, breaks: 0, strikes: 1 },
]

type Fact<T extends QueueFact['type']> = Extract<QueueFact, { type: T }>

/** The fact is not made. */
function forgets(type: QueueFact['type'], when: (fact: QueueFact) => boolean = () => true): QueueMachine {
  return {
    ...queue,
    decide: (state, input) => queue.decide(state, input).filter(one => one.type !== type || !when(one)),
  }
}
/** The fact leaves something else behind. */
function evolves<T extends QueueFact['type']>(
  type: T,
  change: (before: QueueState, after: QueueState, fact: Fact<T>) => QueueState,
): QueueMachine {
  const evolve: QueueMachine['evolve'] = (state, fact) => {
    const after = queue.evolve(state, fact)
    return fact.type === type ? change(state, after, fact as Fact<T>) : after
  }
  return { ...queue, evolve }
}
/** Nobody is told. */
function silent(effect: QueueEffect['type'], because: (fact: QueueFact) => boolean): QueueMachine {
  return {
    ...queue,
    react: (fact, state) => queue.react(fact, state).filter(one => one.type !== effect || !because(fact)),
  }
}
const ended = (because: Fact<'offer-ended'>['because']) => (fact: QueueFact) =>
  fact.type === 'offer-ended' && fact.because === because

/** Every agent is as they were before the fact. */
const agentsAsBefore = (before: QueueState, after: QueueState) => ({ ...after, agents: before.agents })

export const PLANTED_QUEUES: Record<string, QueueMachine> = {
  'an agent who declined stays reserved': evolves('offer-ended', agentsAsBefore),
  'an offer that nobody took rings on at the desk': silent('end-offer', ended('no-answer')),
  'an agent rings for a caller who is gone': silent('end-offer', ended('caller-gone')),
  'an agent who let it ring is offered the next call at once': {
    ...queue,
    react: (fact, state) =>
      queue.react(fact, state).map(one => (one.type === 'end-offer' ? { ...one, pause: false } : one)),
    evolve: (state, fact) => {
      const after = queue.evolve(state, fact)
      return ended('no-answer')(fact) ? agentsAsBefore(state, after) : after
    },
  },
  'a caller whose agent has vanished stays alone in the room': forgets('caller-returned'),
  'a caller who came back does not hear that they wait': {
    ...queue,
    decide: (state, input) => {
      const back = input.type === 'offer.answered' && input.answer === 'left'
      return queue.decide(state, input).filter(one => !back || one.type !== 'place-said')
    },
  },
  'the end of a conversation is not told to the desk': silent('end-offer', fact => fact.type === 'conversation-over'),
  'an agent is still busy after a conversation': evolves('conversation-over', agentsAsBefore),
  'a caller who hung up while talking is forgotten': forgets(
    'conversation-over',
    fact => fact.type === 'conversation-over' && fact.by === 'caller',
  ),
  'a caller who hung up while waiting is forgotten': forgets('caller-left'),
  'an answer to an older offer counts': {
    ...queue,
    decide: (state, input) => {
      if (input.type !== 'offer.answered') return queue.decide(state, input)
      const stage = Object.values(state.entries).find(one => one.stage.is === 'offered')?.stage
      return queue.decide(state, stage?.is === 'offered' ? { ...input, offerId: stage.offerId } : input)
    },
  },
  'the newest caller is served first': {
    ...queue,
    decide: (state, input) => {
      const entries = Object.values(state.entries).map(
        one => [one.entryId, { ...one, seq: -one.seq, placeMs: 0 }] as const,
      )
      return queue.decide({ ...state, entries: Object.fromEntries(entries) }, input)
    },
  },
  'one agent is offered two callers': evolves('call-offered', agentsAsBefore),
  'who hung up within the short time counts twice': evolves('caller-left', (before, after) => ({
    ...after,
    figures: { ...after.figures, abandoned: before.figures.abandoned + 1 },
  })),
}
