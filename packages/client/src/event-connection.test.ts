import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type EventMessage, Trunkline } from './index.ts'

/** A server's side of the sockets that a connection opens, one after the other. */
class Server {
  readonly sockets: FakeSocket[] = []
  readonly headers: unknown[] = []
  readonly WebSocket: typeof WebSocket

  constructor() {
    const server = this
    this.WebSocket = class extends FakeSocket {
      constructor(url: string, options: unknown) {
        super(url)
        server.sockets.push(this)
        server.headers.push(options)
      }
    } as unknown as typeof WebSocket
  }
  get last(): FakeSocket {
    const socket = this.sockets.at(-1)
    if (socket === undefined) throw new Error('nothing was opened')
    return socket
  }
}

class FakeSocket extends EventTarget {
  readonly url: string
  readyState = 0
  readonly said: Record<string, unknown>[] = []

  constructor(url: string) {
    super()
    this.url = url
  }
  send(text: string): void {
    this.said.push(JSON.parse(text) as Record<string, unknown>)
  }
  close(): void {
    this.readyState = 3
  }
  opens(): void {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
  }
  says(message: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }))
  }
  event(n: number): void {
    this.says({ type: 'event', topic: '*', id: `e:${n}`, cursor: `c${n}`, event: { type: 'call_ringing' } })
  }
  breaks(code: number): void {
    this.readyState = 3
    this.dispatchEvent(Object.assign(new Event('close'), { code }))
  }
  get acks(): unknown[] {
    return this.said.filter(({ type }) => type === 'ack').map(({ cursor }) => cursor)
  }
}

function connected(onEvent: (message: EventMessage) => void | Promise<void>, cursor: string | null = null) {
  const server = new Server()
  const states: string[] = []
  const refusal = { status: 400 }
  const client = new Trunkline({
    baseUrl: 'https://calls.example.com',
    key: 'tk_secret',
    fetch: async () => new Response(JSON.stringify({ title: 'No', detail: 'Not now.' }), refusal),
  })
  const onState = (state: string) => void states.push(state)
  const connection = client.events.connect({ topics: ['*'], cursor, onEvent, onState, WebSocket: server.WebSocket })
  return { server, states, connection, refusal }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
/** All that follows at once has happened. */
const settled = () => vi.advanceTimersByTimeAsync(0)

test('a connection has its key in the header and not in the address, and acknowledges what was handled', async () => {
  const got: string[] = []
  const { server, states, connection } = connected(({ id }) => void got.push(id))
  expect(server.last.url).toBe('wss://calls.example.com/v1.0/ws')
  expect(server.headers).toEqual([{ headers: { Authorization: 'Bearer tk_secret' } }])
  server.last.opens()
  expect(server.last.said).toEqual([{ type: 'subscribe', topics: ['*'], cursor: null }])
  server.last.says({ type: 'subscribed', topics: ['*'], cursor: 'c0' })
  expect(connection.cursor).toBe('c0')
  for (let n = 1; n <= 45; n += 1) server.last.event(n)
  server.last.says({ type: 'caught_up', cursor: 'c45' })
  await settled()
  expect(got).toHaveLength(45)
  expect(server.last.acks).toEqual(['c20', 'c40', 'c45'])
  expect([connection.cursor, states]).toEqual(['c45', ['connecting', 'catching-up', 'live']])
  connection.close()
  await connection.done
  expect([server.last.readyState, states.at(-1)]).toEqual([3, 'closed'])
})

test('after a break it goes on behind the last event that was handled, ever more slowly while the server is away', async () => {
  let release: () => void = () => undefined
  const { server, states, connection } = connected(({ id }) => {
    if (id === 'e:2') return new Promise<void>(resolve => (release = resolve))
  }, 'c0')
  server.last.opens()
  for (const n of [1, 2, 3]) server.last.event(n)
  await settled()
  server.last.breaks(1006)
  release()
  await settled()
  expect(connection.cursor).toBe('c1')
  const opened: number[] = []
  for (let ms = 0; ms < 60_000; ms += 50) {
    await vi.advanceTimersByTimeAsync(50)
    if (server.sockets.length > opened.length + 1) {
      opened.push(ms)
      server.last.breaks(1006)
      await settled()
    }
  }
  const pauses = opened.map((at, index) => at - (opened[index - 1] ?? 0))
  expect(pauses.at(-1)).toBeGreaterThan(5_000)
  expect(pauses[0]).toBeLessThan(500)
  await vi.advanceTimersByTimeAsync(15_000)
  server.last.opens()
  expect(server.last.said).toEqual([{ type: 'subscribe', topics: ['*'], cursor: 'c1' }])
  expect(states.slice(0, 3)).toEqual(['connecting', 'waiting', 'connecting'])
  connection.close()
})

test('an event whose handling throws comes again, and nothing behind it is handled before', async () => {
  const got: string[] = []
  const { server, connection } = connected(({ id }) => {
    got.push(id)
    if (got.length === 2) throw new Error('the disk is full')
  }, 'c0')
  server.last.opens()
  for (const n of [1, 2, 3]) server.last.event(n)
  await settled()
  expect([got, connection.cursor]).toEqual([['e:1', 'e:2'], 'c1'])
  await vi.advanceTimersByTimeAsync(1_000)
  server.last.opens()
  expect(server.last.said[0]).toMatchObject({ cursor: 'c1' })
  for (const n of [2, 3]) server.last.event(n)
  await settled()
  expect(got).toEqual(['e:1', 'e:2', 'e:2', 'e:3'])
  connection.close()
})

test('a server that says nothing any more is left, and pings keep a quiet one', async () => {
  const { server, connection } = connected(() => undefined)
  const first = server.last
  first.opens()
  for (let n = 0; n < 6; n += 1) {
    await vi.advanceTimersByTimeAsync(20_000)
    first.says({ type: 'pong', cursor: null })
  }
  expect(server.sockets).toHaveLength(1)
  expect(first.said.filter(({ type }) => type === 'ping')).toHaveLength(6)
  await vi.advanceTimersByTimeAsync(65_000)
  expect(server.sockets.length).toBeGreaterThan(1)
  expect(first.readyState).toBe(3)
  connection.close()
})

test('a sign-in that was renewed, or a role that has changed, is no end: the server takes the next socket', async () => {
  const { server, connection } = connected(() => undefined)
  server.last.opens()
  server.last.breaks(4401)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(server.sockets).toHaveLength(2)
  connection.close()
  const gone = connected(() => undefined, 'c0')
  gone.server.last.opens()
  gone.server.last.breaks(4410)
  await expect(gone.connection.done).rejects.toMatchObject({ status: 410 })
})

test('what would not get better ends it with the reason: signed out, refused, a wrong topic', async () => {
  const out = connected(() => undefined)
  out.refusal.status = 401
  out.server.last.opens()
  out.server.last.breaks(4401)
  await expect(out.connection.done).rejects.toMatchObject({ status: 401 })
  const refused = connected(() => undefined)
  refused.refusal.status = 403
  refused.server.last.breaks(1006)
  await expect(refused.connection.done).rejects.toMatchObject({ status: 403, message: 'Not now.' })
  const wrong = connected(() => undefined)
  wrong.server.last.opens()
  wrong.server.last.says({ type: 'error', code: 'unknown-topic', field: 'topics.0', message: 'there is no such topic' })
  await expect(wrong.connection.done).rejects.toMatchObject({ title: 'unknown-topic', fields: [{ field: 'topics.0' }] })
  await vi.advanceTimersByTimeAsync(60_000)
  for (const { server, states } of [out, refused, wrong]) {
    expect(server.sockets).toHaveLength(1)
    expect(states.at(-1)).toBe('closed')
  }
})
