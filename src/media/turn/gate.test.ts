import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BARGE_IN_GATE, createGate, type GateChange, TURN_GATE } from './gate.ts'

function changes(probabilities: (number | null)[], rules = TURN_GATE): GateChange[] {
  const gate = createGate(rules)
  return probabilities.flatMap((one, at) => gate.hear((at + 1) * 20, one) ?? [])
}
const times = (count: number, value: number | null) => new Array<number | null>(count).fill(value)

test('opens on three of four frames, closes 300 ms after the last speech', () => {
  expect(changes([0.1, 0.9, 0.1, 0.9, 0.9, ...times(20, 0.1)])).toEqual([
    { type: 'opened', atMs: 100, sinceMs: 20 },
    { type: 'closed', atMs: 400, sinceMs: 100 },
  ])
})

test('a click does not open; a soft syllable between the two bars does not close [S2-8]', () => {
  expect(changes([...times(10, 0.1), 0.99, 0.99, ...times(10, 0.1)])).toEqual([])
  expect(changes([...times(5, 0.9), ...times(50, 0.3)]).length).toBe(1)
})

test('a pause shorter than the hangover stays one turn', () => {
  const pause = times(14, 0)
  expect(changes([...times(5, 0.9), ...pause, 0.9, ...pause, 0.9]).map(one => one.type)).toEqual(['opened'])
})

test('barge-in wants eight of nine', () => {
  expect(changes(times(7, 0.9), BARGE_IN_GATE)).toEqual([])
  expect(changes(times(8, 0.9), BARGE_IN_GATE)).toEqual([{ type: 'opened', atMs: 160, sinceMs: 0 }])
})

test('between two chunks of the network the last probability holds; what is no number is silence', () => {
  expect(changes([null, 0.9, null, null])).toEqual([{ type: 'opened', atMs: 80, sinceMs: 20 }])
  expect(changes([Number.NaN, Number.NaN, Number.NaN, Number.NaN])).toEqual([])
})

test('frames that stay away close by the clock', () => {
  const gate = createGate()
  for (const atMs of [20, 40, 60]) gate.hear(atMs, 0.9)
  expect(gate.hear(100, 0)).toBeNull()
  expect(gate.quietSinceMs).toBe(80)
  expect(gate.hear(5_000, 0)).toEqual({ type: 'closed', atMs: 5_000, sinceMs: 80 })
})

test.each([
  { needed: 5, window: 4 },
  { needed: 0 },
  { window: 31 },
  { closeBelow: 0.8 },
  { closeBelow: 0 },
  { closeAfterMs: 0 },
  { openFrom: Number.NaN },
])('rules that cannot work are refused: %j', wrong => {
  expect(() => createGate({ ...TURN_GATE, ...wrong })).toThrow(RangeError)
})

test('fuzz: opened and closed take turns, times run forward, and a closing silence was really silent', () => {
  const frame = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null })
  fc.assert(
    fc.property(fc.array(fc.tuple(frame, fc.integer({ min: -40, max: 120 })), { maxLength: 300 }), frames => {
      const gate = createGate()
      let [atMs, open, last] = [0, false, 0]
      let lastSpeechMs = Number.NEGATIVE_INFINITY
      for (const [probability, step] of frames) {
        const before = atMs
        atMs = Math.max(atMs, atMs + step)
        const change = gate.hear(before + step, probability)
        last = probability ?? last
        if (last >= TURN_GATE.closeBelow) lastSpeechMs = atMs
        const turn = open ? 'closed' : 'opened'
        expect(change?.type ?? turn).toBe(turn)
        expect(!change || change.sinceMs < change.atMs).toBe(true)
        const silentMs = change?.type === 'closed' ? change.atMs - lastSpeechMs : Number.POSITIVE_INFINITY
        expect(silentMs).toBeGreaterThanOrEqual(TURN_GATE.closeAfterMs - 20)
        if (change) open = change.type === 'opened'
        expect(gate.open).toBe(open)
      }
    }),
    { seed: 4, numRuns: 300 },
  )
})
