import { expect, test } from 'vitest'
import { resample, StreamResampler } from './resample.ts'

const tone = (hz: number, rateHz: number, ms: number): Int16Array =>
  Int16Array.from({ length: (rateHz * ms) / 1_000 }, (_, at) => 10_000 * Math.sin((2 * Math.PI * hz * at) / rateHz))

test.each([
  [16_000, 8_000],
  [24_000, 8_000],
  [48_000, 8_000],
  [44_100, 8_000],
  [8_000, 16_000],
])('a stream cut anywhere gives the samples of the whole, %i to %i Hz', (fromHz, toHz) => {
  const whole = tone(700, fromHz, 200)
  const expected = Int16Array.from(resample(whole, fromHz, toHz), Math.round)
  const stream = new StreamResampler(fromHz, toHz)
  const pieces: number[] = []
  for (let at = 0, size = 1; at < whole.length; at += size, size = (size * 7 + 3) % 991) {
    pieces.push(...stream.push(whole.subarray(at, at + size)))
  }
  // The last few outputs still wait for inputs on their right.
  expect(pieces.length).toBeGreaterThan(expected.length - 60)
  expect(pieces).toEqual([...expected.subarray(0, pieces.length)])
})

test('what the lower rate cannot carry is gone', () => {
  const loud = new StreamResampler(16_000, 8_000).push(tone(6_000, 16_000, 500)).subarray(200)
  expect(Math.max(...loud.map(Math.abs))).toBeLessThan(30)
})
