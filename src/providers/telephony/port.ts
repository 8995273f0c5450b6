/**
 * What the product needs of a carrier, in our words. Adapters translate; nothing of a vendor's vocabulary leaves its
 * folder. All ids of calls are the carrier's own unless named `callId`.
 */
import type { ProviderStatus } from '../../core/call/state.ts'

export interface CarrierAccount {
  workspaceId: string
  accountSid: string
  authToken: string
  apiKeySid: string
  apiKeySecret: string
  twimlAppSid: string
  /** public base of our own webhooks, as configured; signatures are checked against it */
  publicUrl: string
  /** the carrier's API, or the phone network's */
  apiBaseUrl: string
  callsPerSecond: number
}

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
  to: string
  from: string
  ringLimitMs: number
  amd: 'off' | 'before' | 'beside'
  record: boolean
  /** all carry our own call id in their path */
  answerUrl: string
  statusUrl: string
  amdUrl: string
  recordingUrl: string
  fallbackUrl: string
}

export interface Telephony {
  readonly account: CarrierAccount
  /** at most once: never retried here */
  createCall(call: PlaceCall): Promise<Carried<CarrierCall>>
  /** ends it only while nobody has answered */
  cancelCall(providerId: string): Promise<Carried<CarrierCall>>
  completeCall(providerId: string): Promise<Carried<CarrierCall>>
  /** makes the carrier fetch the answer URL again */
  redirectCall(providerId: string, answerUrl: string): Promise<Carried<CarrierCall>>
  fetchCall(providerId: string): Promise<Carried<CarrierCall>>
  /** the newest call from `from` to `to` since then, for a create whose answer was lost */
  findCall(to: string, from: string, sinceMs: number): Promise<Carried<CarrierCall | null>>
  /** both sides, each on a channel of its own, until the call ends */
  startRecording(providerId: string, statusUrl: string): Promise<Carried<null>>
  /** the sound of a recording as the carrier keeps it (WAV) */
  recordingSound(recordingId: string): Promise<Response>
  /** one participant hears what the URL says; the others do not */
  announceTo(conferenceSid: string, providerId: string, announceUrl: string): Promise<Carried<null>>
  holdParticipant(conferenceSid: string, providerId: string, held: boolean, holdUrl: string): Promise<Carried<null>>
}
