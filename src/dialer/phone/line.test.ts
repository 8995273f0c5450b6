import { beforeEach, expect, test } from 'vitest'
import { LineKeeper } from './line.ts'

class FakeCall {
  readonly #listeners = new Map<string, (...args: unknown[]) => void>()
  hungUp = false
  on(event: string, listener: (...args: unknown[]) => void) {
    this.#listeners.set(event, listener)
  }
  emit(event: string, ...args: unknown[]) {
    this.#listeners.get(event)?.(...args)
  }
  disconnect() {
    this.hungUp = true
  }
}

let calls: FakeCall[]
let phases: string[]
let timers: { run: () => void; ms: number; id: number }[]
let fails: boolean
let plays: boolean
let line: LineKeeper<FakeCall>

/** Runs the continuations of all settled promises. */
async function settled() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
const waits = () => timers.map(({ ms }) => ms)
function fire() {
  const next = timers.shift()
  next?.run()
  return settled()
}

beforeEach(() => {
  calls = []
  phases = []
  timers = []
  fails = false
  plays = true
  let ids = 0
  line = new LineKeeper<FakeCall>({
    connect: () => {
      if (fails) return Promise.reject(new Error('no'))
      const call = new FakeCall()
      calls.push(call)
      return Promise.resolve(call)
    },
    audible: () => Promise.resolve(plays),
    onPhase: phase => phases.push(phase),
    onCall: () => undefined,
    onError: () => undefined,
    setTimer: (run, ms) => {
      ids += 1
      timers.push({ run, ms, id: ids })
      return ids
    },
    clearTimer: id => {
      timers = timers.filter(timer => timer.id !== id)
    },
  })
})

test('opens once and is open when the room answers', async () => {
  line.want()
  line.want()
  await settled()
  line.want()
  expect(calls).toHaveLength(1)
  calls[0]?.emit('accept')
  await settled()
  expect(phases).toEqual(['opening', 'open'])
  expect(waits()).toEqual([])
})

test('a drop is mended at once, then slower and slower', async () => {
  line.want()
  await settled()
  calls[0]?.emit('accept')
  calls[0]?.emit('disconnect')
  expect(waits()).toEqual([0])
  fails = true
  const seen: number[] = []
  for (let i = 0; i < 7; i += 1) {
    seen.push(...waits())
    await fire()
  }
  expect(seen).toEqual([0, 300, 700, 1500, 3000, 5000, 5000])
  fails = false
  await fire()
  calls.at(-1)?.emit('accept')
  calls.at(-1)?.emit('disconnect')
  expect(waits()).toEqual([0])
})

test('a room that never answers is given up after ten seconds', async () => {
  line.want()
  await settled()
  expect(waits()).toEqual([10_000])
  await fire()
  expect(calls[0]?.hungUp).toBe(true)
  expect(waits()).toEqual([0])
})

test('an error while opening tries again; one in a living call does not', async () => {
  line.want()
  await settled()
  calls[0]?.emit('error', new Error('31005'))
  expect(waits()).toEqual([0])
  await fire()
  calls[1]?.emit('accept')
  calls[1]?.emit('error', new Error('31003'))
  expect(line.call).toBe(calls[1])
})

test('sound that the browser keeps off asks for a gesture, and opens after it', async () => {
  plays = false
  line.want()
  await settled()
  calls[0]?.emit('accept')
  await settled()
  expect(phases.at(-1)).toBe('needs-gesture')
  line.gestureGiven()
  expect(phases.at(-1)).toBe('open')
})

test('stopped: hung up and not mended', async () => {
  line.want()
  await settled()
  calls[0]?.emit('accept')
  line.stop()
  calls[0]?.emit('disconnect')
  expect(calls[0]?.hungUp).toBe(true)
  expect(waits()).toEqual([])
  expect(phases.at(-1)).toBe('closed')
})

test('stopped while it connects: the late call is hung up', async () => {
  line.want()
  line.stop()
  await settled()
  expect(calls[0]?.hungUp).toBe(true)
  expect(line.call).toBeNull()
})
