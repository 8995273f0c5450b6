/**
 * The room: one conference, its participants and their hold (design §3). It hears every conference callback; the desk
 * learns from it that the line is open, that a customer is in, that a hold took effect.
 */
import {
  type GivenUpFact,
  type GivenUpInput,
  givenUp,
  type Machine,
  type Once,
  once,
  type Repeat,
  repeat,
  tell,
  unreachable,
} from '../machine.ts'

export const PARTICIPANTS_MAX = 40
/** The agent's own leg carries this label; customers carry their call id. */
export const LINE_LABEL = 'line'

export interface Participant {
  label: string
  callSid: string
  muted: boolean
  held: boolean
  joinedAt: number
}
export interface RoomState {
  room: string
  deskId: string
  conferenceSid: string | null
  participants: Participant[]
  /** calls and conferences that are over: callbacks come in any order, and nobody joins what has ended */
  gone: string[]
  /** holds asked for before the participant was in */
  wanted: Record<string, boolean>
}

export type RoomInput = { at: number } & (
  | { type: 'room.named'; room: string; deskId: string }
  | { type: 'participant.joined'; label: string; callSid: string; conferenceSid: string }
  | { type: 'participant.left'; callSid: string }
  | { type: 'participant.held'; callSid: string; held: boolean }
  | { type: 'participant.muted'; callSid: string; muted: boolean }
  | { type: 'conference.ended'; conferenceSid: string }
  | { type: 'hold.wanted'; callId: string; held: boolean }
  /** a word to the agent alone, before the caller is in */
  | { type: 'whisper.wanted'; callId: string }
  | { type: 'clock.struck' }
  | GivenUpInput
)
export type RoomFact = { at: number } & (
  | { type: 'room-named'; room: string; deskId: string }
  | { type: 'participant-joined'; label: string; callSid: string; conferenceSid: string }
  | { type: 'participant-left'; label: string; callSid: string }
  | { type: 'ended-early'; sid: string }
  | { type: 'participant-muted'; label: string; callSid: string; muted: boolean }
  | { type: 'call-held'; label: string; callSid: string; held: boolean }
  | { type: 'hold-wanted'; callId: string; held: boolean }
  | { type: 'conference-ended' }
  | { type: 'whisper-wanted'; callId: string }
  | GivenUpFact
)
export type RoomEffect =
  | Repeat<'carrier', { type: 'hold-participant'; conferenceSid: string; callSid: string; held: boolean }>
  /** once: a summary that is heard twice, or late into the talk, is worse than none */
  | Once<'carrier', { type: 'whisper'; conferenceSid: string; callSid: string; callId: string }>
  | Repeat<
      'neighbour',
      | { type: 'tell-desk'; deskId: string; word: 'line.joined' | 'line.left'; callSid: string }
      | { type: 'tell-desk-leg'; deskId: string; word: 'leg.joined-room' | 'leg.held'; callId: string; held: boolean }
    >

export const room: Machine<RoomState, RoomInput, RoomFact, RoomEffect> = {
  name: 'room',
  version: 1,
  initial: { room: '', deskId: '', conferenceSid: null, participants: [], gone: [], wanted: {} },
  decide,
  evolve,
  react,
  deadline: () => null,
}

function decide(state: RoomState, input: RoomInput): RoomFact[] {
  const { at } = input
  switch (input.type) {
    case 'room.named':
      return state.room === '' ? [{ type: 'room-named', at, room: input.room, deskId: input.deskId }] : []
    case 'participant.joined': {
      const { label, callSid, conferenceSid } = input
      const full = state.participants.length >= PARTICIPANTS_MAX
      if (full || isGone(state, callSid, conferenceSid) || find(state, callSid)) return []
      return [{ type: 'participant-joined', at, label, callSid, conferenceSid }]
    }
    case 'participant.left': {
      const who = find(state, input.callSid)
      if (who) return [{ type: 'participant-left', at, label: who.label, callSid: who.callSid }]
      return endedEarly(state, at, input.callSid)
    }
    case 'participant.held': {
      const who = find(state, input.callSid)
      return who && who.held !== input.held
        ? [{ type: 'call-held', at, label: who.label, callSid: who.callSid, held: input.held }]
        : []
    }
    case 'participant.muted': {
      const who = find(state, input.callSid)
      if (!who || who.muted === input.muted) return []
      return [{ type: 'participant-muted', at, label: who.label, callSid: who.callSid, muted: input.muted }]
    }
    case 'conference.ended':
      return state.conferenceSid === input.conferenceSid ? end(state, at) : endedEarly(state, at, input.conferenceSid)
    case 'hold.wanted':
      return [{ type: 'hold-wanted', at, callId: input.callId, held: input.held }]
    case 'whisper.wanted':
      return lineOf(state) ? [{ type: 'whisper-wanted', at, callId: input.callId }] : []
    case 'clock.struck':
      return []
    case 'delivery.given-up':
      return [givenUp(input)]
    default:
      return unreachable(input)
  }
}

function lineOf(state: RoomState): Participant | null {
  return state.participants.find(one => one.label === LINE_LABEL) ?? null
}

function isGone(state: RoomState, ...sids: string[]): boolean {
  return sids.some(sid => state.gone.includes(sid))
}

function endedEarly(state: RoomState, at: number, sid: string): RoomFact[] {
  return isGone(state, sid) ? [] : [{ type: 'ended-early', at, sid }]
}

function withGone(state: RoomState, sid: string | null): RoomState {
  return sid === null ? state : { ...state, gone: [...state.gone, sid].slice(-PARTICIPANTS_MAX) }
}

/** Whoever was still in has left: their own callbacks may come later, or never. */
function end(state: RoomState, at: number): RoomFact[] {
  const left = state.participants.map(({ label, callSid }) => ({
    type: 'participant-left' as const,
    at,
    label,
    callSid,
  }))
  return [...left, { type: 'conference-ended', at }]
}

function find(state: RoomState, callSid: string): Participant | null {
  return state.participants.find(one => one.callSid === callSid) ?? null
}

function evolve(state: RoomState, fact: RoomFact): RoomState {
  switch (fact.type) {
    case 'room-named':
      return { ...state, room: fact.room, deskId: fact.deskId }
    case 'participant-joined': {
      const { label, callSid, conferenceSid, at } = fact
      const participant = { label, callSid, muted: false, held: false, joinedAt: at }
      return { ...state, conferenceSid, participants: [...state.participants, participant] }
    }
    case 'participant-left': {
      const participants = state.participants.filter(one => one.callSid !== fact.callSid)
      return withGone({ ...state, participants }, fact.callSid)
    }
    case 'ended-early':
      return withGone(state, fact.sid)
    case 'participant-muted':
      return change(state, fact.callSid, { muted: fact.muted })
    case 'call-held':
      return change(state, fact.callSid, { held: fact.held })
    case 'hold-wanted':
      return { ...state, wanted: { ...state.wanted, [fact.callId]: fact.held } }
    case 'conference-ended':
      return withGone({ ...state, conferenceSid: null, participants: [], wanted: {} }, state.conferenceSid)
    case 'whisper-wanted':
    case 'delivery-given-up':
      return state
    default:
      return unreachable(fact)
  }
}

function change(state: RoomState, callSid: string, patch: Partial<Participant>): RoomState {
  return {
    ...state,
    participants: state.participants.map(one => (one.callSid === callSid ? { ...one, ...patch } : one)),
  }
}

function react(fact: RoomFact, state: RoomState): RoomEffect[] {
  const { deskId } = state
  switch (fact.type) {
    case 'participant-joined': {
      if (fact.label === LINE_LABEL)
        return [tell({ type: 'tell-desk', deskId, word: 'line.joined', callSid: fact.callSid })]
      const told: RoomEffect = tell({
        type: 'tell-desk-leg',
        deskId,
        word: 'leg.joined-room',
        callId: fact.label,
        held: false,
      })
      return state.wanted[fact.label] ? [told, hold(state, fact.callSid, true)] : [told]
    }
    case 'participant-left':
      return fact.label === LINE_LABEL
        ? [tell({ type: 'tell-desk', deskId, word: 'line.left', callSid: fact.callSid })]
        : []
    case 'call-held':
      return [tell({ type: 'tell-desk-leg', deskId, word: 'leg.held', callId: fact.label, held: fact.held })]
    case 'hold-wanted': {
      const who = state.participants.find(one => one.label === fact.callId)
      return who ? [hold(state, who.callSid, fact.held)] : []
    }
    case 'whisper-wanted': {
      const line = lineOf(state)
      const conferenceSid = state.conferenceSid ?? ''
      return line
        ? [once('carrier', { type: 'whisper', conferenceSid, callSid: line.callSid, callId: fact.callId })]
        : []
    }
    case 'room-named':
    case 'ended-early':
    case 'participant-muted':
    case 'conference-ended':
    case 'delivery-given-up':
      return []
    default:
      return unreachable(fact)
  }
}

function hold(state: RoomState, callSid: string, held: boolean): RoomEffect {
  return repeat('carrier', { type: 'hold-participant', conferenceSid: state.conferenceSid ?? '', callSid, held })
}
