/**
 * Every actor test runs twice: once as it is, once with the object evicted after each call (memory lost, disk kept).
 * The expectations are the same in both.
 */

import { applyD1Migrations, type D1Migration, evictDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { test, vi } from 'vitest'
import type { Env } from '../../src/actors/env.ts'
import { stubFor } from '../../src/actors/stubs.ts'

export interface TestEnv extends Env {
  CARRIER: Fetcher
  MIGRATIONS: D1Migration[]
}
export const bindings = env as unknown as TestEnv
export const BASE = 'http://127.0.0.1:5050'

type Kind = Parameters<typeof stubFor>[1]
type StubOf = <K extends Kind>(kind: K, id: string) => ReturnType<typeof stubFor<K>>
export interface Stage {
  stub: StubOf
  /** for conditions that are polled: these calls leave the object its memory */
  peek: StubOf
}

const plain: StubOf = (kind, id) => stubFor(bindings, kind, id)

/** Objects that keep their memory: for tests whose subject is not what survives an eviction. */
export const plainStage: Stage = { stub: plain, peek: plain }

export function twice(name: string, body: (stage: Stage, tag: string) => Promise<void>): void {
  test(name, () => body(plainStage, 'plain'))
  test(`${name} (evicted after each call)`, () => body({ stub: evicting, peek: plain }, 'evicted'))
}

/** A stub whose every call is followed by the loss of the object's memory. */
function evicting<K extends Kind>(kind: K, id: string): ReturnType<typeof stubFor<K>> {
  const stub = stubFor(bindings, kind, id)
  return new Proxy(stub, {
    get(_target, method) {
      return async (...args: unknown[]) => {
        const fresh = stubFor(bindings, kind, id) as unknown as Record<
          string | symbol,
          (...args: unknown[]) => Promise<unknown>
        >
        const answer = await fresh[method]?.(...args)
        await evictDurableObject(stubFor(bindings, kind, id) as unknown as DurableObjectStub)
        return answer
      }
    },
  }) as ReturnType<typeof stubFor<K>>
}

export async function migrated(): Promise<void> {
  await applyD1Migrations(bindings.DB, bindings.MIGRATIONS)
}

export interface CarrierRequest {
  method: string
  path: string
  form: Record<string, string>
}
/** `source`: absent: a step for a message; `channels`: absent: one */
interface AtCarrier {
  call: string
  seconds: number
  loud: boolean
  source?: string
  channels?: number
}
export const carrier = {
  reset: () => bindings.CARRIER.fetch('http://carrier/_/reset'),
  fail: (how: Record<string, string>) =>
    bindings.CARRIER.fetch('http://carrier/_/fail', { method: 'POST', body: JSON.stringify(how) }),
  /** Requests whose path contains `part` are performed, and never answered. */
  silent: (part: string) => bindings.CARRIER.fetch('http://carrier/_/silent', { method: 'POST', body: part }),
  /** From now on the carrier says of this call that it is over. It sends no callback. */
  over: (providerId: string) => bindings.CARRIER.fetch('http://carrier/_/over', { method: 'POST', body: providerId }),
  /** What the carrier takes for calls, by its ids, when somebody asks from now on: a text, as `-0.00850`. */
  prices: (texts: Record<string, string>) =>
    bindings.CARRIER.fetch('http://carrier/_/price', { method: 'POST', body: JSON.stringify(texts) }),
  /** Who is in a room, when somebody asks from now on. */
  room: (name: string, people: { call_sid: string; label: string; conference_sid: string }[]) =>
    bindings.CARRIER.fetch('http://carrier/_/room', { method: 'POST', body: JSON.stringify({ [name]: people }) }),
  /** What callers have left, by the carrier's id; the ids that it has now. */
  async recordings(more: Record<string, AtCarrier> = {}): Promise<string[]> {
    const body = JSON.stringify(more)
    return Object.keys(
      await (await bindings.CARRIER.fetch('http://carrier/_/recordings', { method: 'POST', body })).json(),
    )
  },
  async requests(): Promise<CarrierRequest[]> {
    return (await bindings.CARRIER.fetch('http://carrier/_/requests')).json()
  },
  async creates(to: string): Promise<CarrierRequest[]> {
    return (await carrier.requests()).filter(
      one => one.path.endsWith('/Calls.json') && one.method === 'POST' && one.form.To === to,
    )
  },
}

/** Waits for a condition, never for a time. */
export function until<T>(what: () => Promise<T>): Promise<T> {
  return vi.waitFor(what, { timeout: 20_000, interval: 20 })
}

/** A request as the carrier signs it. */
export function signed(
  path: string,
  form: Record<string, string>,
  token = bindings.TWILIO_AUTH_TOKEN ?? '',
): Promise<Response> {
  const signature = getExpectedTwilioSignature(token, `${BASE}${path}`, form)
  return request(path, {
    method: 'POST',
    headers: { 'X-Twilio-Signature': signature, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })
}

export function request(path: string, init: RequestInit = {}): Promise<Response> {
  const worker = exports as unknown as { default: Fetcher }
  return worker.default.fetch(
    `${BASE}${path}`,
    init as RequestInit<RequestInitCfProperties>,
  ) as unknown as Promise<Response>
}

/** The cookie of a demo user. */
export async function cookieOf(key: string): Promise<string> {
  const answer = await request('/api/demo/sign-in', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ key }),
  })
  const cookies = (answer.headers as Headers & { getSetCookie(): string[] }).getSetCookie()
  return cookies.map(cookie => cookie.split(';', 1)[0]).join('; ')
}
