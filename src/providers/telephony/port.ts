/**
 * What the product needs of a carrier, in our words. Adapters translate; nothing of a vendor's vocabulary leaves its
 * folder, callback URLs included. Ids of calls, conferences and recordings are the carrier's own unless named `callId`.
 */
import type { ProviderStatus } from '../../core/call/state.ts'
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
/** A workspace's account at its carrier, by provider. A second carrier adds a member here and a folder beside `twilio/`. */
export type CarrierAccount = TwilioAccount

/** The carrier said no, or nothing. `unknown`: it may have been done. */
export type CarrierFailure =
  | { kind: 'refused'; code: number; message: string }
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
  /** the round whose actor decides what the person hears; null: the call's own */
  batchId: string | null
  to: string
  from: string
  ringLimitMs: number
  amd: 'off' | 'before' | 'beside'
  record: boolean
  /** named by the fallback, which works without any actor */
  seller: Seller
}

export interface Telephony {
  readonly account: CarrierAccount
  /** sent once: never retried here */
  createCall(call: PlaceCall): Promise<Carried<CarrierCall>>
  /** ends it only while nobody has answered */
  cancelCall(providerId: string): Promise<Carried<CarrierCall>>
  completeCall(providerId: string): Promise<Carried<CarrierCall>>
  /** makes the carrier ask again what the call is to do: its round, or the call itself (`batchId` null) */
  redirectCall(providerId: string, callId: string, batchId: string | null): Promise<Carried<CarrierCall>>
  fetchCall(providerId: string): Promise<Carried<CarrierCall>>
  /** the newest call from `from` to `to` since then, for a create whose answer was lost */
  findCall(to: string, from: string, sinceMs: number): Promise<Carried<CarrierCall | null>>
  /** both sides, each on a channel of its own, until the call ends */
  startRecording(providerId: string, callId: string): Promise<Carried<null>>
  /** the sound of a recording as the carrier keeps it (WAV) */
  recordingSound(recordingId: string): Promise<Response>
  /** the participant alone hears the summary of call `callId` */
  whisperSummary(conferenceId: string, providerId: string, callId: string): Promise<Carried<null>>
  holdParticipant(conferenceId: string, providerId: string, held: boolean): Promise<Carried<null>>
  /** Lets media stream number `stream` of a call connect once. */
  streamToken(callId: string, stream: number): Promise<string>
}
