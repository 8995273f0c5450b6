import { beforeEach, describe, expect, test } from 'vitest'
import {
  ACK_EVERY_BYTES,
  ACK_EVERY_MESSAGES,
  ANSWER_TIMEOUT_MS,
  PENDING_COMMANDS_MAX,
  RECONNECT_MAX_MS,
} from './limits.ts'
import { DeskLink, type LinkState, type SocketLike } from './link.ts'

/** A socket whose other end is the test. */
class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number; reason: string }) => void) | null = null
  readonly sent: Record<string, unknown>[] = []
  closed = false
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close() {
    this.closed = true
  }
  receive(message: unknown) {
    this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) })
  }
  break() {
    this.onclose?.({ code: 1006, reason: '' })
  }
  ofType(type: string) {
    return this.sent.filter(one => one.type === type)
  }
}

/** A clock that the test moves. */
class FakeTime {
  nowMs = 0
  #next = 1
  readonly #timers = new Map<number, { atMs: number; run: () => void }>()
  set = (run: () => void, ms: number) => {
    this.#timers.set(this.#next, { atMs: this.nowMs + ms, run })
    return this.#next++
  }
  clear = (timer: number) => void this.#timers.delete(timer)
  advance(ms: number) {
    const until = this.nowMs + ms
    for (;;) {
      const due = [...this.#timers].filter(([, { atMs }]) => atMs <= until).sort((a, b) => a[1].atMs - b[1].atMs)[0]
      if (due === undefined) break
      this.#timers.delete(due[0])
      this.nowMs = due[1].atMs
      due[1].run()
    }
    this.nowMs = until
  }
}

let sockets: FakeSocket[]
let time: FakeTime
let views: number[]
let states: LinkState['name'][]
let neverOpened: number
let link: DeskLink

const view = (seq: number, padding = '') => ({ type: 'view', seq, view: { at: 5, padding }, facts: [] })
const latest = () => sockets.at(-1) as FakeSocket
function open(seq = 1) {
  latest().onopen?.()
  latest().receive(view(seq))
}

beforeEach(() => {
  sockets = []
  time = new FakeTime()
  views = []
  states = []
  neverOpened = 0
  let ids = 0
  link = new DeskLink({
    tabId: 'tab-1',
    openSocket: () => {
      const socket = new FakeSocket()
      sockets.push(socket)
      return socket
    },
    nowMs: () => time.nowMs,
    random: () => 1,
    newId: () => `id-${++ids}`,
    setTimer: time.set,
    clearTimer: time.clear,
    onView: message => views.push(message.seq),
    onState: state => states.push(state.name),
    onNeverOpened: () => {
      neverOpened += 1
    },
  })
})

describe('hello and resume', () => {
  test('the first message is hello with the last seq seen; the first answer opens the link [S3-52]', () => {
    link.start()
    latest().onopen?.()
    expect(latest().sent[0]).toMatchObject({ type: 'hello', protocol: 1, tabId: 'tab-1', since: 0 })
    expect(link.state.name).toBe('connecting')
    latest().receive(view(7))
    expect(link.state.name).toBe('open')
    expect(views).toEqual([7])
    latest().break()
    time.advance(RECONNECT_MAX_MS)
    latest().onopen?.()
    expect(latest().sent[0]).toMatchObject({ type: 'hello', since: 7 })
  })

  test('garbage and unknown kinds are dropped, and the link stays', () => {
    link.start()
    open()
    for (const bad of ['{', 'null', '"view"', '{"type":"confetti"}', '[]']) latest().receive(bad)
    expect(link.state.name).toBe('open')
    expect(views).toEqual([1])
  })
})

describe('commands', () => {
  test('accepted and refused settle the promise of their own id only', async () => {
    link.start()
    open()
    const one = link.send({ type: 'session.pause' })
    const two = link.send({ type: 'session.stop' })
    const [first, second] = latest().sent.slice(-2)
    latest().receive({ type: 'refused', id: second?.id, reason: 'busy', message: 'later' })
    latest().receive({ type: 'accepted', id: first?.id })
    latest().receive({ type: 'accepted', id: 'nobody' })
    expect(await one).toEqual({ ok: true })
    expect(await two).toEqual({ ok: false, reason: 'busy', message: 'later' })
  })

  test('with the link down a command is refused at once and never sent later', async () => {
    link.start()
    expect(await link.send({ type: 'session.stop' })).toMatchObject({ ok: false, reason: 'link-down' })
    open()
    expect(latest().ofType('session.stop')).toEqual([])
  })

  test('a command without an answer goes out again under the same id after the reconnect', async () => {
    link.start()
    open()
    const answer = link.send({ type: 'call.hang-up', callId: 'c1' })
    const id = latest().ofType('call.hang-up')[0]?.id
    latest().break()
    time.advance(200)
    open(2)
    expect(latest().ofType('call.hang-up')).toEqual([{ id, type: 'call.hang-up', callId: 'c1' }])
    latest().receive({ type: 'accepted', id })
    expect(await answer).toEqual({ ok: true })
  })

  test('no answer in time: given back as failed, and the deaf socket is replaced', async () => {
    link.start()
    open()
    const answer = link.send({ type: 'session.pause' })
    time.advance(ANSWER_TIMEOUT_MS)
    expect(await answer).toMatchObject({ ok: false, reason: 'no-answer' })
    expect(sockets[0]?.closed).toBe(true)
    expect(link.state.name).toBe('waiting')
  })

  test('more than the limit under way, or too long a text, is refused here', async () => {
    link.start()
    open()
    for (let i = 0; i < PENDING_COMMANDS_MAX; i += 1) void link.send({ type: 'session.pause' })
    expect(await link.send({ type: 'session.pause' })).toMatchObject({ reason: 'too-many' })
    link.stop()
    link.start()
    open()
    const long = { type: 'note.saved' as const, callId: 'c', text: 'é'.repeat(40_000) }
    expect(await link.send(long)).toMatchObject({ reason: 'malformed' })
  })
})

describe('acknowledgements', () => {
  test('after 32 messages, after 64 KiB, or after a second', () => {
    link.start()
    open(1)
    for (let seq = 2; seq < ACK_EVERY_MESSAGES; seq += 1) latest().receive(view(seq))
    expect(latest().ofType('ack')).toEqual([])
    latest().receive(view(ACK_EVERY_MESSAGES))
    expect(
      latest()
        .ofType('ack')
        .map(({ seq }) => seq),
    ).toEqual([ACK_EVERY_MESSAGES])
    latest().receive(view(40, 'x'.repeat(ACK_EVERY_BYTES)))
    expect(latest().ofType('ack')).toHaveLength(2)
    latest().receive(view(41))
    time.advance(999)
    expect(latest().ofType('ack')).toHaveLength(2)
    time.advance(1)
    expect(latest().ofType('ack').at(-1)).toMatchObject({ seq: 41 })
  })
})

describe('reconnect', () => {
  test('the wait grows to 5 s and starts again at 0.2 s after a good connection', () => {
    link.start()
    open()
    const waits: number[] = []
    for (let i = 0; i < 8; i += 1) {
      latest().break()
      const { state } = link
      if (state.name === 'waiting') waits.push(state.retryAtMs - time.nowMs)
      time.advance(RECONNECT_MAX_MS)
    }
    expect(waits).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000])
    open(9)
    latest().break()
    expect(link.state).toMatchObject({ name: 'waiting', retryAtMs: time.nowMs + 200 })
  })

  test('a socket that never opened says so: perhaps the session is over', () => {
    link.start()
    latest().break()
    expect(neverOpened).toBe(1)
    time.advance(RECONNECT_MAX_MS)
    open()
    latest().break()
    expect(neverOpened).toBe(1)
  })

  test('retryNow connects at once, and only one socket lives', () => {
    link.start()
    open()
    latest().break()
    link.retryNow()
    expect(sockets).toHaveLength(2)
    time.advance(RECONNECT_MAX_MS)
    expect(sockets).toHaveLength(2)
    link.retryNow()
    expect(sockets).toHaveLength(2)
  })

  test('a message of an abandoned socket changes nothing', () => {
    link.start()
    open()
    const old = latest()
    const hear = old.onmessage
    old.break()
    hear?.({ data: JSON.stringify(view(99)) })
    expect(views).toEqual([1])
  })

  test('stop answers what waits, and nothing comes back by itself', async () => {
    link.start()
    open()
    const answer = link.send({ type: 'session.pause' })
    link.stop()
    expect(await answer).toMatchObject({ reason: 'link-down' })
    time.advance(60_000)
    expect(sockets).toHaveLength(1)
    expect(states.at(-1)).toBe('off')
  })
})
