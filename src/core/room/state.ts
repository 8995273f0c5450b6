/**
 * The vocabulary of a room: one conference at the carrier, its owner and the people in it. Participants
 * are known by our own call ids and by a role. The carrier's ids are kept apart; they only tell whether a callback is about
 * the leg that is in the room now.
 */
import type { GivenUpFact, GivenUpInput, Once, Repeat } from '../machine.ts'

export const PARTICIPANTS_MAX = 40

/** The actor that the room reports to, by feed. */
export interface RoomOwner {
  kind: 'desk' | 'queue' | 'call' | 'conference' | 'transfer'
  id: string
}
export type Role = 'agent' | 'customer' | 'coach' | 'listener' | 'guest' | 'ai'

export interface Participant {
  callId: string
  role: Role
  muted: boolean
  held: boolean
  joinedAt: number
}
/** Ids of the carrier for a leg or a conference. */
export interface CarrierIds {
  conferenceId: string | null
  /** by call id */
  legs: Record<string, string>
}
export interface RoomState {
  room: string
  owner: RoomOwner | null
  participants: Participant[]
  carrier: CarrierIds
  /** legs and conferences that are over; callbacks come in any order, so a join of one of them is ignored */
  gone: string[]
  /** holds asked for before the participant was in, by call id */
  wanted: Record<string, boolean>
}

export type RoomInput = { at: number } & (
  | { type: 'room.named'; room: string; owner: RoomOwner }
  | { type: 'participant.joined'; callId: string; role: Role; providerId: string; conferenceId: string }
  | { type: 'participant.left'; providerId: string }
  | { type: 'participant.held'; providerId: string; held: boolean }
  | { type: 'participant.muted'; providerId: string; muted: boolean }
  | { type: 'conference.ended'; conferenceId: string }
  | { type: 'hold.wanted'; callId: string; held: boolean }
  /** words to the agent alone, before the caller is in */
  | { type: 'whisper.wanted'; callId: string }
  | { type: 'clock.struck' }
  | GivenUpInput
)
export type RoomFact = { at: number } & (
  | { type: 'room-named'; room: string; owner: RoomOwner }
  | { type: 'participant-joined'; callId: string; role: Role; providerId: string; conferenceId: string }
  | { type: 'participant-left'; callId: string; role: Role; providerId: string }
  | { type: 'ended-early'; carrierId: string }
  | { type: 'participant-muted'; callId: string; muted: boolean }
  | { type: 'call-held'; callId: string; held: boolean }
  | { type: 'hold-wanted'; callId: string; held: boolean }
  | { type: 'conference-ended' }
  | { type: 'whisper-wanted'; callId: string }
  | GivenUpFact
)
export type RoomEffect =
  | Repeat<'carrier', { type: 'hold-participant'; conferenceId: string; providerId: string; held: boolean }>
  /** once: a summary that is heard twice, or late into the talk, is worse than none */
  | Once<'carrier', { type: 'whisper'; conferenceId: string; providerId: string; callId: string }>
