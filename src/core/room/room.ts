/**
 * The room knows who is in one conference and who is on hold. It gets every conference callback; its owner reads its facts
 * by feed: that the line is open, that a customer is in, that a hold took effect.
 */
import type { RecordedMachine } from '../about.ts'
import { isSupervision } from '../ids.ts'
import { earliest, givenUp, unreachable } from '../machine.ts'
import { roomAbout } from './about.ts'
import { checkDue, isStale, watchOf, wordsOf } from './check.ts'
import { companyCame, isUnheard } from './company.ts'
import {
  conferenceDeadline,
  configured,
  decideConference,
  entered,
  gone,
  overdue,
  timedOut,
  uninvited,
} from './conference.ts'
import { evolve } from './evolve.ts'
import { isGone, ofLeg } from './legs.ts'
import { react } from './react.ts'
import { decideRecording, expectedAtEnd, expectedWith, isRecordingInput } from './recording.ts'
import {
  PARTICIPANTS_MAX,
  type Participant,
  type RoomEffect,
  type RoomFact,
  type RoomInput,
  type RoomState,
} from './state.ts'
import {
  decideSupervision,
  superviseJoined,
  supervisionDeadline,
  supervisionOf,
  supervisionsOver,
} from './supervision.ts'
import { upcastRoom } from './upcast.ts'

export const room: RecordedMachine<RoomState, RoomInput, RoomFact, RoomEffect> = {
  name: 'room',
  version: 4,
  initial: {
    room: '',
    owner: null,
    participants: [],
    carrier: { conferenceId: null, legs: {} },
    gone: [],
    wanted: {},
    conference: null,
    supervisions: [],
  },
  decide,
  evolve,
  react,
  deadline: state => earliest([conferenceDeadline(state), supervisionDeadline(state), watchOf(state)]),
  upcast: upcastRoom,
  about: roomAbout,
}

function decide(state: RoomState, input: RoomInput): RoomFact[] {
  const facts = dispatch(state, input)
  return state.supervisions.length === 0
    ? facts
    : [...facts, ...supervisionsOver(facts.reduce(evolve, state), input.at)]
}

function dispatch(state: RoomState, input: RoomInput): RoomFact[] {
  if (isRecordingInput(input)) return decideRecording(state, input)
  const { at } = input
  switch (input.type) {
    case 'room.named':
      return state.room === '' ? [{ type: 'room-named', at, room: input.room, owner: input.owner }] : []
    case 'participant.joined':
      return joined(state, input)
    case 'participant.left': {
      const { conferenceId = state.carrier.conferenceId } = input
      // With the conference everybody has left.
      if (input.conferenceId !== undefined && isGone(state, input.conferenceId)) return []
      // A late word of an earlier conference about a leg that is back already.
      if (conferenceId !== state.carrier.conferenceId && ofLeg(state, input.providerId) !== null) return []
      const one = conferenceId === state.carrier.conferenceId ? ofLeg(state, input.providerId) : null
      if (one === null) return state.lately?.includes(input.providerId) ? [] : endedEarly(state, at, input.providerId)
      return [left(one, state, at), ...gone(state, one.callId, at)]
    }
    case 'participant.held':
      return held(state, input)
    case 'participant.muted': {
      const one = ofLeg(state, input.providerId)
      if (!one || one.muted === input.muted) return []
      return [{ type: 'participant-muted', at, callId: one.callId, muted: input.muted }]
    }
    case 'conference.ended':
      return state.carrier.conferenceId === input.conferenceId
        ? end(state, at)
        : endedEarly(state, at, input.conferenceId)
    case 'hold.wanted':
      return [{ type: 'hold-wanted', at, callId: input.callId, held: input.held }]
    case 'mute.wanted':
      return isIn(state, input.callId) ? [{ type: 'mute-wanted', at, callId: input.callId, muted: input.muted }] : []
    case 'whisper.wanted':
      return state.participants.some(one => one.role === 'agent')
        ? [{ type: 'whisper-wanted', at, callId: input.callId }]
        : []
    case 'conference.configured':
    case 'conference.closed':
    case 'conference.emptied':
    case 'caller.left':
    case 'caller.kicked':
      return decideConference(state, input)
    case 'caller.entered': {
      const news = configured(state, input)
      return [...news, ...entered(news.reduce(evolve, state), input)]
    }
    case 'supervision.wanted':
    case 'supervision.answered':
    case 'supervision.mode-wanted':
    case 'supervision.stopped':
    case 'supervision.set':
    case 'supervision.refused':
      return decideSupervision(state, input)
    case 'check.wanted':
      return [{ type: 'check-wanted', at }]
    case 'room.listed':
      if (isStale(state, input)) return [{ type: 'check-wanted', at }]
      return each(state, wordsOf(state, input), dispatch)
    case 'clock.struck':
      return [...each(state, overdue(state, at), (now, callId) => timedOut(now, callId, at)), ...checkDue(state, at)]
    case 'delivery.given-up':
      return [givenUp(input)]
    default:
      return unreachable(input)
  }
}

function joined(state: RoomState, input: Extract<RoomInput, { type: 'participant.joined' }>): RoomFact[] {
  const { at, callId, role, providerId, conferenceId, muted } = input
  const { conference, carrier, participants } = state
  const strange = uninvited(state, callId)
  // In a conference by name a leg that was let in again comes back, with the id that it had.
  const back = conference !== null && !strange
  const over = isGone(state, conferenceId) || (!back && isGone(state, providerId))
  // A line that was on a visit comes back into a new conference, before the end of the old one is told.
  const known = ofLeg(state, providerId) !== null && carrier.conferenceId === conferenceId
  const full = participants.length >= PARTICIPANTS_MAX && conference === null
  if (full || over || known) return []
  const heard = muted === undefined ? {} : { muted }
  const fact: RoomFact = { type: 'participant-joined', at, callId, role, providerId, conferenceId, ...heard }
  if (isSupervision(callId)) {
    if (supervisionOf(state, callId) === null)
      return [{ type: 'supervision-late', at, supervisionId: callId, providerId }]
    return [fact, ...superviseJoined(state, callId, at)]
  }
  if (strange) return [fact, { type: 'participant-removed', at, callId, providerId }]
  const expected = expectedWith(state, conferenceId, at)
  return isUnheard(role) ? [fact] : [fact, ...expected, ...companyCame(state, callId, at)]
}

function held(state: RoomState, input: Extract<RoomInput, { type: 'participant.held' }>): RoomFact[] {
  const one = ofLeg(state, input.providerId)
  if (one === null || one.held === input.held) return []
  const { at } = input
  const fact: RoomFact = { type: 'call-held', at, callId: one.callId, held: input.held }
  return input.held || isUnheard(one.role) ? [fact] : [fact, ...companyCame(state, one.callId, at)]
}

function isIn(state: RoomState, callId: string): boolean {
  return state.participants.some(one => one.callId === callId)
}

function left({ callId, role }: Participant, state: RoomState, at: number): RoomFact {
  return { type: 'participant-left', at, callId, role, providerId: state.carrier.legs[callId] ?? '' }
}

function endedEarly(state: RoomState, at: number, carrierId: string): RoomFact[] {
  return isGone(state, carrierId) ? [] : [{ type: 'ended-early', at, carrierId }]
}

/** Everybody who was still in has left; their own callbacks may come later or never. */
function end(state: RoomState, at: number): RoomFact[] {
  const out = each(state, state.participants, (now, one) => [left(one, now, at), ...gone(now, one.callId, at)])
  return [...out, ...expectedAtEnd(state, at), { type: 'conference-ended', at }]
}

/** One after another, each in the state that those before have left: the last moderator is only known so. */
function each<T>(state: RoomState, all: readonly T[], decideOne: (now: RoomState, one: T) => RoomFact[]): RoomFact[] {
  let now = state
  return all.flatMap(one => {
    const facts = decideOne(now, one)
    now = facts.reduce(evolve, now)
    return facts
  })
}
