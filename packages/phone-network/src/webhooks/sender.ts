import { type DemoAnswer, demoAnswer } from '../demo-hosts/demo-answers.ts'
import type { WebhookKind } from '../engine/input.ts'
import type { Target } from '../engine/world.ts'
import type { FaultRule } from '../faults.ts'
import { BODY_CHARS_KEPT, type NetworkLog } from '../network-log.ts'
import { readText } from './answer-text.ts'
import { Cookies } from './cookies.ts'
import { type Exchange, ExchangeError, exchange } from './http-exchange.ts'
import { credentialsOf, letterOf } from './letter.ts'
import { type FetchRules, fetchRules } from './overrides.ts'
import type { Tunnels } from './tunnels.ts'

/** Sends one webhook: signed, retried as Twilio does, logged with what came back. */

export interface Parcel {
  webhook: WebhookKind
  callSid: string | null
  target: Target
  fields: Record<string, string>
  /** sent instead of the fields */
  json?: string
  /** `I-Twilio-Idempotency-Token`: the same on every retry of one event */
  token: string
}

export interface SenderOptions {
  authToken: string
  tunnels: Tunnels
  log: NetworkLog
  now: () => number
}

interface Attempt {
  number: number
  startedAt: number
  answer: Exchange | null
  error: unknown
  fault: FaultRule | null
}

function retryWanted(rules: FetchRules, { answer, error }: Attempt): boolean {
  if (error instanceof ExchangeError) return rules.retryOn.has(error.stage === 'connect' ? 'ct' : 'rt')
  const status = answer?.status ?? 0
  if (status >= 500) return rules.retryOn.has('5xx')
  return status >= 400 && rules.retryOn.has('4xx')
}

/** Changes an answer as a fault demands. The program has received the request. */
function disturbed(answer: Exchange, fault: FaultRule | null): Exchange {
  if (fault?.what === 'reset') throw new ExchangeError('read', 11200, 'connection reset (fault)')
  if (fault?.what === '5xx') return { ...answer, status: 503, body: '' }
  if (fault?.what === '429') return { ...answer, status: 429, body: '' }
  return answer
}

function demoExchange({ status, contentType, bytes }: DemoAnswer): Exchange {
  const { text, problem } = readText(bytes, contentType)
  return { status, contentType, body: text, encodingProblem: problem, setCookies: [], location: null }
}

export class Sender {
  readonly #options: SenderOptions
  readonly #cookies = new Cookies()
  #closed = false

  constructor(options: SenderOptions) {
    this.#options = options
  }

  close(): void {
    this.#closed = true
  }

  /** Sends one webhook with its retries. Throws `ExchangeError` when the last try got no answer at all. */
  async send(parcel: Parcel, fault: FaultRule | null): Promise<Exchange> {
    const rules = fetchRules(parcel.target.url)
    // A password in the URL is sent only when the program has asked for it.
    const credentials = credentialsOf(parcel.target.url)
    let authorization: string | null = null
    for (let number = 1, tries = 1; ; number += 1) {
      const attempt: Attempt = { number, startedAt: this.#options.now(), answer: null, error: null, fault }
      try {
        if (fault?.what === 'connect') throw new ExchangeError('connect', 11205, 'connection refused (fault)')
        attempt.answer = disturbed(await this.#sendOnce(parcel, rules, authorization), fault)
      } catch (error) {
        attempt.error = error
      }
      this.#log(parcel, attempt)
      if (attempt.answer?.status === 401 && authorization === null && credentials !== null) {
        authorization = credentials
        continue
      }
      if (tries <= rules.retries && !this.#closed && retryWanted(rules, attempt)) {
        tries += 1
        continue
      }
      if (attempt.answer) return attempt.answer
      throw attempt.error
    }
  }

  /** A webhook that is not sent, because of a fault or a full lane. */
  logDropped(parcel: Parcel, why: string): void {
    const attempt = { number: 0, startedAt: this.#options.now(), answer: null, error: new Error(why), fault: null }
    this.#log(parcel, attempt)
  }

  async #sendOnce(parcel: Parcel, rules: FetchRules, authorization: string | null): Promise<Exchange> {
    const { authToken, tunnels } = this.#options
    const { host } = new URL(parcel.target.url)
    const cookie = this.#cookies.header(parcel.callSid, host)
    // A tunnel is the user's own answer for a host, and comes first.
    const demo = tunnels.has(new URL(parcel.target.url).origin) ? null : demoAnswer(parcel.target.url)
    if (demo !== null) return demoExchange(demo)
    const answer = await exchange(
      letterOf(parcel, authToken, tunnels, {
        ...(cookie === null ? {} : { cookie }),
        ...(authorization === null ? {} : { authorization }),
      }),
      rules,
    )
    this.#cookies.keep(parcel.callSid, host, answer.setCookies, this.#options.now())
    return answer
  }

  #log(parcel: Parcel, attempt: Attempt): void {
    const { log, now } = this.#options
    const { answer, error } = attempt
    log.append(now(), {
      kind: 'webhook',
      webhook: parcel.webhook,
      callSid: parcel.callSid,
      method: parcel.target.method,
      url: parcel.target.url,
      fields: parcel.fields,
      attempt: attempt.number,
      status: answer?.status ?? null,
      response: answer?.body.slice(0, BODY_CHARS_KEPT) ?? '',
      ms: Math.round((now() - attempt.startedAt) * 10) / 10,
      fault: attempt.fault?.what ?? null,
      error: error === null ? null : error instanceof Error ? error.message : String(error),
    })
  }
}
