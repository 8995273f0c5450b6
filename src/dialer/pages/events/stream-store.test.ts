import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Subscribe } from '../../../../packages/client/src/event-connection.ts'
import { EVERYTHING, SHOWN_MAX, StreamStore } from './stream-store.ts'

class Connection {
  cursor: string | null
  closed = false
  fail: (error: Error) => void = () => undefined
  readonly done: Promise<void>
  readonly wanted: Subscribe
  constructor(wanted: Subscribe) {
    this.wanted = wanted
    this.cursor = wanted.cursor ?? null
    this.done = new Promise((_, reject) => (this.fail = reject))
  }
  close(): void {
    this.closed = true
  }
  event(n: number, type = 'call_ringing', callId = 'w_a.call_1'): void {
    this.cursor = `c${n}`
    const event = { id: `e:${n}`, type, timestamp: '2026-11-02T09:00:00.000Z', data: { call_id: callId } }
    void this.wanted.onEvent({ topic: '*', id: `e:${n}`, cursor: `c${n}`, event })
  }
}

function stage() {
  const opened: Connection[] = []
  const store = new StreamStore(wanted => {
    const one = new Connection(wanted)
    opened.push(one)
    return one
  })
  store.go()
  const ids = () => store.snapshot().events.map(({ id }) => id)
  return { store, opened, ids }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
const painted = () => vi.advanceTimersByTimeAsync(200)

test('the newest events stand first, each once, and not more than the page can show', async () => {
  const { store, opened, ids } = stage()
  for (const n of [1, 2, 2, 3]) opened[0]?.event(n)
  await painted()
  opened[0]?.event(3)
  await painted()
  expect(ids()).toEqual(['e:3', 'e:2', 'e:1'])
  for (let n = 4; n < SHOWN_MAX + 50; n += 1) opened[0]?.event(n)
  await painted()
  expect([ids().length, ids()[0]]).toEqual([SHOWN_MAX, `e:${SHOWN_MAX + 49}`])
  expect(JSON.parse(store.snapshot().events[0]?.json ?? '')).toMatchObject({ type: 'call_ringing' })
})

test('a pause leaves the server, and to go on asks for what came behind the last event', async () => {
  const { store, opened, ids } = stage()
  opened[0]?.event(1)
  store.pause()
  expect([opened[0]?.closed, store.snapshot().state]).toEqual([true, 'paused'])
  store.go()
  expect(opened[1]?.wanted).toMatchObject({ topics: ['*'], cursor: 'c1' })
  opened[1]?.event(2)
  await painted()
  expect(ids()).toEqual(['e:2', 'e:1'])
})

test('a filter asks the server for as little as it can, and drops what does not fit', async () => {
  const { store, opened, ids } = stage()
  opened[0]?.event(1)
  opened[0]?.event(2, 'call_answered')
  opened[0]?.event(3, 'call_answered', 'w_a.call_2')
  store.show({ name: 'call_answered', callId: '' })
  expect(ids()).toEqual(['e:3', 'e:2'])
  expect(opened[1]?.wanted).toMatchObject({ topics: ['call_answered'], cursor: 'c3' })
  store.show({ name: 'call_answered', callId: 'w_a.call_2' })
  expect(opened[2]?.wanted.topics).toEqual(['call:w_a.call_2'])
  opened[2]?.event(4, 'call_hungup', 'w_a.call_2')
  opened[2]?.event(5, 'call_answered', 'w_a.call_2')
  await painted()
  expect(ids()).toEqual(['e:5', 'e:3'])
  store.pause()
  store.show(EVERYTHING)
  expect([opened.length, store.snapshot().state]).toEqual([3, 'paused'])
})

test('the end of the sign-in, and a filter that the server does not know, are said', async () => {
  const { store, opened } = stage()
  opened[0]?.fail(Object.assign(new Error('over'), { status: 401 }))
  await painted()
  expect(store.snapshot()).toMatchObject({ state: 'signed-out', problem: null })
  store.show({ name: 'call_flown', callId: '' })
  opened[1]?.fail(Object.assign(new Error('there is no such topic'), { status: 400 }))
  await painted()
  expect(store.snapshot()).toMatchObject({ state: 'closed', problem: 'there is no such topic' })
  store.show(EVERYTHING)
  expect(store.snapshot().problem).toBeNull()
})
