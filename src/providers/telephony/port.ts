/**
 * The port of a carrier. Adapters translate: a vendor's vocabulary, callback URLs included, does not leave the vendor's
 * folder. Ids of calls, conferences and recordings are the carrier's own unless named `callId`.
 */
import type { ProviderStatus } from '../../core/call/state.ts'
import type { Cleared } from '../../core/clearance/clearance.ts'
import type { Seller } from '../../core/instruction/instruction.ts'
import type { Listed } from '../../core/room/state.ts'

interface AnyAccount {
  workspaceId: string
  /** public base of our own webhooks, as configured; signatures are checked against it */
  publicUrl: string
  callsPerSecond: number
}
export interface TwilioAccount extends AnyAccount {
  provider: 'twilio'
  accountSid: string
  authToken: string
  apiKeySid: string
  apiKeySecret: string
  twimlAppSid: string
  /** Twilio's API, or the phone network's */
  apiBaseUrl: string
}
/** The carrier in memory (`scripted/`), which local mode and tests set up. */
export interface ScriptedAccount extends AnyAccount {
  provider: 'scripted'
  /** signs its webhooks and our tokens */
  secret: string
}
/** A workspace's account at its carrier, by provider. A further carrier adds a member here and a folder beside `twilio/`. */
export type CarrierAccount = TwilioAccount | ScriptedAccount

/** The carrier refused the request, or did not answer. `unknown`: the request may have been performed. */
export type CarrierFailure =
  /**
   * `ours`: the reason is the number that the call comes from, not the person who is called. `locked`: it does not let our account in, which
   * says nothing about what was asked for.
   */
  | { kind: 'refused'; code: number; message: string; ours?: true; locked?: true }
  | { kind: 'throttled'; retryAfterMs: number }
  | { kind: 'gone' }
  | { kind: 'unknown'; message: string }
/** The carrier will not say otherwise when it is asked again. */
export function isFinal(failure: CarrierFailure): boolean {
  return failure.kind === 'refused' && !failure.locked
}
export type Carried<T> = { ok: true; value: T } | { ok: false; failure: CarrierFailure }

export interface CarrierCall {
  providerId: string
  status: ProviderStatus
  /** what the carrier takes for it, in millionths; absent: it has not said so yet, which is long after the end with some */
  price?: { micros: number; currency: string }
}
/** The browser phone at a desk. `callId` reaches the page with the ringing call. */
export interface DeskPhone {
  deskId: string
  callId: string
}
export interface PlaceCall {
  callId: string
  /** the round whose actor decides what the person hears; null: the call's own actor does */
  batchId: string | null
  /** a number, or the browser phone of a desk */
  to: string | DeskPhone
  from: string
  ringLimitMs: number
  amd: 'off' | 'before' | 'beside'
  record: boolean
  /** digits to send after the answer; null: none */
  extension: string | null
  /** only the gate makes one, so a call that it was not asked about does not compile */
  clearance: Cleared
  /** the seller whom the fallback names, which works without any actor */
  seller: Seller
}

/** Who hears a participant. `coached`: the carrier's id of the only leg that does; a leg on hold cannot be one, and the carrier refuses */
export type ParticipantVoice = { heardBy: 'nobody' } | { heardBy: 'one'; coached: string } | { heardBy: 'all' }
/** Who is in a room at this moment. */
export interface CarrierRoom {
  conferenceId: string
  /** those whom our documents have led there */
  participants: Listed[]
}
export interface RecordedMessage {
  recordingId: string
  seconds: number | null
}

/** A recording of a call, or of a conference, as the carrier lists it. */
export interface CarrierRecording {
  recordingId: string
  /** as its reports say it: `in-progress`, `completed`, `absent`, `failed`, or a word on the way between them */
  status: string
  seconds: number | null
  /** a step that asks for a message has made it */
  message: boolean
}

/** How the sound of a recording is wanted. `channels` 1: both sides mixed */
export interface SoundForm {
  format: 'wav' | 'mp3'
  channels: 1 | 2
}

/** The streams of an AI agent's conversation are counted from 1; a copy of a call's sound has a name that was never used. */
export type StreamName = number | string

export interface Telephony {
  readonly account: CarrierAccount
  /** sent once: never retried here */
  createCall(call: PlaceCall): Promise<Carried<CarrierCall>>
  /** ends the call only if nobody has answered */
  cancelCall(providerId: string): Promise<Carried<CarrierCall>>
  completeCall(providerId: string): Promise<Carried<CarrierCall>>
  /** makes the carrier request new instructions for the call, from its round or (`batchId` null) from the call itself */
  redirectCall(providerId: string, callId: string, batchId: string | null): Promise<Carried<CarrierCall>>
  fetchCall(providerId: string): Promise<Carried<CarrierCall>>
  /** finds the newest call from `from` to `to` since `sinceMs`, if the answer to a create was lost */
  findCall(to: string | DeskPhone, from: string, sinceMs: number): Promise<Carried<CarrierCall | null>>
  /**
   * records both sides, each on a channel of its own, until the call ends; the value is the carrier's id of it. Its reports name `recordingId`, an id of ours.
   * So do those of a call that is created with `record`: `recordingId(callId, 'order', 1)`
   */
  startRecording(providerId: string, callId: string, recordingId: string): Promise<Carried<string>>
  /** ends the recording that runs on this call, whose sound is kept; `gone`: none runs */
  stopRecording(providerId: string): Promise<Carried<null>>
  /** the recording that runs on this call hears silence until it is resumed; `gone`: none runs */
  pauseRecording(providerId: string): Promise<Carried<null>>
  resumeRecording(providerId: string): Promise<Carried<null>>
  /** returns the sound of a recording; `form` absent: WAV, two channels where the carrier has two. A carrier without MP3 gives WAV, and its answer says so */
  recordingSound(recordingId: string, form?: SoundForm): Promise<Response>
  /** all recordings that the carrier has of this call, the oldest first, if their callbacks were lost */
  recordingsOf(providerId: string): Promise<Carried<CarrierRecording[]>>
  /** the same of one conference */
  recordingsOfRoom(conferenceId: string): Promise<Carried<CarrierRecording[]>>
  /** ends the recording that runs of this conference, whose sound is kept; `gone`: none runs */
  stopRoomRecording(conferenceId: string): Promise<Carried<null>>
  /** finished recordings that a step for a message has made of this call, the oldest first, if their callbacks were lost */
  messagesOf(providerId: string): Promise<Carried<RecordedMessage[]>>
  /** the carrier keeps it no longer; one that it does not have is no failure */
  removeRecording(recordingId: string): Promise<Carried<null>>
  /** plays the summary of call `callId` to this participant alone */
  whisperSummary(conferenceId: string, providerId: string, callId: string): Promise<Carried<null>>
  /** `room`: our own name for it; null: nobody is in */
  listRoom(room: string): Promise<Carried<CarrierRoom | null>>
  holdParticipant(conferenceId: string, providerId: string, held: boolean): Promise<Carried<null>>
  muteParticipant(conferenceId: string, providerId: string, muted: boolean): Promise<Carried<null>>
  /** which of the others hear this participant: nobody (it hears on), only the leg `coached`, or everybody; in one step */
  voiceParticipant(conferenceId: string, providerId: string, voice: ParticipantVoice): Promise<Carried<null>>
  /** out of the conference; the call goes on with what follows in its document */
  removeParticipant(conferenceId: string, providerId: string): Promise<Carried<null>>
  /**
   * sends a copy of both sides of a live call to our socket of that copy, until it is ended or the call is over; `copy` is a name that was
   * never used. `gone`: the call is not on now
   */
  copySound(providerId: string, callId: string, copy: string): Promise<Carried<null>>
  /** one that has ended, or never began, is no failure */
  endCopy(providerId: string, copy: string): Promise<Carried<null>>
  /** makes a token with which media stream number `stream` of a call, or the copy of its sound with this name, may connect once */
  streamToken(callId: string, stream: StreamName): Promise<string>
}
