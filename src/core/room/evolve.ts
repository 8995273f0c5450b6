/** What each fact changes in a room. */
import { unreachable } from '../machine.ts'
import { missedAfter } from './check.ts'
import { callerOf, LEAVE_MS, PIN_MS, PIN_TRIES_MAX, TRIES_KEPT } from './conference.ts'
import { afterReport, withoutRunning } from './recording.ts'
import {
  type Conference,
  type ConferenceCaller,
  PARTICIPANTS_MAX,
  type Participant,
  type RoomFact,
  type RoomState,
} from './state.ts'
import { evolveSupervision } from './supervision.ts'

type Of<T extends RoomFact['type']> = Extract<RoomFact, { type: T }>

const HEARD: readonly RoomFact['type'][] = [
  'participant-joined',
  'participant-left',
  'conference-ended',
  'check-wanted',
]

export function evolve(state: RoomState, fact: RoomFact): RoomState {
  const { missed: _before, ...next } = changed(state, fact)
  const missed = missedAfter({ ...next, ...(state.missed ? { missed: state.missed } : {}) }, fact)
  const heard = HEARD.includes(fact.type) ? { heardMs: fact.at } : {}
  return { ...next, ...heard, ...(missed === null ? {} : { missed }) }
}

function changed(state: RoomState, fact: RoomFact): RoomState {
  switch (fact.type) {
    case 'room-named':
      return { ...state, room: fact.room, owner: fact.owner }
    case 'participant-joined':
      return joined(state, fact)
    case 'participant-left':
      // The leg may come back: a caller is given to the same agent once more.
      return without(state, fact.callId)
    case 'ended-early':
      return withGone(state, fact.carrierId)
    case 'participant-muted':
      return change(state, fact.callId, { muted: fact.muted })
    case 'call-held':
      return change(state, fact.callId, { held: fact.held })
    case 'hold-wanted':
      return { ...state, wanted: { ...state.wanted, [fact.callId]: fact.held } }
    case 'conference-ended': {
      const { conferenceId } = state.carrier
      const empty = { conferenceId: null, legs: {} }
      const ended = state.recordings === undefined ? {} : { recordings: withoutRunning(state.recordings) }
      return withGone({ ...state, carrier: empty, participants: [], wanted: {}, ...ended }, conferenceId)
    }
    case 'mute-wanted':
    case 'whisper-wanted':
    case 'check-wanted':
    case 'conference-recording-expected':
    case 'conference-recording-stop-wanted':
    case 'conference-transcript-moved':
    case 'conference-said':
    case 'conference-flow-started':
    case 'conference-flow-ended':
    case 'participant-removed':
    case 'supervision-late':
    case 'delivery-given-up':
      return state
    case 'conference-recording-reported':
      return { ...state, recordings: afterReport(state.recordings, fact) }
    case 'conference-configured':
    case 'conference-closed':
    case 'pin-wanted':
    case 'entry-refused':
    case 'caller-let-in':
    case 'caller-let-go':
      return { ...state, conference: conferenceAfter(state.conference, fact) }
    case 'caller-left': {
      const { conference } = state
      return conference === null ? state : { ...state, conference: withoutCaller(conference, fact.callId) }
    }
    case 'supervision-wanted':
    case 'supervision-answered':
    case 'supervision-began':
    case 'supervision-mode-wanted':
    case 'supervision-changed':
    case 'supervision-refused':
    case 'supervision-ended':
      return evolveSupervision(state, fact)
    default:
      return unreachable(fact)
  }
}

function joined(state: RoomState, fact: Of<'participant-joined'>): RoomState {
  const { callId, role, providerId, conferenceId, at, muted = false } = fact
  const others = state.participants.filter(one => one.callId !== callId)
  const carrier = { conferenceId, legs: { ...state.carrier.legs, [callId]: providerId } }
  return { ...state, carrier, participants: [...others, { callId, role, muted, held: false, joinedAt: at }] }
}

function without(state: RoomState, callId: string): RoomState {
  const participants = state.participants.filter(one => one.callId !== callId)
  const { [callId]: _leg, ...legs } = state.carrier.legs
  // A hold ends with the stay: whoever comes back is heard.
  const { [callId]: _held, ...wanted } = state.wanted
  const leg = state.carrier.legs[callId]
  const lately = leg === undefined ? (state.lately ?? []) : [...(state.lately ?? []), leg].slice(-PARTICIPANTS_MAX)
  return { ...state, participants, wanted, lately, carrier: { ...state.carrier, legs } }
}

function withGone(state: RoomState, carrierId: string | null): RoomState {
  return carrierId === null ? state : { ...state, gone: [...state.gone, carrierId].slice(-PARTICIPANTS_MAX) }
}

function change(state: RoomState, callId: string, patch: Partial<Participant>): RoomState {
  const participants = state.participants.map(one => (one.callId === callId ? { ...one, ...patch } : one))
  return { ...state, participants }
}

/** Deleted before its settings came: whoever is still on the way finds it closed. */
const NEVER_OPEN: Conference = {
  version: 0,
  settings: {
    waitsFor: 'nobody',
    participantsMax: 0,
    mutedOnEntry: false,
    announces: false,
    endsWithModerator: false,
    locked: true,
    needsPin: false,
  },
  closed: true,
  callers: {},
  tries: {},
}

function conferenceAfter(
  conference: Conference | null,
  fact: Of<
    'conference-configured' | 'conference-closed' | 'pin-wanted' | 'entry-refused' | 'caller-let-in' | 'caller-let-go'
  >,
): Conference | null {
  if (fact.type === 'conference-configured') {
    const { version, settings } = fact
    return { ...(conference ?? { closed: false, callers: {}, tries: {} }), version, settings }
  }
  if (conference === null) return fact.type === 'conference-closed' ? NEVER_OPEN : null
  switch (fact.type) {
    case 'conference-closed':
      return { ...conference, closed: true }
    case 'pin-wanted': {
      const { callId, ask, moderator, tries, at } = fact
      const counted = tries === 0 ? conference : withTries(conference, callId, tries)
      return withCaller(counted, callId, { ask, moderator, stage: 'pin', untilMs: at + PIN_MS })
    }
    case 'entry-refused': {
      const rest = withoutCaller(conference, fact.callId)
      return fact.because === 'pin-refused' ? withTries(rest, fact.callId, PIN_TRIES_MAX) : rest
    }
    case 'caller-let-in': {
      const { callId, ask, moderator } = fact
      return withCaller(conference, callId, { ask, moderator, stage: 'in', untilMs: null })
    }
    case 'caller-let-go': {
      const known = callerOf(conference, fact.callId)
      if (known === null) return conference
      return withCaller(conference, fact.callId, { ...known, stage: 'leaving', untilMs: fact.at + LEAVE_MS })
    }
    default:
      return unreachable(fact)
  }
}

/** The oldest are forgotten. */
function withTries(conference: Conference, callId: string, tries: number): Conference {
  const { [callId]: _before, ...others } = conference.tries
  const kept = Object.entries(others).slice(-TRIES_KEPT + 1)
  return { ...conference, tries: { ...Object.fromEntries(kept), [callId]: tries } }
}

function withCaller(conference: Conference, callId: string, caller: ConferenceCaller): Conference {
  return { ...conference, callers: { ...conference.callers, [callId]: caller } }
}

function withoutCaller(conference: Conference, callId: string): Conference {
  const { [callId]: _caller, ...callers } = conference.callers
  return { ...conference, callers }
}
