/**
 * Twilio's REST API (2010-04-01) by fetch. It replaces the SDK, which would cost the Worker 407 KiB gz
 * (measured: docs/decisions/007-own-rest-client.md). All answers are classified here.
 */

import { plainWord } from '../plain-word.ts'
import type { Carried, CarrierCall, CarrierFailure, PlaceCall, Telephony, TwilioAccount } from '../port.ts'
import { callUrls, fallbackUrl, holdUrl, patient, streamToken } from './callback-urls.ts'
import { twilioRefusal } from './refusals.ts'
import { statusOf } from './statuses.ts'

/** Longer than Twilio's answers usually take, and shorter than an agent waits. */
export const REST_TIMEOUT_MS = 8_000
export const THROTTLED_RETRY_MS = 1_000

type Form = Record<string, string | string[] | undefined>

/** One part of a path. An id of the carrier came over its webhooks, so it never says where in the API it leads. */
function part(id: string): string {
  return encodeURIComponent(id.toWellFormed()).replaceAll('.', '%2E')
}

/**
 * Silence that ends a greeting for synchronous machine detection, because a short "hello?" is a person. Twilio's usual is 1,200 ms.
 * https://www.twilio.com/docs/voice/answering-machine-detection
 */
const AMD_SPEECH_END_MS = '1000'

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
      To: call.to,
      From: call.from,
      Url: patient(urls.answer),
      FallbackUrl: await fallbackUrl(this.account, { ...call.seller, number: call.from }),
      StatusCallback: urls.status,
      StatusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
      Timeout: String(Math.round(call.ringLimitMs / 1000)),
      // A `w` waits half a second: the extension's menu has answered by then.
      ...(call.extension === null ? {} : { SendDigits: `ww${call.extension}` }),
      ...detection(call.amd, urls.amd),
      ...(call.record ? { Record: 'true', RecordingStatusCallback: urls.recording } : {}),
    })
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

  async findCall(to: string, from: string, sinceMs: number): Promise<Carried<CarrierCall | null>> {
    const day = new Date(sinceMs - 60_000).toISOString().slice(0, 10)
    const query = new URLSearchParams({ To: to, From: from, 'StartTime>': day, PageSize: '20' })
    const answer = await this.#send('GET', `Calls.json?${query}`)
    if (!answer.ok) return answer
    const calls = Array.isArray(answer.value.calls) ? (answer.value.calls as Record<string, unknown>[]) : []
    const found = calls.find(one => Date.parse(plainWord(one.date_created)) >= sinceMs - 5_000)
    return { ok: true, value: found ? callOf(found) : null }
  }

  async startRecording(providerId: string, callId: string): Promise<Carried<null>> {
    const form = {
      RecordingChannels: 'dual',
      RecordingStatusCallback: callUrls(this.account, callId).recording,
      RecordingStatusCallbackEvent: ['in-progress', 'completed', 'absent'],
    }
    const answer = await this.#send('POST', `Calls/${part(providerId)}/Recordings.json`, form)
    return answer.ok ? { ok: true, value: null } : answer
  }

  recordingSound(recordingId: string): Promise<Response> {
    const { accountSid, apiBaseUrl } = this.account
    const url = `${apiBaseUrl}/2010-04-01/Accounts/${accountSid}/Recordings/${part(recordingId)}.wav?RequestedChannels=2`
    return this.#fetch(url, {
      headers: { Authorization: this.#authorization },
      signal: AbortSignal.timeout(REST_TIMEOUT_MS),
    })
  }

  get #authorization(): string {
    const { accountSid, apiKeySid, apiKeySecret, authToken } = this.account
    const [user, secret] = apiKeySid ? [apiKeySid, apiKeySecret] : [accountSid, authToken]
    return `Basic ${btoa(`${user}:${secret}`)}`
  }

  async whisperSummary(conferenceId: string, providerId: string, callId: string): Promise<Carried<null>> {
    const form = { AnnounceUrl: callUrls(this.account, callId).summary, AnnounceMethod: 'POST' }
    const answer = await this.#send(
      'POST',
      `Conferences/${part(conferenceId)}/Participants/${part(providerId)}.json`,
      form,
    )
    return answer.ok ? { ok: true, value: null } : answer
  }

  streamToken(callId: string, stream: number): Promise<string> {
    return streamToken(this.account, callId, stream)
  }

  async holdParticipant(conferenceId: string, providerId: string, held: boolean): Promise<Carried<null>> {
    const form = { Hold: String(held), ...(held ? { HoldUrl: holdUrl(this.account), HoldMethod: 'POST' } : {}) }
    const answer = await this.#send(
      'POST',
      `Conferences/${part(conferenceId)}/Participants/${part(providerId)}.json`,
      form,
    )
    return answer.ok ? { ok: true, value: null } : answer
  }

  async #call(method: 'GET' | 'POST', path: string, form?: Form): Promise<Carried<CarrierCall>> {
    const answer = await this.#send(method, path, form)
    return answer.ok ? { ok: true, value: callOf(answer.value) } : answer
  }

  async #send(method: 'GET' | 'POST', path: string, form?: Form): Promise<Carried<Record<string, unknown>>> {
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
  if (response.status < 500) return { ok: false, failure: refusedBy(code, plainWord(body.message)) }
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

function callOf(body: Record<string, unknown>): CarrierCall {
  return { providerId: plainWord(body.sid), status: statusOf(plainWord(body.status)) ?? 'queued' }
}

/** Encodes a list as a repeated key, as Twilio expects it. */
function encode(form: Form): URLSearchParams {
  const body = new URLSearchParams()
  for (const [key, value] of Object.entries(form)) {
    for (const one of Array.isArray(value) ? value : value === undefined ? [] : [value]) body.append(key, one)
  }
  return body
}
