/** One request to an org's REST API, with a token that is renewed once when the org has ended its session. */
import { type FailureKind, failureOfStatus, ProviderFailure } from '../../failure.ts'
import { accessToken, type Fetcher, forgetToken } from './access-token.ts'
import type { SalesforceSettings } from './settings.ts'

/** A request without an answer after this time has failed. */
export const REQUEST_MS = 20_000

/** One entry of Salesforce's list of errors: its code, and what it is about. */
export interface SalesforceError {
  code: string
  fields: string[]
  /** the record that it speaks of, where it names no field */
  recordId: string | null
  /** the most characters that the field takes */
  charactersMax: number | null
}

/** The org has refused the request; `errors` has the reasons. */
export class SalesforceRefusal extends ProviderFailure {
  override name = 'SalesforceRefusal'
  readonly status: number
  readonly errors: SalesforceError[]

  constructor(status: number, kind: FailureKind, errors: SalesforceError[], retryAfterMs: number | null) {
    const words = errors.map(({ code, fields }) => (fields.length > 0 ? `${code} (${fields.join(', ')})` : code))
    super('salesforce', kind, words.slice(0, 3).join('; ') || `status ${status}`, retryAfterMs)
    this.status = status
    this.errors = errors
  }
}

/** Codes of a 4xx whose cause is temporary. Source: SOAP API Developer Guide, "StatusCode" and "ExceptionCode". */
const PASSING = ['UNABLE_TO_LOCK_ROW', 'SERVER_UNAVAILABLE', 'REQUEST_RUNNING_TOO_LONG']
/** The org's daily or concurrent limit was reached; it comes with status 403. */
const LIMITED = 'REQUEST_LIMIT_EXCEEDED'

export interface Asked {
  method: 'GET' | 'POST'
  /** below `/services/data/VERSION`, with its query */
  path: string
  body?: Record<string, unknown>
}

export class SalesforceRest {
  readonly #settings: SalesforceSettings
  readonly #fetch: Fetcher
  readonly #now: () => number

  constructor(settings: SalesforceSettings, fetcher: Fetcher, now: () => number) {
    this.#settings = settings
    this.#fetch = fetcher
    this.#now = now
  }

  /** Returns the JSON of a 2xx. Throws `ProviderFailure`. A request refused for its session was not performed. */
  async ask(asked: Asked, signal: AbortSignal): Promise<Record<string, unknown>> {
    const limit = AbortSignal.timeout(REQUEST_MS)
    const both = AbortSignal.any([signal, limit])
    try {
      const first = await this.#once(asked, both)
      return first ?? (await this.#once(asked, both, true)) ?? {}
    } catch (error) {
      if (error instanceof ProviderFailure) throw error
      const late = limit.aborted && !signal.aborted
      throw new ProviderFailure('salesforce', late ? 'late' : 'unavailable', late ? 'no answer in time' : 'no answer')
    }
  }

  /** Returns null if the session has ended and another token may help. */
  async #once(asked: Asked, signal: AbortSignal, last = false): Promise<Record<string, unknown> | null> {
    const token = await accessToken(this.#settings, this.#now(), signal, (url, init) => this.#fetch(url, init))
    const { method, path, body } = asked
    const response = await this.#fetch(`${token.instanceUrl}/services/data/${this.#settings.apiVersion}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token.text}`,
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    })
    if (response.ok) return (await response.json()) as Record<string, unknown>
    const errors = errorsOf(await response.json().catch(() => null))
    if (response.status !== 401) throw refusalOf(response, errors)
    forgetToken(this.#settings, token)
    if (last || !errors.some(error => error.code === 'INVALID_SESSION_ID')) throw refusalOf(response, errors)
    return null
  }
}

function refusalOf(response: Response, errors: SalesforceError[]): SalesforceRefusal {
  const { kind, retryAfterMs } = failureOfStatus('salesforce', response.status, response.headers.get('Retry-After'))
  const passing = errors.some(error => PASSING.includes(error.code))
  const limited = errors.some(error => error.code === LIMITED)
  return new SalesforceRefusal(
    response.status,
    limited ? 'throttled' : passing ? 'unavailable' : kind,
    errors,
    retryAfterMs,
  )
}

/**
 * Reads `[{message, errorCode, fields}]`. The message may repeat what was sent, so only three things are taken from it, which come
 * nowhere else: the name of a field ("No such column 'Phone' on sobject of type Task", "Required fields are missing: [Team__c]"),
 * the id of a record ("insufficient access rights on cross-reference id: 001…"), and a length ("(max length=40)").
 */
function errorsOf(value: unknown): SalesforceError[] {
  if (!Array.isArray(value)) return []
  return value.slice(0, 20).map(one => {
    const { errorCode, fields, message } = (one ?? {}) as Record<string, unknown>
    const named = Array.isArray(fields) ? fields.filter(field => typeof field === 'string') : []
    const words = String(message ?? '')
    const code = /^[A-Z_]{1,80}$/.test(String(errorCode)) ? String(errorCode) : 'UNKNOWN'
    const recordId = /\bid: ?([A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?)\b/.exec(words)?.[1] ?? null
    const charactersMax = /\(max length=(\d{1,6})\)/.exec(words)?.[1]
    return {
      code,
      fields: named.length === 0 ? fieldsIn(words) : named.filter(isFieldName),
      recordId,
      charactersMax: charactersMax === undefined ? null : Number(charactersMax),
    }
  })
}

function isFieldName(text: string): boolean {
  return /^\w{1,80}$/.test(text)
}

function fieldsIn(words: string): string[] {
  const column = /No such column '(\w{1,80})'/.exec(words)?.[1]
  const required = /Required fields are missing: \[([\w, ]{1,400})\]/.exec(words)?.[1]
  // The label of WhatId, by which errors about person accounts name it.
  const related = /^Related To\b/.test(words) ? ['WhatId'] : []
  const named = [...(column === undefined ? [] : [column]), ...(required ?? '').split(',').map(name => name.trim())]
  return [...related, ...named].filter(isFieldName)
}
