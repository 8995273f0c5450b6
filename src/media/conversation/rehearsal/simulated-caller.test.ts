import { describe, expect, test } from 'vitest'
import { FRAME_BYTES, MULAW_SILENCE } from '../../../sound/mulaw.ts'
import {
  type CallerStep,
  FELL_SILENT_MS,
  FRAME_MS,
  LISTEN_MS_MAX,
  type PreparedAct,
  SimulatedCaller,
} from './simulated-caller.ts'

const START_MS = 10_000
/** near full scale in µ-law */
const LOUD = 0x80
const loud = (ms: number) => new Uint8Array((ms / FRAME_MS) * FRAME_BYTES).fill(LOUD)

/** A caller with a clock of its own. `run` lets time pass and records each step with its time. */
class Clock {
  readonly caller: SimulatedCaller
  nowMs = START_MS
  readonly steps: (CallerStep & { atMs: number })[] = []

  constructor(acts: PreparedAct[]) {
    this.caller = new SimulatedCaller(acts, START_MS)
  }

  run(ms: number): this {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; this.nowMs += FRAME_MS)
      for (const step of this.caller.tick(this.nowMs)) this.steps.push({ ...step, atMs: this.nowMs - START_MS })
    return this
  }

  of<T extends CallerStep['type']>(type: T) {
    return this.steps.filter(step => step.type === type) as (Extract<CallerStep, { type: T }> & { atMs: number })[]
  }

  /** the times at which its voice was sent */
  get spoke(): number[] {
    return this.of('frame')
      .filter(step => step.mulaw.some(byte => byte !== MULAW_SILENCE))
      .map(step => step.atMs)
  }
}

test('a frame leaves every 20 ms, silent when there is nothing to say', () => {
  const clock = new Clock([]).run(1_000)
  expect(clock.of('frame')).toHaveLength(50)
  expect(clock.spoke).toEqual([])
  expect(clock.of('frame').every(step => step.mulaw.length === FRAME_BYTES)).toBe(true)
})

test('a clock that was late is made up for, but not without end', () => {
  const caller = new SimulatedCaller([], START_MS)
  expect(caller.tick(START_MS)).toHaveLength(1)
  expect(caller.tick(START_MS + 100)).toHaveLength(5)
  expect(caller.tick(START_MS + 60_000)).toHaveLength(51)
  expect(caller.nextMs).toBe(START_MS + 60_020)
})

test('it speaks when the agent has spoken and fallen silent, and hangs up at the end', () => {
  const clock = new Clock([{ do: 'listen' }, { do: 'say', mulaw: loud(200).subarray(0, -10) }, { do: 'hang-up' }])
  clock.run(2_000)
  expect(clock.spoke).toEqual([])
  clock.caller.receive({ type: 'audio', mulaw: loud(1_000) })
  clock.run(4_000)
  const [first = 0] = clock.spoke
  expect(first).toBeGreaterThanOrEqual(3_000 + FELL_SILENT_MS - FRAME_MS)
  expect(first).toBeLessThanOrEqual(3_000 + FELL_SILENT_MS + FRAME_MS)
  expect(clock.spoke).toHaveLength(10)
  const [end] = clock.of('hung-up')
  expect(end?.atMs).toBe(first + 200)
  // Nothing follows the hang-up.
  expect(clock.steps.at(-1)?.type).toBe('hung-up')
  expect(clock.caller.done).toBe(false)
})

test('a short breath of the agent is not its end', () => {
  const clock = new Clock([{ do: 'listen' }, { do: 'say', mulaw: loud(20) }])
  clock.caller.receive({ type: 'audio', mulaw: loud(500) })
  clock.run(500 + FELL_SILENT_MS - 100)
  clock.caller.receive({ type: 'audio', mulaw: loud(500) })
  clock.run(600)
  expect(clock.spoke).toEqual([])
  clock.run(1_000)
  expect(clock.spoke).toHaveLength(1)
})

test('who waits in vain speaks all the same', () => {
  const clock = new Clock([{ do: 'listen' }, { do: 'say', mulaw: loud(20) }]).run(LISTEN_MS_MAX + 100)
  expect(clock.spoke).toEqual([LISTEN_MS_MAX])
})

test('a pause is as long as it says, and then it speaks over whoever speaks', () => {
  const clock = new Clock([
    { do: 'pause', ms: 400 },
    { do: 'say', mulaw: loud(40) },
  ])
  clock.caller.receive({ type: 'audio', mulaw: loud(5_000) })
  expect(clock.run(1_000).spoke).toEqual([400, 420])
})

test('keys come one after the other; w waits', () => {
  const clock = new Clock([{ do: 'press', keys: '1w#' }]).run(2_000)
  expect(clock.of('digit').map(step => step.digit)).toEqual(['1', '#'])
  const [one, two] = clock.of('digit')
  expect((two?.atMs ?? 0) - (one?.atMs ?? 0)).toBe(740)
  expect(clock.caller.done).toBe(true)
})

describe('marks', () => {
  test('come back when their sound has been played', () => {
    const clock = new Clock([])
    clock.caller.receive({ type: 'audio', mulaw: loud(200) })
    clock.caller.receive({ type: 'mark', name: 'a', text: '' })
    clock.caller.receive({ type: 'audio', mulaw: loud(100) })
    clock.caller.receive({ type: 'mark', name: 'b', text: '' })
    clock.run(1_000)
    expect(clock.of('mark').map(({ name, atMs }) => [name, atMs])).toEqual([
      ['a', 180],
      ['b', 280],
    ])
  })

  test('all come back at once after a clear, and their sound is not heard', () => {
    const clock = new Clock([{ do: 'listen' }, { do: 'hang-up' }])
    clock.caller.receive({ type: 'audio', mulaw: loud(5_000) })
    clock.caller.receive({ type: 'mark', name: 'a', text: '' })
    clock.caller.receive({ type: 'mark', name: 'b', text: '' })
    clock.run(500)
    clock.caller.receive({ type: 'clear' })
    clock.caller.receive({ type: 'mark', name: 'c', text: '' })
    clock.run(2_000)
    expect(clock.of('mark').map(({ name, atMs }) => [name, atMs])).toEqual([
      ['a', 500],
      ['b', 500],
      ['c', 500],
    ])
    expect(clock.of('hung-up')[0]?.atMs).toBe(500 + FELL_SILENT_MS)
  })
})
