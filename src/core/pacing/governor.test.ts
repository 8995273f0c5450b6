import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ANSWERS_MIN, type Asked, forecastOf, govern, NO_TALLY, rateOf, upperBoundOf } from './governor.ts'

const tally = (answered: number, abandoned: number, dialed = answered * 10) => ({
  ...{ dialed, answered, abandoned },
  expected: abandoned,
})
const asked = (more: Partial<Asked> = {}): Asked => ({
  ...{ idle: 5, day: tally(100, 1), month: tally(2_000, 20) },
  ...{ limit: 0.03, losers: 'ring-out' as const, perAgentMax: 6 },
  ...more,
})

test('nobody is free: nothing rings', () => {
  expect(govern(asked({ idle: 0 }))).toMatchObject({ lines: 0, because: 'nobody-free' })
})

test('with few answers two lines ring for an agent at most, and fewer if even they are too many', () => {
  const fresh = { day: NO_TALLY, month: NO_TALLY }
  expect(govern(asked(fresh))).toMatchObject({ lines: 10, because: 'few-answers' })
  const often = { ...NO_TALLY, dialed: ANSWERS_MIN * 2, answered: ANSWERS_MIN - 1 }
  expect(govern(asked({ idle: 1, day: often, month: often }))).toMatchObject({ lines: 1, because: 'limit' })
})

test('a month over the limit leaves a line for each free agent and no more; so does a day', () => {
  for (const over of [{ month: tally(2_000, 70) }, { day: tally(200, 12) }])
    expect(govern(asked(over))).toMatchObject({ lines: 5, because: 'over-limit', forecast: 0 })
})

test('the nearer the month is to the limit, the fewer lines ring', () => {
  const at = (abandoned: number) => govern(asked({ month: tally(2_000, abandoned) })).lines
  const lines = [0, 20, 40, 50, 56, 60].map(at)
  expect(lines).toEqual(lines.toSorted((a, b) => b - a))
  expect(lines[0]).toBeGreaterThan(lines[5] ?? 0)
})

test('people who answer seldom are rung in larger numbers, and never more than may ring for an agent', () => {
  const seldom = govern(asked({ day: tally(100, 0, 10_000), month: tally(2_000, 0, 200_000) }))
  expect(seldom).toMatchObject({ lines: 30, because: 'most' })
  expect(govern(asked({ day: tally(100, 0, 300), month: tally(2_000, 0, 6_000) })).lines).toBeLessThan(15)
})

test('lines that are cut when nobody is free may be more than lines that ring out', () => {
  const fresh = { idle: 1, day: NO_TALLY, month: NO_TALLY, perAgentMax: 4 }
  const of = (losers: Asked['losers']) => govern(asked({ ...fresh, losers })).lines
  expect([of('ring-out'), of('cut')]).toEqual([1, 2])
})

test('forecasts that were too low in fact count for more', () => {
  const month = tally(2_000, 20)
  const trusted = govern(asked({ month: { ...month, expected: 20 } }))
  const wrong = govern(asked({ month: { ...month, expected: 5 } }))
  expect(wrong.lines).toBeLessThan(trusted.lines)
})

test('whatever the figures: a line for each free agent at least, the most at most, and the forecast within what is left', () => {
  const counts = fc.tuple(fc.nat(5_000), fc.nat(300), fc.nat(50_000)).map(([answered, abandoned, more]) => ({
    ...{ dialed: answered + more, answered, abandoned: Math.min(answered, abandoned), expected: abandoned / 2 },
  }))
  const input = fc.record({
    ...{
      idle: fc.nat(60),
      day: counts,
      month: counts,
      limit: fc.double({ min: 0.005, max: 0.1, noNaN: true }),
    },
    ...{ losers: fc.constantFrom('cut' as const, 'ring-out' as const), perAgentMax: fc.integer({ min: 1, max: 10 }) },
  })
  fc.assert(
    fc.property(input, one => {
      const { lines, forecast, because, expected } = govern(one)
      expect(lines).toBeGreaterThanOrEqual(one.idle)
      expect(lines).toBeLessThanOrEqual(Math.max(one.idle, one.idle * one.perAgentMax))
      expect(Number.isFinite(forecast + expected)).toBe(true)
      expect(lines > one.idle ? forecast : 0).toBeLessThanOrEqual(one.limit * 1.5)
      expect(because === 'over-limit' ? lines : one.idle).toBe(one.idle)
    }),
  )
})

test('the forecast is the binomial one, and the form for many lines agrees with it', () => {
  // Two lines, one agent, 10 in 100: both answer once in 100; 0.2 answers.
  expect(forecastOf(2, 1, 0.1)).toBeCloseTo(0.05, 10)
  expect(forecastOf(5, 5, 0.3)).toBe(0)
  for (const [idle, rate] of [
    [4, 0.1],
    [10, 0.2],
    [20, 0.3],
  ] as const)
    expect(Math.abs(forecastOf(60, idle, rate) - forecastOf(61, idle, rate))).toBeLessThan(0.02)
})

test('rates begin with what is usual and follow the list, the day before the month', () => {
  expect(rateOf(NO_TALLY, NO_TALLY)).toBeCloseTo(0.1)
  expect(rateOf(NO_TALLY, tally(2_000, 0, 10_000))).toBeCloseTo(0.2, 2)
  expect(rateOf(tally(300, 0, 1_000), tally(2_000, 0, 10_000))).toBeCloseTo(0.3, 1)
})

test('Wilson: 0 of 100 may be 2.6 in 100, 30 of 1,000 at most 4.0', () => {
  expect(upperBoundOf(NO_TALLY)).toBe(1)
  expect(upperBoundOf(tally(100, 0))).toBeCloseTo(0.0263, 3)
  expect(upperBoundOf(tally(1_000, 30))).toBeCloseTo(0.0403, 3)
})
