import { expect, test } from 'vitest'
import { nextAfter, periodOf, type Rhythm } from './schedule.ts'

const rhythm = (more: Partial<Rhythm> = {}): Rhythm => ({
  ...{ every: 'day', weekday: 1, hour: 8, zone: 'America/New_York' },
  ...more,
})
const next = (one: Rhythm, at: string) => new Date(nextAfter(one, Date.parse(at))).toISOString()

test('a daily report is due at its hour of its zone, and not twice', () => {
  expect(next(rhythm(), '2026-12-01T12:59:59Z')).toBe('2026-12-01T13:00:00.000Z')
  expect(next(rhythm(), '2026-12-01T13:00:00Z')).toBe('2026-12-02T13:00:00.000Z')
})

test('a weekly report is due on its weekday', () => {
  // 1 December 2026 is a Tuesday.
  expect(next(rhythm({ every: 'week' }), '2026-12-01T13:00:00Z')).toBe('2026-12-07T13:00:00.000Z')
  expect(next(rhythm({ every: 'week', weekday: 2 }), '2026-12-01T12:00:00Z')).toBe('2026-12-01T13:00:00.000Z')
  expect(next(rhythm({ every: 'week', weekday: 2 }), '2026-12-01T13:00:00Z')).toBe('2026-12-08T13:00:00.000Z')
})

test('when the clock is changed there is one report a day, and each has a number above the one before', () => {
  const berlin = rhythm({ zone: 'Europe/Berlin', hour: 2 })
  let at = Date.parse('2026-03-26T12:00:00Z')
  let period = periodOf(at, berlin.zone)
  for (let day = 0; day < 300; day += 1) {
    const due = nextAfter(berlin, at)
    expect(due - at).toBeLessThanOrEqual(25 * 3_600_000)
    expect(periodOf(due, berlin.zone)).toBe(period + 1)
    ;[at, period] = [due, period + 1]
  }
})
