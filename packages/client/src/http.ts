/** One request: the address, the headers, the tries. */
import { errorOf, TrunklineError } from './error.ts'
import { CREATES } from './rows.ts'

export interface Options {
  /** where the server is, as `https://calls.example.com` */
  baseUrl: string
  /** a key of the workspace, `tk_…` */
  key: string
  /** further tries of what may be repeated, when no answer came or the server asked for a pause (429, 503); absent: 2 */
  retries?: number
  /** of one try; absent: 30 s */
  timeoutMs?: number
  /** absent: the platform's own */
  fetch?: typeof fetch
}

export interface Asked {
  params?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
  idempotencyKey?: string
  signal?: AbortSignal
}

const PAUSE_MS = 500
const PAUSE_MS_MAX = 30_000

export async function ask(options: Options, endpoint: string, asked: Asked): Promise<Response> {
  const method = endpoint.slice(0, endpoint.indexOf(' '))
  const creates = CREATES.includes(endpoint)
  const key = asked.idempotencyKey ?? (creates ? crypto.randomUUID() : undefined)
  const headers: Record<string, string> = {
    Accept: 'application/json',
    Authorization: `Bearer ${options.key}`,
    ...(asked.body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(key === undefined ? {} : { 'Idempotency-Key': key }),
  }
  const init = { method, headers, ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }) }
  const url = new URL(addressOf(endpoint, asked), options.baseUrl).href
  // With its key a create is done once, however often it is sent.
  const mayRepeat = method === 'GET' || method === 'PUT' || method === 'DELETE' || creates
  for (let left = mayRepeat ? (options.retries ?? 2) : 0; ; left -= 1) {
    const outcome = await tried(options, url, init, asked.signal)
    if (outcome instanceof Response && outcome.ok) return outcome
    const error = outcome instanceof Response ? await errorOf(outcome) : outcome
    const passes = error.status === 0 || error.status === 429 || error.status === 503
    if (left <= 0 || !passes || asked.signal?.aborted) throw error
    await pause(Math.min(error.retryAfterMs ?? PAUSE_MS, PAUSE_MS_MAX), asked.signal)
  }
}

async function tried(
  options: Options,
  url: string,
  init: RequestInit,
  signal?: AbortSignal,
): Promise<Response | TrunklineError> {
  const limit = AbortSignal.timeout(options.timeoutMs ?? 30_000)
  try {
    return await (options.fetch ?? fetch)(url, { ...init, signal: signal ? AbortSignal.any([signal, limit]) : limit })
  } catch (cause) {
    const error = new TrunklineError(0, 'No answer', 'The server could not be reached, or did not answer in time.')
    error.cause = cause
    return error
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}

function addressOf(endpoint: string, { params = {}, query = {} }: Asked): string {
  const path = endpoint.slice(endpoint.indexOf(' ') + 1).replaceAll(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = params[name]
    if (value === undefined || value === '') throw new TypeError(`${endpoint} needs ${name}`)
    return encodeURIComponent(value)
  })
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return search.size === 0 ? path : `${path}?${search}`
}
