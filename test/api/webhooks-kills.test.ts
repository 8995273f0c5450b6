/**
 * Webhooks while the Worker's process is killed: at the worst moment, when a message has arrived and its answer has not gone out. Every event of
 * the log must arrive, each call in its order, and only what was under way at a kill may arrive twice.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { call, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'

const CALLS = 6
/** The process is killed when so many messages have arrived. */
const KILLS = [2, 7, 9, 16]
/** Of one endpoint, at the same time (`AT_ONCE` in `src/actors/subscriber/delivery.ts`). */
const UNDER_WAY_MAX = 6

interface PublicEvent {
  id: string
  type: string
  data: { id: string; call_id?: string }
}

const folder = mkdtempSync(path.join(tmpdir(), 'trunkline-hooks-'))
let stage: Stage
let cookie = ''
let server: Server
let secret = ''
const got: PublicEvent[] = []
let kills = 0

beforeAll(async () => {
  stage = await setStage({ state: folder, port: 7032, networkPort: 7052, dialer: false, log: () => undefined })
  cookie = await signIn(stage.url, 'root')
  server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const headers = request.headers as Record<string, string>
      got.push(new Webhook(secret).verify(Buffer.concat(parts).toString(), headers) as PublicEvent)
      const pid = got.length >= (KILLS[kills] ?? Number.MAX_SAFE_INTEGER) ? stage.worker.pid() : null
      if (pid === null) return void response.writeHead(204).end()
      kills += 1
      process.kill(pid, 'SIGKILL')
      request.socket.destroy()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
}, 120_000)
afterAll(async () => {
  server?.close()
  await stage?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A request that is sent again until the Worker is up. */
const ask = <T>(method: string, route: string, body?: object): Promise<T> =>
  vi.waitFor(() => call<T>(stage.url, cookie, method, route, body), { timeout: 60_000, interval: 200 })

async function eventsOf(calls: readonly string[]): Promise<PublicEvent[]> {
  const found: PublicEvent[] = []
  for (let cursor = ''; ; ) {
    const page = await ask<{ items: PublicEvent[]; next: string; more: boolean }>(
      'GET',
      `/v1.0/events?limit=200${cursor}`,
    )
    found.push(...page.items)
    cursor = `&cursor=${encodeURIComponent(page.next)}`
    if (!page.more) return found.filter(({ data }) => calls.includes(data.call_id ?? ''))
  }
}

test('a Worker that is killed while messages are under way sends every event of the log, each call in its order', async () => {
  const { port } = server.address() as AddressInfo
  const made = await ask<{ secret: string }>('POST', '/v1.0/webhooks', {
    ...{ url: `http://127.0.0.1:${port}/hooks`, types: ['*'], retries: 'long' },
  })
  secret = made.secret
  const calls: string[] = []
  for (let index = 0; index < CALLS; index += 1) {
    const actions = [{ type: 'talk', option: { text: 'Good morning.', language: 'en-US' } }, { type: 'hangup' }]
    const target = `+1500200${1_000 + index * 2}`
    const placed = await ask<{ id: string }>('POST', '/v1.0/calls', {
      ...{ destinations: [{ type: 'tel', target }], actions, consent: 'test' },
    })
    calls.push(placed.id)
  }
  const hungUp = (events: PublicEvent[]) =>
    events.filter(({ type }) => type === 'call_hungup').map(({ data }) => data.id)
  const over = async () => expect(new Set(hungUp(await eventsOf(calls)))).toEqual(new Set(calls))
  await vi.waitFor(over, { timeout: 120_000, interval: 500 })
  const wanted = await eventsOf(calls)
  const missing = () => wanted.filter(({ id }) => !got.some(one => one.id === id))
  await vi.waitFor(() => expect(missing()).toEqual([]), { timeout: 120_000, interval: 200 })
  expect(kills).toBe(KILLS.length)

  const arrived = got.filter(({ data }) => calls.includes(data.call_id ?? ''))
  // Each where it came first.
  const first = [...new Map(arrived.map(one => [one.id, one])).values()]
  for (const callId of calls) {
    const idsOf = (events: PublicEvent[]) => events.flatMap(({ id, data }) => (data.call_id === callId ? [id] : []))
    expect(idsOf(first)).toEqual(idsOf(wanted))
  }
  expect(got.length - new Set(got.map(({ id }) => id)).size).toBeLessThanOrEqual(KILLS.length * UNDER_WAY_MAX)
}, 300_000)
