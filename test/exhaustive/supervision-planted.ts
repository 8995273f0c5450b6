/** Rooms with one thing wrong about supervisors. Each must be found by the small worlds. */
import { room } from '../../src/core/room/room.ts'
import type { RoomEffect, RoomFact } from '../../src/core/room/state.ts'
import type { RoomMachine, SupervisionWorld } from './explore-supervision.ts'

const QUIET = { starts: 1, changes: 0, stops: 0, losses: 0, strikes: 0, lines: 0, holds: 0 }
/** The smallest first. */
export const SMALL_SUPERVISIONS: readonly SupervisionWorld[] = [
  { ...QUIET, modes: ['listen'] },
  { ...QUIET, modes: ['listen'], stops: 1, losses: 1 },
  { ...QUIET, modes: ['listen'], stops: 1, strikes: 1 },
  { ...QUIET, modes: ['whisper'], lines: 1 },
  { ...QUIET, modes: ['whisper'], holds: 2 },
  { ...QUIET, modes: ['listen', 'whisper', 'barge'], changes: 2 },
  { ...QUIET, modes: ['listen'], starts: 2 },
  { ...QUIET, modes: ['whisper', 'barge'], changes: 1, holds: 1 },
  { ...QUIET, modes: ['whisper'], lines: 1, holds: 1 },
]

type Of<T extends RoomEffect['type']> = Extract<RoomEffect, { type: T }>

function forgets(type: RoomFact['type'], when: (fact: RoomFact) => boolean = () => true): RoomMachine {
  return {
    ...room,
    decide: (state, input) => room.decide(state, input).filter(one => one.type !== type || !when(one)),
  }
}
function silent(effect: RoomEffect['type'], because: (fact: RoomFact) => boolean): RoomMachine {
  return {
    ...room,
    react: (fact, state) => room.react(fact, state).filter(one => one.type !== effect || !because(fact)),
  }
}
function does(change: (effect: Of<'supervise-participant'>) => Partial<Of<'supervise-participant'>>): RoomMachine {
  return {
    ...room,
    react: (fact, state) =>
      room.react(fact, state).map(one => (one.type === 'supervise-participant' ? { ...one, ...change(one) } : one)),
  }
}
const ended = (because: string) => (fact: RoomFact) => fact.type === 'supervision-ended' && fact.because === because

export const PLANTED_SUPERVISIONS: Record<string, RoomMachine> = {
  'a listener outlives the person': forgets('supervision-ended', ended('person-left')),
  'a listener outlives the agent': forgets('supervision-ended', ended('agent-left')),
  'a stop does not end the leg': silent('end-leg', ended('stopped')),
  'the end of the conversation does not end the leg': silent('end-leg', ended('person-left')),
  'a leg that hung up is believed to listen': forgets('supervision-ended', ended('left')),
  'a whisper is heard by everybody': does(({ mode }) => (mode === 'whisper' ? { coached: null } : {})),
  'a whisper goes to the person': does(({ mode }) => (mode === 'whisper' ? { coached: 'P' } : {})),
  'a listener is not muted': does(({ mode }) => (mode === 'listen' ? { mode: 'barge' } : {})),
  'another line of the agent is not whispered to': silent(
    'supervise-participant',
    fact => fact.type === 'participant-joined' || fact.type === 'participant-left',
  ),
  'a whisper is forgotten while the agent is on hold': silent(
    'supervise-participant',
    fact => fact.type === 'call-held',
  ),
  'a mode is never set at the carrier': silent(
    'supervise-participant',
    fact => fact.type === 'supervision-mode-wanted',
  ),
  'the mode of the start is never set': silent('supervise-participant', fact => fact.type === 'supervision-began'),
  'the carrier’s word about the mode is not kept': {
    ...room,
    evolve: (state, fact) => (fact.type === 'supervision-changed' ? state : room.evolve(state, fact)),
  },
  'one supervisor is there twice': forgets('supervision-ended', ended('replaced')),
  'a supervisor counts as an agent': {
    ...room,
    evolve: (state, fact) =>
      room.evolve(
        state,
        fact.type === 'participant-joined' && fact.role === 'listener' ? { ...fact, role: 'agent' } : fact,
      ),
  },
  'the end of a supervision ends the person’s leg': {
    ...room,
    react: (fact, state) =>
      room.react(fact, state).map(one => (one.type === 'end-leg' ? { ...one, providerId: 'P' } : one)),
  },
}
