/**
 * The room knows who is in one conference and who is on hold. It gets every conference callback; its owner reads its facts
 * by feed: that the line is open, that a customer is in, that a hold took effect.
 */
import type { RecordedMachine } from '../about.ts'
import { givenUp, once, repeat, unreachable } from '../machine.ts'
import { roomAbout } from './about.ts'
import {
  PARTICIPANTS_MAX,
  type Participant,
  type RoomEffect,
  type RoomFact,
  type RoomInput,
  type RoomState,
} from './state.ts'
import { upcastRoom } from './upcast.ts'

export const room: RecordedMachine<RoomState, RoomInput, RoomFact, RoomEffect> = {
  name: 'room',
  version: 2,
  initial: {
    room: '',
    owner: null,
    participants: [],
    carrier: { conferenceId: null, legs: {} },
    gone: [],
    wanted: {},
  },
  decide,
  evolve,
  react,
  deadline: () => null,
  upcast: upcastRoom,
  about: roomAbout,
}

function decide(state: RoomState, input: RoomInput): RoomFact[] {
  const { at } = input
  switch (input.type) {
    case 'room.named':
      return state.room === '' ? [{ type: 'room-named', at, room: input.room, owner: input.owner }] : []
    case 'participant.joined': {
      const { callId, role, providerId, conferenceId } = input
      const full = state.participants.length >= PARTICIPANTS_MAX
      if (full || isGone(state, providerId, conferenceId) || ofLeg(state, providerId)) return []
      return [{ type: 'participant-joined', at, callId, role, providerId, conferenceId }]
    }
    case 'participant.left': {
      const one = ofLeg(state, input.providerId)
      return one ? [left(one, state, at)] : endedEarly(state, at, input.providerId)
    }
    case 'participant.held': {
      const one = ofLeg(state, input.providerId)
      return one && one.held !== input.held ? [{ type: 'call-held', at, callId: one.callId, held: input.held }] : []
    }
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
    case 'whisper.wanted':
      return agentIn(state) ? [{ type: 'whisper-wanted', at, callId: input.callId }] : []
    case 'clock.struck':
      return []
    case 'delivery.given-up':
      return [givenUp(input)]
    default:
      return unreachable(input)
  }
}

/** The participant whose leg this is now; null when it is no participant's leg, or one that a participant had before. */
function ofLeg(state: RoomState, providerId: string): Participant | null {
  return state.participants.find(one => state.carrier.legs[one.callId] === providerId) ?? null
}

function agentIn(state: RoomState): Participant | null {
  return state.participants.findLast(one => one.role === 'agent') ?? null
}

function left({ callId, role }: Participant, state: RoomState, at: number): RoomFact {
  return { type: 'participant-left', at, callId, role, providerId: state.carrier.legs[callId] ?? '' }
}

function isGone(state: RoomState, ...carrierIds: string[]): boolean {
  return carrierIds.some(id => state.gone.includes(id))
}

function endedEarly(state: RoomState, at: number, carrierId: string): RoomFact[] {
  return isGone(state, carrierId) ? [] : [{ type: 'ended-early', at, carrierId }]
}

function withGone(state: RoomState, carrierId: string | null): RoomState {
  return carrierId === null ? state : { ...state, gone: [...state.gone, carrierId].slice(-PARTICIPANTS_MAX) }
}

/** Everybody who was still in has left; their own callbacks may come later or never. */
function end(state: RoomState, at: number): RoomFact[] {
  return [...state.participants.map(one => left(one, state, at)), { type: 'conference-ended', at }]
}

function evolve(state: RoomState, fact: RoomFact): RoomState {
  switch (fact.type) {
    case 'room-named':
      return { ...state, room: fact.room, owner: fact.owner }
    case 'participant-joined': {
      const { callId, role, providerId, conferenceId, at } = fact
      const others = state.participants.filter(one => one.callId !== callId)
      const carrier = { conferenceId, legs: { ...state.carrier.legs, [callId]: providerId } }
      return { ...state, carrier, participants: [...others, { callId, role, muted: false, held: false, joinedAt: at }] }
    }
    case 'participant-left': {
      const participants = state.participants.filter(one => one.callId !== fact.callId)
      const { [fact.callId]: _leg, ...legs } = state.carrier.legs
      return withGone({ ...state, participants, carrier: { ...state.carrier, legs } }, fact.providerId)
    }
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
      return withGone({ ...state, carrier: empty, participants: [], wanted: {} }, conferenceId)
    }
    case 'whisper-wanted':
    case 'delivery-given-up':
      return state
    default:
      return unreachable(fact)
  }
}

function change(state: RoomState, callId: string, patch: Partial<Participant>): RoomState {
  const participants = state.participants.map(one => (one.callId === callId ? { ...one, ...patch } : one))
  return { ...state, participants }
}

function react(fact: RoomFact, state: RoomState): RoomEffect[] {
  const { conferenceId, legs } = state.carrier
  switch (fact.type) {
    case 'participant-joined':
      return state.wanted[fact.callId] ? hold(state, fact.callId, true) : []
    case 'hold-wanted':
      return state.participants.some(one => one.callId === fact.callId) ? hold(state, fact.callId, fact.held) : []
    case 'whisper-wanted': {
      const providerId = legs[agentIn(state)?.callId ?? '']
      if (providerId === undefined || conferenceId === null) return []
      return [once('carrier', { type: 'whisper', conferenceId, providerId, callId: fact.callId })]
    }
    case 'room-named':
    case 'participant-left':
    case 'ended-early':
    case 'participant-muted':
    case 'call-held':
    case 'conference-ended':
    case 'delivery-given-up':
      return []
    default:
      return unreachable(fact)
  }
}

function hold({ carrier }: RoomState, callId: string, held: boolean): RoomEffect[] {
  const providerId = carrier.legs[callId]
  if (providerId === undefined || carrier.conferenceId === null) return []
  return [repeat('carrier', { type: 'hold-participant', conferenceId: carrier.conferenceId, providerId, held })]
}
