/**
 * The port of a carrier. Adapters translate: a vendor's vocabulary, callback URLs included, does not leave the vendor's
 * folder. Ids of calls, conferences and recordings are the carrier's own unless named `callId`.
 */
import type { ProviderStatus } from '../../core/call/state.ts'
import type { Cleared } from '../../core/clearance/clearance.ts'
import type { Seller } from '../../core/instruction/instruction.ts'

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
  /** `ours`: the reason is the number that the call comes from, not the person who is called */
  | { kind: 'refused'; code: number; message: string; ours?: true }
  | { kind: 'throttled'; retryAfterMs: number }
  | { kind: 'gone' }
  | { kind: 'unknown'; message: string }
export type Carried<T> = { ok: true; value: T } | { ok: false; failure: CarrierFailure }

export interface CarrierCall {
  providerId: string
  status: ProviderStatus
}
export interface PlaceCall {
  callId: string
  /** the round whose actor decides what the person hears; null: the call's own actor does */
  batchId: string | null
  to: string
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
  findCall(to: string, from: string, sinceMs: number): Promise<Carried<CarrierCall | null>>
  /** records both sides, each on a channel of its own, until the call ends */
  startRecording(providerId: string, callId: string): Promise<Carried<null>>
  /** returns the sound of a recording as the carrier stores it (WAV) */
  recordingSound(recordingId: string): Promise<Response>
  /** plays the summary of call `callId` to this participant alone */
  whisperSummary(conferenceId: string, providerId: string, callId: string): Promise<Carried<null>>
  holdParticipant(conferenceId: string, providerId: string, held: boolean): Promise<Carried<null>>
  /** makes a token with which media stream number `stream` of a call may connect once */
  streamToken(callId: string, stream: number): Promise<string>
}
