/** Conferences with one thing wrong. Each must be found by the small worlds. */
import { room } from '../../src/core/room/room.ts'
import type { RoomEffect, RoomFact, RoomInput, RoomState } from '../../src/core/room/state.ts'
import type { ConferenceWorld, RoomMachine } from './explore-conference.ts'

const QUIET = { kicks: 0, closes: 0, empties: 0, losses: 0, strikes: 0, returns: 0 }
/** The smallest first. */
export const SMALL_CONFERENCES: readonly ConferenceWorld[] = [
  { ...QUIET, callers: [null], settings: { locked: true }, returns: 1 },
  { ...QUIET, callers: ['wrong'], settings: { needsPin: true }, strikes: 1, returns: 1 },
  { ...QUIET, callers: [null, null], settings: { participantsMax: 1 }, returns: 1 },
  { ...QUIET, callers: ['moderator', 'right'], settings: { needsPin: true, endsWithModerator: true }, losses: 1 },
  { ...QUIET, callers: ['right', 'wrong'], settings: { needsPin: true }, closes: 1 },
  { ...QUIET, callers: [null], kicks: 1, closes: 1, losses: 1, strikes: 1, returns: 1 },
  { ...QUIET, callers: ['moderator', 'right'], settings: { needsPin: true, endsWithModerator: true }, kicks: 1 },
  { ...QUIET, callers: [null, null], kicks: 1, returns: 1 },
  { ...QUIET, callers: [null, null], empties: 1, returns: 1 },
  { ...QUIET, callers: [null, null], kicks: 1, closes: 1 },
  { ...QUIET, callers: [null, null], kicks: 1, strikes: 1, losses: 1 },
  { ...QUIET, callers: ['right', 'wrong'], settings: { needsPin: true }, empties: 1 },
  { ...QUIET, callers: ['right'], settings: { needsPin: true }, kicks: 1 },
]

type Fact<T extends RoomFact['type']> = Extract<RoomFact, { type: T }>

/** The fact is not made. */
function forgets(type: RoomFact['type'], when: (input: RoomInput) => boolean = () => true): RoomMachine {
  return {
    ...room,
    decide: (state, input) => room.decide(state, input).filter(one => one.type !== type || !when(input)),
  }
}
/** The fact leaves something else behind. */
function evolves<T extends RoomFact['type']>(
  type: T,
  change: (before: RoomState, after: RoomState, fact: Fact<T>) => RoomState,
): RoomMachine {
  const evolve: RoomMachine['evolve'] = (state, fact) => {
    const after = room.evolve(state, fact)
    return fact.type === type ? change(state, after, fact as Fact<T>) : after
  }
  return { ...room, evolve }
}
/** Nobody is told. */
function silent(effect: RoomEffect['type'], because: RoomFact['type']): RoomMachine {
  return {
    ...room,
    react: (fact, state) => room.react(fact, state).filter(one => one.type !== effect || fact.type !== because),
  }
}
/** Decides as if the input, or the state, said something else. */
function misreads(seen: (state: RoomState, input: RoomInput) => [RoomState, RoomInput]): RoomMachine {
  return { ...room, decide: (state, input) => room.decide(...seen(state, input)) }
}
function withSettings(state: RoomState, change: object): RoomState {
  const { conference } = state
  return conference === null
    ? state
    : { ...state, conference: { ...conference, settings: { ...conference.settings, ...change } } }
}
const asBefore = (before: RoomState) => before

export const PLANTED_CONFERENCES: Record<string, RoomMachine> = {
  'a wrong PIN opens': misreads((state, input) =>
    input.type === 'caller.entered' && input.pin === 'wrong'
      ? [state, { ...input, pin: 'participant' }]
      : [state, input],
  ),
  'wrong tries are not counted': evolves('pin-wanted', (_, after) => {
    const { conference } = after
    return conference === null ? after : { ...after, conference: { ...conference, tries: {} } }
  }),
  'who was refused is not told': silent('answer-caller', 'entry-refused'),
  'who is asked for the PIN is not told': silent('answer-caller', 'pin-wanted'),
  'who was let in is not told': silent('answer-caller', 'caller-let-in'),
  'who is taken out is not told': silent('answer-caller', 'caller-let-go'),
  'the number of people has no limit': misreads((state, input) =>
    input.type === 'caller.entered'
      ? [withSettings(state, { participantsMax: 9 }), { ...input, settings: { ...input.settings, participantsMax: 9 } }]
      : [state, input],
  ),
  'a lock locks nobody out': misreads((state, input) =>
    input.type === 'caller.entered'
      ? [withSettings(state, { locked: false }), { ...input, settings: { ...input.settings, locked: false } }]
      : [state, input],
  ),
  'the end takes nobody along': forgets('caller-let-go', input => input.type === 'conference.closed'),
  'everybody is let go, and nobody goes': forgets('caller-let-go', input => input.type === 'conference.emptied'),
  'who keys a PIN is forgotten when it ends': {
    ...room,
    decide: (state, input) =>
      room
        .decide(state, input)
        .filter(fact => fact.type !== 'caller-let-go' || state.conference?.callers[fact.callId]?.stage !== 'pin'),
  },
  'a conference that is over lets people in': evolves('conference-closed', asBefore),
  'the moderator leaves alone': forgets(
    'caller-let-go',
    input => !['conference.closed', 'conference.emptied', 'caller.kicked'].includes(input.type),
  ),
  'a caller who hung up is forgotten': forgets('caller-left', input => input.type === 'caller.left'),
  'a late word of the carrier ends the next stay': {
    ...room,
    decide: (state, input) => {
      const facts = room.decide(state, input)
      const out = facts.find(one => one.type === 'participant-left')
      return out === undefined ? facts : [...facts, { type: 'caller-left', at: input.at, callId: out.callId }]
    },
  },
  'the settings are set by every caller': misreads((state, input) =>
    input.type === 'caller.entered'
      ? [state, { ...input, version: input.version + (state.conference?.version ?? 0) }]
      : [state, input],
  ),
  'an answer is for the step before': {
    ...room,
    react: (fact, state) =>
      room.react(fact, state).map(one => (one.type === 'answer-caller' ? { ...one, ask: one.ask - 1 } : one)),
  },
}
