/** Calls whose transfers have one thing wrong. Each must be found by the small worlds. */
import { call } from '../../src/core/call/call.ts'
import type { CallEffect, CallFact, CallState } from '../../src/core/call/state.ts'
import type { Transfer } from '../../src/core/call/transfer/state.ts'
import { roomAt, type TransferMachine, type TransferWorld } from './explore-transfer.ts'

const NONE = { transfers: 1, declines: 0, losses: 0, strikes: 0, takeBacks: 0, refusals: 0 }
export const SMALL_TRANSFERS: readonly TransferWorld[] = [
  { ...NONE, targets: ['desk'], declines: 1, losses: 1, strikes: 1, takeBacks: 1, refusals: 1 },
  { ...NONE, targets: ['number', 'queue'], declines: 1, strikes: 2, takeBacks: 1, refusals: 1 },
  { ...NONE, targets: ['desk'], transfers: 2, declines: 1 },
  { ...NONE, targets: ['desk'], transfers: 2, losses: 1 },
  { ...NONE, rings: true, targets: ['desk', 'number'], declines: 1, losses: 1, strikes: 1, refusals: 1 },
]

type Fact<T extends CallFact['type']> = Extract<CallFact, { type: T }>

function evolves<T extends CallFact['type']>(
  type: T,
  change: (after: Transfer, before: Transfer, fact: Fact<T>) => Transfer,
): TransferMachine {
  const evolve: TransferMachine['evolve'] = (state, fact) => {
    const after = call.evolve(state, fact)
    if (fact.type !== type || after.transfer === null) return after
    return { ...after, transfer: change(after.transfer, state.transfer ?? after.transfer, fact as Fact<T>) }
  }
  return { ...call, evolve }
}
function silent(effect: CallEffect['type'], when: (fact: CallFact) => boolean = () => true): TransferMachine {
  return { ...call, react: (fact, state) => call.react(fact, state).filter(one => one.type !== effect || !when(fact)) }
}
/** Another fact in the place of one. */
function decides(change: (fact: CallFact, state: CallState) => CallFact[]): TransferMachine {
  return { ...call, decide: (state, input) => call.decide(state, input).flatMap(fact => change(fact, state)) }
}

export const PLANTED_TRANSFERS: Record<string, TransferMachine> = {
  'the carrier is not told that the person goes elsewhere': silent('redirect-call'),
  'the colleague does not ring': silent('offer-person'),
  'nobody tells the agent who handed over': silent('tell-origin'),
  'the colleague is not told that the person is with them': silent('tell-taker'),
  'the phone of an agent who has picked up is not told to stop': silent('tell-picked-up'),
  'a caller who was picked up is asked for a message': {
    ...call,
    decide: (state, input) =>
      input.type === 'transfer.answered' && input.answer === 'accepted' && state.transfer === null
        ? []
        : call.decide(state, input),
  },
  'a caller is picked up who leaves a message already': {
    ...call,
    decide: (state, input) => {
      const { call: life } = state
      if (life.phase !== 'live' || input.type !== 'transfer.answered') return call.decide(state, input)
      const { voicemail: _forgotten, ...ringing } = life
      return call.decide({ ...state, call: ringing }, input)
    },
  },
  'an offer that is over rings on': silent('end-offer-of-person', fact => fact.type === 'transfer-offer-over'),
  'the seat is kept when the person hangs up': silent('end-offer-of-person', fact => fact.type === 'call-hungup'),
  'an unanswered offer is forgotten': {
    ...call,
    deadline: () => null,
    decide: (state, input) => (input.type === 'clock.struck' ? [] : call.decide(state, input)),
  },
  'the agent is told that the person has gone before they have': {
    ...call,
    react: (fact, state) => {
      const early: CallEffect[] = call.react(
        {
          type: 'transfer-moved',
          at: fact.at,
          transferId: state.transfer?.transferId ?? '',
          from: state.transfer?.origin.deskId ?? '',
          to: null,
        },
        state,
      )
      return fact.type === 'transfer-leaving' ? [...call.react(fact, state), ...early] : call.react(fact, state)
    },
  },
  'the person goes to a room whose agent has not said yes': decides((fact, state) => {
    if (fact.type !== 'transfer-offered' || fact.back) return [fact]
    const { at, transferId, deskId, offerId } = fact
    const place = { at: 'room' as const, room: roomAt('b'), deskId }
    const from = state.transfer?.origin.deskId ?? null
    return [
      {
        type: 'transfer-leaving',
        at,
        transferId,
        place,
        taker: { deskId, offerId },
        from,
        untilMs: at + 9_000,
        asking: false,
        personal: { number: null },
      },
    ]
  }),
  'a lost line of the colleague changes nothing': {
    ...call,
    decide: (state, input) =>
      input.type === 'transfer.answered' && input.answer === 'left' ? [] : call.decide(state, input),
  },
  'a number that nobody answers ends the call': {
    ...call,
    decide: (state, input) =>
      call.decide(state, input.type === 'transfer.dialed' ? { ...input, reached: true } : input),
  },
  'the music is not ended by anybody': decides(fact => (fact.type === 'transfer-offered' && fact.back ? [] : [fact])),
  'after a refused request to the carrier the person still goes': {
    ...call,
    decide: (state, input) => (input.type === 'delivery.given-up' ? [] : call.decide(state, input)),
    deadline: () => null,
  },
  'a person who comes back speaks to nobody': decides(fact =>
    fact.type === 'transfer-leaving' && fact.place.at === 'voicemail' ? [{ ...fact, place: { at: 'nobody' } }] : [fact],
  ),
  'the seat of the colleague is forgotten': evolves('transfer-moved', after => ({ ...after, seat: null })),
  'a take-back leaves the colleague ringing': decides(fact =>
    fact.type === 'transfer-offer-over' && fact.because === 'taken-back' ? [{ ...fact, told: true }] : [fact],
  ),
}
