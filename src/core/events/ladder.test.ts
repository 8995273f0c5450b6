import { expect, test } from 'vitest'
import { pauseAfter, RETRY_AFTER_MAX_MS, retryAfterMs } from './ladder.ts'

const MIDDLE = 0.5
const pauses = (retries: 'short' | 'long') => {
  const all: number[] = []
  for (let attempt = 1; ; attempt += 1) {
    const pause = pauseAfter(attempt, retries, MIDDLE, null)
    if (pause === null) return all
    all.push(pause)
  }
}

test('three retries after 1, 4 and 16 s, and then no more [S1-51]', () => {
  expect(pauses('short')).toEqual([1_000, 4_000, 16_000])
})

test('the long ladder goes on to 12 h, and is over after 24 hours', () => {
  const all = pauses('long')
  expect(all.slice(0, 4)).toEqual([1_000, 4_000, 16_000, 60_000])
  expect(all.at(-1)).toBe(12 * 3_600_000)
  const hours = all.reduce((sum, pause) => sum + pause, 0) / 3_600_000
  expect(hours).toBeGreaterThan(23)
  expect(hours).toBeLessThan(24.5)
})

test('chance makes a pause a fifth shorter or longer', () => {
  expect(pauseAfter(3, 'short', 0, null)).toBe(12_800)
  expect(pauseAfter(3, 'short', 0.999_999, null)).toBe(19_200)
})

test('a server may ask for a longer pause, never for a shorter one, and not for days', () => {
  expect(pauseAfter(1, 'short', MIDDLE, 30_000)).toBe(30_000)
  expect(pauseAfter(3, 'short', MIDDLE, 500)).toBe(16_000)
  expect(pauseAfter(1, 'short', MIDDLE, 10 * RETRY_AFTER_MAX_MS)).toBe(RETRY_AFTER_MAX_MS)
})

test('Retry-After is seconds or a date; anything else is no word', () => {
  const now = Date.parse('2026-11-30T09:00:00Z')
  expect(retryAfterMs('120', now)).toBe(120_000)
  expect(retryAfterMs('Mon, 30 Nov 2026 09:00:30 GMT', now)).toBe(30_000)
  expect(retryAfterMs('Mon, 30 Nov 2026 08:00:00 GMT', now)).toBe(0)
  for (const text of [null, '', 'soon', '-5x']) expect(retryAfterMs(text, now)).toBeNull()
})
