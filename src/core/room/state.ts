/**
 * The vocabulary of a room: one conference at the carrier, its owner and the people in it. Participants
 * are known by our own call ids and by a role. The carrier's ids are kept apart; they only tell whether a callback is about
 * the leg that is in the room now. A room that is a conference by name decides as well who is let in (`conference.ts`).
 */
import type { GivenUpFact, GivenUpInput, Once, Repeat } from '../machine.ts'
import type { RoomRecordingEffect, RoomRecordingFact, RoomRecordingInput, RoomRecordings } from './recording.ts'
import type { Supervision, SupervisionEffect, SupervisionFact, SupervisionInput } from './supervision.ts'

export const PARTICIPANTS_MAX = 40

/** The actor that the room reports to, by feed. A conference by name is its own owner, and reports to the log alone. */
export interface RoomOwner {
  kind: 'desk' | 'queue' | 'call' | 'conference' | 'transfer'
  id: string
}
export type Role = 'agent' | 'customer' | 'coach' | 'listener' | 'guest' | 'moderator' | 'ai'

export interface Participant {
  callId: string
  role: Role
  muted: boolean
  held: boolean
  joinedAt: number
}
/** A participant as the carrier lists them. */
export interface Listed {
  callId: string
  role: Role
  providerId: string
  muted: boolean
  held: boolean
}
/** Ids of the carrier for a leg or a conference. */
export interface CarrierIds {
  conferenceId: string | null
  /** by call id */
  legs: Record<string, string>
}
export interface RoomState {
  room: string
  /** null: nobody reads its facts by feed, the log aside */
  owner: RoomOwner | null
  participants: Participant[]
  carrier: CarrierIds
  /** legs and conferences that are over; callbacks come in any order, so a join of one of them is ignored */
  gone: string[]
  /** legs that have left and may come back: a second word of the same leave is none of a leg that never joined. Absent: nobody has */
  lately?: string[]
  /** holds asked for before the participant was in, by call id */
  wanted: Record<string, boolean>
  /** null: the room is no conference by name */
  conference: Conference | null
  /** supervisors on the conversation in this room */
  supervisions: Supervision[]
  /** of a conference by name, as the carrier tells of them; absent: it has told of none */
  recordings?: RoomRecordings
  /** when a leg has come or gone, or the carrier was asked for the last time; absent: never */
  heardMs?: number
  /** somebody should be held or heard who is not in; absent: nobody */
  missed?: Missed
}
/** `asked`: how often the carrier was asked since; `watchMs`: when it is asked again, null: no more on their account */
export interface Missed {
  asked: number
  watchMs: number | null
}

export interface ConferenceSettings {
  /** whom those who are in wait for, with music */
  waitsFor: 'nobody' | 'second' | 'moderator'
  participantsMax: number
  mutedOnEntry: boolean
  /** a tone tells of everybody who comes or goes */
  announces: boolean
  endsWithModerator: boolean
  /** nobody but a moderator is let in any more */
  locked: boolean
  needsPin: boolean
  /** the carrier records everybody in one file, from the moment when two are in; absent: no */
  record?: boolean
  /** said to whoever comes into a conference that is recorded; absent or empty: nothing is */
  recordNotice?: string
  /** begins when a recording of this conference is there; absent or empty: none does */
  onEndFlowId?: string
}
/** What the caller's PIN, if any, is good for. The book of the workspace compares it, so that no fact carries a PIN. */
export type PinVerdict = 'none' | 'wrong' | 'participant' | 'moderator'
export interface Conference {
  /** of the settings; a caller brings newer ones, when the change itself has not arrived yet */
  version: number
  settings: ConferenceSettings
  /** deleted: nobody is let in any more */
  closed: boolean
  /** by call id */
  callers: Record<string, ConferenceCaller>
  /** how often a call has keyed a wrong PIN */
  tries: Record<string, number>
}
export interface ConferenceCaller {
  /** the step of the call's flow that waits for our answer */
  ask: number
  moderator: boolean
  /** `pin`: is keying it · `in`: was let in, and is at the carrier or on the way there · `leaving`: was told to go */
  stage: 'pin' | 'in' | 'leaving'
  /** when we do not wait for them any longer; null: as long as their call lasts */
  untilMs: number | null
}
export type Refusal = 'closed' | 'full' | 'locked' | 'pin-refused'
/** Why somebody who was in has to go. */
export type LetGo = 'kicked' | 'ended'

export type RoomInput = { at: number } & (
  | { type: 'room.named'; room: string; owner: RoomOwner | null }
  | {
      type: 'participant.joined'
      callId: string
      role: Role
      providerId: string
      conferenceId: string
      /** absent: the carrier does not say it */
      muted?: boolean
    }
  /** `conferenceId`: a leg may have been in an earlier conference of this room; absent: the carrier does not say which one */
  | { type: 'participant.left'; providerId: string; conferenceId?: string }
  | { type: 'participant.held'; providerId: string; held: boolean }
  | { type: 'participant.muted'; providerId: string; muted: boolean }
  | { type: 'conference.ended'; conferenceId: string }
  | { type: 'hold.wanted'; callId: string; held: boolean }
  | { type: 'mute.wanted'; callId: string; muted: boolean }
  /** words to the agent alone, before the caller is in */
  | { type: 'whisper.wanted'; callId: string }
  /** somebody who should be in is missed */
  | { type: 'check.wanted' }
  /** what the carrier, when it was asked at `askedMs`, has said; `conferenceId` null: nobody is in */
  | { type: 'room.listed'; askedMs: number; conferenceId: string | null; participants: readonly Listed[] }
  | { type: 'clock.struck' }
  | ConferenceInput
  | RoomRecordingInput
  | SupervisionInput
  | GivenUpInput
)
/** Only a conference by name gets these. */
export type ConferenceInput =
  | { type: 'conference.configured'; version: number; settings: ConferenceSettings }
  /** deleted: everybody leaves */
  | { type: 'conference.closed' }
  /** everybody who is in leaves; the conference stays */
  | { type: 'conference.emptied' }
  /** the step `ask` of the caller's flow wants in */
  | {
      type: 'caller.entered'
      callId: string
      ask: number
      moderator: boolean
      pin: PinVerdict
      version: number
      settings: ConferenceSettings
    }
  /** the caller's flow, or their call, has gone on */
  | { type: 'caller.left'; callId: string; ask: number }
  | { type: 'caller.kicked'; callId: string }

export type RoomFact = { at: number } & (
  | { type: 'room-named'; room: string; owner: RoomOwner | null }
  | {
      type: 'participant-joined'
      callId: string
      role: Role
      providerId: string
      conferenceId: string
      muted?: boolean
    }
  | { type: 'participant-left'; callId: string; role: Role; providerId: string }
  | { type: 'ended-early'; carrierId: string }
  | { type: 'participant-muted'; callId: string; muted: boolean }
  | { type: 'call-held'; callId: string; held: boolean }
  | { type: 'hold-wanted'; callId: string; held: boolean }
  | { type: 'mute-wanted'; callId: string; muted: boolean }
  | { type: 'conference-ended' }
  | { type: 'whisper-wanted'; callId: string }
  /** the carrier is asked who is in */
  | { type: 'check-wanted' }
  | { type: 'conference-configured'; version: number; settings: ConferenceSettings }
  | { type: 'conference-closed' }
  | { type: 'pin-wanted'; callId: string; ask: number; moderator: boolean; tries: number }
  | { type: 'entry-refused'; callId: string; ask: number; because: Refusal }
  | { type: 'caller-let-in'; callId: string; ask: number; moderator: boolean }
  /** the caller is told to go, and has some seconds for it */
  | { type: 'caller-let-go'; callId: string; ask: number; because: LetGo }
  | { type: 'caller-left'; callId: string }
  /** at the carrier, though nobody has let them in, or they were told to go: the carrier takes them out */
  | { type: 'participant-removed'; callId: string; providerId: string }
  | RoomRecordingFact
  | SupervisionFact
  /** a leg of a supervision that is not there any more has come into the room */
  | { type: 'supervision-late'; supervisionId: string; providerId: string }
  | GivenUpFact
)
export type RoomEffect =
  | Repeat<'carrier', { type: 'check-room' }>
  | Repeat<'carrier', { type: 'hold-participant'; conferenceId: string; providerId: string; held: boolean }>
  | Repeat<'carrier', { type: 'mute-participant'; conferenceId: string; providerId: string; muted: boolean }>
  | Repeat<'carrier', { type: 'remove-participant'; conferenceId: string; providerId: string }>
  /** once: a summary that is heard twice, or late into the talk, is worse than none */
  | Once<'carrier', { type: 'whisper'; conferenceId: string; providerId: string; callId: string }>
  | RoomRecordingEffect
  | SupervisionEffect
  | Repeat<'neighbour', { type: 'answer-caller'; callId: string; ask: number; answer: ConferenceAnswer }>
  /** the line of another agent visits this room, and their desk hears of it */
  | Repeat<
      'neighbour',
      { type: 'tell-visitor'; deskId: string; callId: string; word: 'joined' | 'left'; sinceMs: number }
    >

/** What the step of a caller's flow is answered. */
export type ConferenceAnswer =
  | {
      is: 'in'
      role: Role
      muted: boolean
      starts: boolean
      music: boolean
      announced: boolean
      /** it is recorded, if it begins with this caller */
      recorded?: true
      /** said before they are in */
      notice?: string
    }
  | { is: 'result'; result: Refusal | LetGo | 'pin-wanted' | 'pin-wrong' }
