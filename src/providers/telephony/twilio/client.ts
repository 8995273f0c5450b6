/**
 * Twilio's REST API (2010-04-01) by fetch. It replaces the SDK, which would cost the Worker 407 KiB gz
 * (measured: docs/decisions/007-own-rest-client.md). All answers are classified here.
 */

import { recordingId } from '../../../core/ids.ts'
import { phoneName } from '../../../core/phone-names.ts'
import { type Listed, PARTICIPANTS_MAX } from '../../../core/room/state.ts'
import { plainWord } from '../plain-word.ts'
import type {
  Carried,
  CarrierCall,
  CarrierFailure,
  CarrierRecording,
  CarrierRoom,
  DeskPhone,
  ParticipantVoice,
  PlaceCall,
  RecordedMessage,
  SoundForm,
  StreamName,
  Telephony,
  TwilioAccount,
} from '../port.ts'
import { callUrls, fallbackUrl, holdUrl, mediaUrl, namedRecordingUrl, patient, streamToken } from './callback-urls.ts'
import { participantOf } from './participant-label.ts'
import { part } from './path-part.ts'
import { twilioRefusal } from './refusals.ts'
import { TwilioSipDomains } from './sip-domains.ts'
import { MESSAGE_SOURCE, statusOf } from './statuses.ts'

/** Longer than Twilio's answers usually take, and shorter than an agent waits. */
export const REST_TIMEOUT_MS = 8_000
export const THROTTLED_RETRY_MS = 1_000

const AS_RECORDED: SoundForm = { format: 'wav', channels: 2 }
/** Its beginning as well: only a recording that is known to run can be paused. */
const RECORDING_EVENTS = ['in-progress', 'completed', 'absent']

type Form = Record<string, string | string[] | undefined>

/**
 * Silence that ends a greeting for synchronous machine detection, because a short "hello?" is a person. Twilio's usual is 1,200 ms.
 * https://www.twilio.com/docs/voice/answering-machine-detection
 */
const AMD_SPEECH_END_MS = '1000'

/** What follows the question mark reaches the phone as parameters (https://www.twilio.com/docs/voice/api/call-resource). */
function addressOf(to: string | DeskPhone): string {
  if (typeof to === 'string') return to
  return `client:${phoneName(to.deskId)}?callId=${encodeURIComponent(to.callId.toWellFormed())}`
}

/** The call resource has the name alone. */
function withoutParameters(address: string): string {
  return address.split('?', 1)[0] ?? ''
}

export class TwilioClient implements Telephony {
  readonly account: TwilioAccount
  readonly #fetch: typeof fetch

  constructor(account: TwilioAccount, fetcher: typeof fetch = fetch) {
    this.account = account
    // `fetch` called as a method of this object has the wrong receiver, and workerd throws "Illegal invocation".
    this.#fetch = (input, init) => fetcher(input, init)
  }

  async createCall(call: PlaceCall): Promise<Carried<CarrierCall>> {
    const urls = callUrls(this.account, call.callId, call.batchId)
    return this.#call('POST', 'Calls.json', {
      To: addressOf(call.to),
      From: call.from,
      Url: patient(urls.answer),
      FallbackUrl: await fallbackUrl(this.account, { ...call.seller, number: call.from }),
      StatusCallback: urls.status,
      StatusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
      Timeout: String(Math.round(call.ringLimitMs / 1000)),
      // A `w` waits half a second: the extension's menu has answered by then.
      ...(call.extension === null ? {} : { SendDigits: `ww${call.extension}` }),
      ...detection(call.amd, urls.amd),
      ...(call.record ? this.#recording(call.callId) : {}),
    })
  }

  #recording(callId: string): Form {
    const told = namedRecordingUrl(this.account, callId, recordingId(callId, 'order', 1))
    return { Record: 'true', RecordingStatusCallback: told, RecordingStatusCallbackEvent: RECORDING_EVENTS }
  }

  cancelCall(providerId: string): Promise<Carried<CarrierCall>> {
    return this.#call('POST', `Calls/${part(providerId)}.json`, { Status: 'canceled' })
  }

  completeCall(providerId: string): Promise<Carried<CarrierCall>> {
    return this.#call('POST', `Calls/${part(providerId)}.json`, { Status: 'completed' })
  }

  redirectCall(providerId: string, callId: string, batchId: string | null): Promise<Carried<CarrierCall>> {
    const { answer } = callUrls(this.account, callId, batchId)
    return this.#call('POST', `Calls/${part(providerId)}.json`, { Url: patient(answer), Method: 'POST' })
  }

  fetchCall(providerId: string): Promise<Carried<CarrierCall>> {
    return this.#call('GET', `Calls/${part(providerId)}.json`)
  }

  async findCall(to: string | DeskPhone, from: string, sinceMs: number): Promise<Carried<CarrierCall | null>> {
    const day = new Date(sinceMs - 60_000).toISOString().slice(0, 10)
    const query = new URLSearchParams({
      To: withoutParameters(addressOf(to)),
      From: from,
      'StartTime>': day,
      PageSize: '20',
    })
    const answer = await this.#send('GET', `Calls.json?${query}`)
    if (!answer.ok) return answer
    const found = listOf(answer.value.calls).find(one => Date.parse(plainWord(one.date_created)) >= sinceMs - 5_000)
    return { ok: true, value: found ? callOf(found) : null }
  }

  async startRecording(providerId: string, callId: string, recordingId: string): Promise<Carried<string>> {
    const form = {
      RecordingChannels: 'dual',
      RecordingStatusCallback: namedRecordingUrl(this.account, callId, recordingId),
      RecordingStatusCallbackEvent: RECORDING_EVENTS,
    }
    const answer = await this.#send('POST', `Calls/${part(providerId)}/Recordings.json`, form)
    return answer.ok ? { ok: true, value: plainWord(answer.value.sid) } : answer
  }

  stopRecording(providerId: string): Promise<Carried<null>> {
    return this.#running(`Calls/${part(providerId)}`, { Status: 'stopped' })
  }

  /** https://www.twilio.com/docs/voice/api/recording#update-a-recording-resource */
  pauseRecording(providerId: string): Promise<Carried<null>> {
    return this.#running(`Calls/${part(providerId)}`, { Status: 'paused', PauseBehavior: 'silence' })
  }

  resumeRecording(providerId: string): Promise<Carried<null>> {
    return this.#running(`Calls/${part(providerId)}`, { Status: 'in-progress' })
  }

  async #running(of: string, form: Form): Promise<Carried<null>> {
    const answer = await this.#send('POST', `${of}/Recordings/Twilio.CURRENT.json`, form)
    return answer.ok ? { ok: true, value: null } : answer
  }

  /** An answer is waited for as long as any other; its body takes as long as a long recording does. */
  async recordingSound(recordingId: string, { format, channels }: SoundForm = AS_RECORDED): Promise<Response> {
    const { accountSid, apiBaseUrl } = this.account
    const file = `${part(recordingId)}.${format}?RequestedChannels=${channels}`
    const url = `${apiBaseUrl}/2010-04-01/Accounts/${accountSid}/Recordings/${file}`
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), REST_TIMEOUT_MS)
    try {
      return await this.#fetch(url, { headers: { Authorization: this.#authorization }, signal: late.signal })
    } finally {
      clearTimeout(timer)
    }
  }

  async recordingsOf(providerId: string): Promise<Carried<CarrierRecording[]>> {
    return this.#recordings(`Calls/${part(providerId)}`)
  }

  /** https://www.twilio.com/docs/voice/api/recording#fetch-a-conferences-recordings */
  async recordingsOfRoom(conferenceId: string): Promise<Carried<CarrierRecording[]>> {
    return this.#recordings(`Conferences/${part(conferenceId)}`)
  }

  async #recordings(of: string): Promise<Carried<CarrierRecording[]>> {
    const answer = await this.#send('GET', `${of}/Recordings.json?PageSize=50`)
    if (!answer.ok) return answer.failure.kind === 'gone' ? { ok: true, value: [] } : answer
    return { ok: true, value: listOf(answer.value.recordings).map(recordingOf).reverse() }
  }

  stopRoomRecording(conferenceId: string): Promise<Carried<null>> {
    return this.#running(`Conferences/${part(conferenceId)}`, { Status: 'stopped' })
  }

  async messagesOf(providerId: string): Promise<Carried<RecordedMessage[]>> {
    const answer = await this.#send('GET', `Calls/${part(providerId)}/Recordings.json?PageSize=20`)
    if (!answer.ok) return answer.failure.kind === 'gone' ? { ok: true, value: [] } : answer
    const made = listOf(answer.value.recordings).filter(
      one => one.source === MESSAGE_SOURCE && one.status === 'completed',
    )
    return { ok: true, value: made.map(messageOf).reverse() }
  }

  async removeRecording(recordingId: string): Promise<Carried<null>> {
    const answer = await this.#send('DELETE', `Recordings/${part(recordingId)}.json`)
    return answer.ok || answer.failure.kind === 'gone' ? { ok: true, value: null } : answer
  }

  get #authorization(): string {
    const { accountSid, apiKeySid, apiKeySecret, authToken } = this.account
    const [user, secret] = apiKeySid ? [apiKeySid, apiKeySecret] : [accountSid, authToken]
    return `Basic ${btoa(`${user}:${secret}`)}`
  }

  whisperSummary(conferenceId: string, providerId: string, callId: string): Promise<Carried<null>> {
    const form = { AnnounceUrl: callUrls(this.account, callId).summary, AnnounceMethod: 'POST' }
    return this.#participant('POST', conferenceId, providerId, form)
  }

  streamToken(callId: string, stream: StreamName): Promise<string> {
    return streamToken(this.account, callId, stream)
  }

  async copySound(providerId: string, callId: string, copy: string): Promise<Carried<null>> {
    const form = { Url: await mediaUrl(this.account, callId, copy), Name: copy, Track: 'both_tracks' }
    const answer = await this.#send('POST', `Calls/${part(providerId)}/Streams.json`, form)
    return answer.ok ? { ok: true, value: null } : answer
  }

  async endCopy(providerId: string, copy: string): Promise<Carried<null>> {
    const path = `Calls/${part(providerId)}/Streams/${part(copy)}.json`
    const answer = await this.#send('POST', path, { Status: 'stopped' })
    return answer.ok || answer.failure.kind === 'gone' ? { ok: true, value: null } : answer
  }

  async listRoom(room: string): Promise<Carried<CarrierRoom | null>> {
    const query = new URLSearchParams({ FriendlyName: room, Status: 'in-progress', PageSize: '1' })
    const found = await this.#send('GET', `Conferences.json?${query}`)
    if (!found.ok) return found
    const [conference] = listOf(found.value.conferences)
    if (conference === undefined) return { ok: true, value: null }
    const conferenceId = plainWord(conference.sid)
    const path = `Conferences/${part(conferenceId)}/Participants.json?PageSize=${PARTICIPANTS_MAX}`
    const inside = await this.#send('GET', path)
    // It has ended between the two questions.
    if (!inside.ok) return inside.failure.kind === 'gone' ? { ok: true, value: null } : inside
    const participants = listOf(inside.value.participants).flatMap(listedOf)
    return { ok: true, value: { conferenceId, participants } }
  }

  holdParticipant(conferenceId: string, providerId: string, held: boolean): Promise<Carried<null>> {
    const form = { Hold: String(held), ...(held ? { HoldUrl: holdUrl(this.account), HoldMethod: 'POST' } : {}) }
    return this.#participant('POST', conferenceId, providerId, form)
  }

  muteParticipant(conferenceId: string, providerId: string, muted: boolean): Promise<Carried<null>> {
    return this.#participant('POST', conferenceId, providerId, { Muted: String(muted) })
  }

  /** Muted and coaching change by one request: at no moment does anybody else hear them. */
  voiceParticipant(conferenceId: string, providerId: string, voice: ParticipantVoice): Promise<Carried<null>> {
    const muted = String(voice.heardBy === 'nobody')
    const coached = voice.heardBy === 'one' ? { CallSidToCoach: voice.coached } : {}
    const form = { Muted: muted, Coaching: String(voice.heardBy === 'one'), ...coached }
    return this.#participant('POST', conferenceId, providerId, form)
  }

  removeParticipant(conferenceId: string, providerId: string): Promise<Carried<null>> {
    return this.#participant('DELETE', conferenceId, providerId)
  }

  sipDomains(): TwilioSipDomains {
    return new TwilioSipDomains(this.account, (method, path, form) => this.#send(method, path, form))
  }

  async #participant(
    method: 'POST' | 'DELETE',
    conferenceId: string,
    providerId: string,
    form?: Form,
  ): Promise<Carried<null>> {
    const path = `Conferences/${part(conferenceId)}/Participants/${part(providerId)}.json`
    const answer = await this.#send(method, path, form)
    return answer.ok ? { ok: true, value: null } : answer
  }

  async #call(method: 'GET' | 'POST', path: string, form?: Form): Promise<Carried<CarrierCall>> {
    const answer = await this.#send(method, path, form)
    return answer.ok ? { ok: true, value: callOf(answer.value) } : answer
  }

  async #send(method: 'GET' | 'POST' | 'DELETE', path: string, form?: Form): Promise<Carried<Record<string, unknown>>> {
    const { accountSid, apiBaseUrl } = this.account
    try {
      const response = await this.#fetch(`${apiBaseUrl}/2010-04-01/Accounts/${accountSid}/${path}`, {
        method,
        headers: {
          Authorization: this.#authorization,
          ...(form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
        },
        ...(form ? { body: encode(form) } : {}),
        signal: AbortSignal.timeout(REST_TIMEOUT_MS),
      })
      return await classify(response)
    } catch (error) {
      // Without a complete answer it is unknown whether the request was performed.
      return { ok: false, failure: { kind: 'unknown', message: error instanceof Error ? error.name : 'no answer' } }
    }
  }
}

async function classify(response: Response): Promise<Carried<Record<string, unknown>>> {
  if (response.status === 204) return { ok: true, value: {} }
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>
  if (response.ok) return { ok: true, value: body }
  const code = Number(body.code ?? response.status)
  if (response.status === 429) return { ok: false, failure: { kind: 'throttled', retryAfterMs: retryAfter(response) } }
  if (response.status === 404 || code === 21220) return { ok: false, failure: { kind: 'gone' } }
  if (response.status < 500) {
    const failure = refusedBy(code, plainWord(body.message))
    const isLocked = response.status === 401 || response.status === 403
    return { ok: false, failure: isLocked && failure.kind === 'refused' ? { ...failure, locked: true } : failure }
  }
  return { ok: false, failure: { kind: 'unknown', message: `status ${response.status}` } }
}

function refusedBy(code: number, message: string): CarrierFailure {
  const failure = { kind: 'refused' as const, code, message }
  return twilioRefusal(code).side === 'from' ? { ...failure, ours: true } : failure
}

function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get('Retry-After'))
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : THROTTLED_RETRY_MS
}

function detection(amd: PlaceCall['amd'], amdUrl: string): Form {
  if (amd === 'off') return {}
  const sync = { MachineDetection: 'Enable', MachineDetectionSpeechEndThreshold: AMD_SPEECH_END_MS }
  if (amd === 'before') return sync
  return { ...sync, AsyncAmd: 'true', AsyncAmdStatusCallback: amdUrl, AsyncAmdStatusCallbackMethod: 'POST' }
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : []
}

/** Whoever has no label of ours was not led there by us. */
function listedOf({ label, call_sid, muted, hold }: Record<string, unknown>): Listed[] {
  const ours = plainWord(label)
  if (ours === '') return []
  return [{ ...participantOf(ours), providerId: plainWord(call_sid), muted: muted === true, held: hold === true }]
}

function recordingOf(one: Record<string, unknown>): CarrierRecording {
  return { ...messageOf(one), status: plainWord(one.status), message: one.source === MESSAGE_SOURCE }
}

function messageOf({ sid, duration }: Record<string, unknown>): RecordedMessage {
  const seconds = Number(duration ?? Number.NaN)
  return { recordingId: plainWord(sid), seconds: Number.isFinite(seconds) ? seconds : null }
}

function callOf(body: Record<string, unknown>): CarrierCall {
  const price = priceOf(body)
  const status = statusOf(plainWord(body.status)) ?? 'queued'
  return { providerId: plainWord(body.sid), status, ...(price === null ? {} : { price }) }
}

/** Twilio's is a text, and negative, because it is taken from our balance there; null: it is not known yet. */
function priceOf({ price, price_unit }: Record<string, unknown>): CarrierCall['price'] | null {
  if (typeof price !== 'string' || !/^-?\d{1,7}(\.\d{1,8})?$/.test(price)) return null
  return { micros: Math.round(Math.abs(Number(price)) * 1_000_000), currency: plainWord(price_unit).toUpperCase() }
}

/** Encodes a list as a repeated key, as Twilio expects it. */
function encode(form: Form): URLSearchParams {
  const body = new URLSearchParams()
  for (const [key, value] of Object.entries(form)) {
    for (const one of Array.isArray(value) ? value : value === undefined ? [] : [value]) body.append(key, one)
  }
  return body
}
