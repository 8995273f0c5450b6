/**
 * Webhooks as a customer gets them: an unmodified express server verifies with the unmodified `standardwebhooks` package. It fails, is down,
 * and comes back; calls are placed with a key on the local stack.
 */
import type { Server } from 'node:http'
import express from 'express'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type ApiStage, setApiStage } from './api-stage.ts'

interface Got {
  id: string
  timestamp: string
  type: string
  data: { id: string; call_id: string; status: string; hangup_reason: string | null }
  at: number
  /** the status of the call by `GET /v1.0/calls/{id}` when the event came */
  read: string
}

let stage: ApiStage

beforeAll(async () => {
  stage = await setApiStage(7030)
}, 120_000)
afterAll(() => stage?.close())

/** A customer's server. It answers by `answers`, and with 204 when there are no more. */
class Consumer {
  readonly got: Got[] = []
  readonly attempts: { id: string; call: string; at: number }[] = []
  /** statuses for the first attempts about calls that are placed later than this */
  answers: number[] = []
  readonly #left = new Map<string, number[]>()
  secret = ''
  refused = 0
  reads = false
  /** does not answer at all */
  silent = false
  #server: Server | null = null
  #port = 0

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hooks`
  }

  async up(): Promise<void> {
    const app = express()
    app.post('/hooks', express.raw({ type: 'application/json' }), async (request, response) => {
      const at = Date.now()
      const headers = request.headers as Record<string, string>
      const body = (request.body as Buffer).toString()
      const { data } = JSON.parse(body) as Got
      this.attempts.push({ id: headers['webhook-id'] ?? '', call: data.call_id, at })
      if (this.silent) return
      const left = this.#left.get(data.call_id) ?? [...this.answers]
      this.#left.set(data.call_id, left)
      const status = left.shift() ?? 204
      if (status >= 300) return void response.status(status).send('not now')
      try {
        const event = new Webhook(this.secret).verify(body, headers) as Got
        const read = this.reads ? await statusOf(event.data.call_id) : ''
        this.got.push({ ...event, at, read })
        response.sendStatus(status)
      } catch {
        this.refused += 1
        response.sendStatus(401)
      }
    })
    await new Promise<void>(resolve => {
      this.#server = app.listen(this.#port, '127.0.0.1', () => resolve())
    })
    const address = this.#server?.address()
    if (typeof address === 'object' && address !== null) this.#port = address.port
  }

  /** From now on it takes what it refused. */
  forgive(): void {
    this.#left.clear()
  }

  async down(): Promise<void> {
    this.#server?.closeAllConnections()
    await new Promise(resolve => this.#server?.close(resolve))
  }

  of(callId: string): Got[] {
    return this.got.filter(({ data }) => data.call_id === callId)
  }
}

async function ask<T>(method: string, path: string, body?: unknown, status = 0): Promise<T> {
  const answer = await fetch(`${stage.url}${path}`, {
    method,
    headers: { Authorization: `Bearer ${stage.key}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const json = (await answer.json()) as T
  expect(answer.status, JSON.stringify(json)).toBe(status || answer.status)
  return json
}
const statusOf = async (callId: string) => (await ask<{ status: string }>('GET', `/v1.0/calls/${callId}`)).status

async function subscribe(consumer: Consumer, more: object = {}): Promise<string> {
  const made = await ask<{ id: string; secret: string }>('POST', '/v1.0/webhooks', { url: consumer.url, ...more }, 201)
  consumer.secret = made.secret
  return made.id
}

let placed = 0
/** Each call goes to a phone of its own, which rings for a second. */
async function place(): Promise<string> {
  placed += 1

  const { id } = await ask<{ id: string }>(
    'POST',
    '/v1.0/calls',
    {
      destinations: [{ type: 'tel', target: `+150020010${placed + 10}` }],
      actions: [
        { id: 'hello', type: 'talk', option: { text: 'Good morning.', language: 'en-US' }, next_id: 'bye' },
        { id: 'bye', type: 'hangup' },
      ],
      consent: 'test',
    },
    201,
  )
  return id
}

const until = <T>(what: () => T | Promise<T>, timeout = 30_000) => vi.waitFor(what, { timeout, interval: 25 })
const isOver = (consumer: Consumer, callId: string) =>
  until(() => expect(consumer.of(callId).map(({ type }) => type)).toContain('call_hungup'))

test('a call is told to an express server event by event, and its status is stored before each is sent [S1-8] [S1-9] [S1-11] [S1-50]', async () => {
  const consumer = new Consumer()
  await consumer.up()
  consumer.reads = true
  await subscribe(consumer)
  const callId = await place()
  await isOver(consumer, callId)
  const got = consumer.of(callId)
  expect(got.map(({ type }) => type)).toEqual([
    'call_created',
    'call_dialing',
    'call_ringing',
    'call_answered',
    'call_hungup',
  ])
  expect(got.map(({ data }) => data.status)).toEqual(['dialing', 'dialing', 'ringing', 'progressing', 'hangup'])
  expect(got.at(-1)).toMatchObject({ read: 'hangup', data: { id: callId, hangup_reason: 'normal' } })
  expect(consumer.refused).toBe(0)
  await consumer.down()
}, 60_000)

const LIFE = ['call_created', 'call_dialing', 'call_ringing', 'call_answered', 'call_hungup']
const typesOf = (got: Got[]) => got.map(({ type }) => type)

test.concurrent('a server that is down during a call gets each event once and in order when it is up again', async () => {
  const consumer = new Consumer()
  await consumer.up()
  await subscribe(consumer, { retries: 'long' })
  await consumer.down()
  const callId = await place()
  await until(async () => expect(await statusOf(callId)).toBe('hangup'))
  expect(consumer.of(callId)).toEqual([])
  await consumer.up()
  await isOver(consumer, callId)
  expect(typesOf(consumer.of(callId))).toEqual(LIFE)
  expect(new Set(consumer.of(callId).map(({ id }) => id)).size).toBe(LIFE.length)
  await consumer.down()
}, 90_000)

test.concurrent('500, 500, 500, 200: four attempts with one id, 1, 4 and 16 s apart [S1-51]', async () => {
  const consumer = new Consumer()
  consumer.answers = [500, 500, 500]
  await consumer.up()
  const id = await subscribe(consumer, { types: ['call_ringing', 'call_hungup'] })
  const callId = await place()
  await isOver(consumer, callId)
  expect(typesOf(consumer.of(callId))).toEqual(['call_ringing', 'call_hungup'])
  const mine = consumer.attempts.filter(({ call }) => call === callId)
  const first = mine.slice(0, 4)
  expect(new Set(first.map(one => one.id)).size).toBe(1)
  const pauses = first.slice(1).map(({ at }, index) => (at - (first[index]?.at ?? 0)) / 1_000)
  for (const [index, seconds] of [1, 4, 16].entries()) {
    expect(pauses[index]).toBeGreaterThan(seconds * 0.79)
    expect(pauses[index]).toBeLessThan(seconds * 1.21 + 1)
  }
  const { items } = await ask<{ items: { attempt: number; status: number; state: string; answer: string }[] }>(
    'GET',
    `/v1.0/webhooks/${id}/deliveries?call_id=${callId}`,
  )
  expect(items.map(({ attempt, status, state }) => [attempt, status, state])).toEqual([
    [1, 204, 'delivered'],
    [4, 204, 'delivered'],
    [3, 500, 'retrying'],
    [2, 500, 'retrying'],
    [1, 500, 'retrying'],
  ])
  expect(items.at(-1)?.answer).toBe('not now')
  await consumer.down()
}, 90_000)

test.concurrent('a server that never answers, and one that always fails, delay nobody else [S1-54]', async () => {
  const [healthy, dead, failing] = [new Consumer(), new Consumer(), new Consumer()]
  dead.silent = true
  failing.answers = Array(100).fill(500) as number[]
  for (const one of [healthy, dead, failing]) await one.up()
  const failingId = await subscribe(failing, { types: ['call_ringing'] })
  await subscribe(dead)
  await subscribe(healthy)
  const callId = await place()
  await isOver(healthy, callId)
  expect(typesOf(healthy.of(callId))).toEqual(LIFE)
  for (const { at, timestamp } of healthy.of(callId)) expect(at - Date.parse(timestamp)).toBeLessThan(1_500)
  await until(() => expect(dead.attempts.length).toBeGreaterThan(0))
  const states = async () => {
    const path = `/v1.0/webhooks/${failingId}/deliveries?call_id=${callId}`
    return (await ask<{ items: { state: string }[] }>('GET', path)).items.map(({ state }) => state)
  }
  await until(async () => expect(await states()).toEqual(['dead', 'retrying', 'retrying', 'retrying']))

  // What was given up is sent again when somebody wants it.
  failing.answers = []
  failing.forgive()
  expect(await ask('POST', `/v1.0/webhooks/${failingId}/replay`, { call_id: callId }, 202)).toEqual({ messages: 1 })
  await until(() => expect(typesOf(failing.of(callId))).toEqual(['call_ringing']))
  for (const one of [healthy, dead, failing]) await one.down()
}, 90_000)

test('secrets: the old one signs beside the new one for a day, and no answer but the first shows one', async () => {
  const consumer = new Consumer()
  await consumer.up()
  const id = await subscribe(consumer)
  const old = consumer.secret
  const rotated = await ask<{ secret: string }>('POST', `/v1.0/webhooks/${id}/rotate`, undefined, 200)
  expect(rotated.secret).not.toBe(old)
  const outcome = async () => (await ask<{ state: string }>('POST', `/v1.0/webhooks/${id}/test`, undefined, 200)).state
  expect(await outcome()).toBe('delivered')
  consumer.secret = rotated.secret
  expect(await outcome()).toBe('delivered')
  consumer.secret = `whsec_${'A'.repeat(32)}`
  expect(await outcome()).toBe('dead')
  const shown = JSON.stringify([
    await ask('GET', '/v1.0/webhooks'),
    await ask('GET', `/v1.0/webhooks/${id}`),
    await ask('GET', `/v1.0/webhooks/${id}/deliveries`),
  ])
  expect(shown).toContain(id)
  expect(shown).not.toContain('whsec_')
  await consumer.down()
}, 60_000)

test('410 ends an endpoint, which is an event and is said on reading it', async () => {
  const consumer = new Consumer()
  consumer.answers = [410]
  await consumer.up()
  const id = await subscribe(consumer)
  await place()
  const read = () => ask<{ status: string; disabled_because: string; waiting: number }>('GET', `/v1.0/webhooks/${id}`)
  await until(async () => expect(await read()).toMatchObject({ status: 'disabled', disabled_because: 'gone' }))
  await until(async () => {
    const { items } = await ask<{ items: { type: string; data: object }[] }>(
      'GET',
      '/v1.0/events?types=webhook_disabled',
    )
    expect(items).toMatchObject([{ type: 'webhook_disabled', data: { id, webhook_id: id, because: 'gone' } }])
  })
  expect(consumer.attempts.length).toBe(1)

  // Enabled again, it goes on with what it was not sent.
  consumer.answers = []
  await ask('PUT', `/v1.0/webhooks/${id}`, { enabled: true }, 200)
  await until(() => expect(typesOf(consumer.got)).toContain('call_hungup'))
  expect((await read()).status).toBe('enabled')
  await consumer.down()
}, 60_000)
