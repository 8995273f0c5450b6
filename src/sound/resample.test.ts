import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createResampler, type ResampleHz } from './resample.ts'

const PAIRS: [ResampleHz, ResampleHz][] = [
  [8_000, 16_000],
  [16_000, 8_000],
  [24_000, 8_000],
  [8_000, 24_000],
  [11_025, 8_000],
  [12_000, 8_000],
  [22_050, 8_000],
  [32_000, 8_000],
  [44_100, 8_000],
  [48_000, 8_000],
]

function tone(hz: number, rateHz: number, amplitude = 16_000): Int16Array {
  return Int16Array.from({ length: rateHz / 2 }, (_, at) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * at) / rateHz)),
  )
}

/** Level of the whole output in dB, relative to a tone of this amplitude; the filter's start is left out. */
function levelDb(samples: Int16Array, amplitude = 16_000): number {
  const steady = samples.subarray(samples.length >> 2)
  const power = steady.reduce((sum, one) => sum + one * one, 0) / steady.length
  return 10 * Math.log10(power / (amplitude ** 2 / 2))
}

/** Level of one frequency alone. */
function partDb(samples: Int16Array, hz: number, rateHz: number): number {
  const steady = samples.subarray(samples.length >> 2)
  let [re, im] = [0, 0]
  steady.forEach((one, at) => {
    re += one * Math.cos((2 * Math.PI * hz * at) / rateHz)
    im += one * Math.sin((2 * Math.PI * hz * at) / rateHz)
  })
  return 20 * Math.log10(Math.hypot(re, im) / (steady.length / 2) / 16_000)
}

test.each(PAIRS)('%i → %i Hz: the telephone band passes within 0.05 dB', (from, to) => {
  for (const hz of [100, 300, 1_000, 2_000, 3_000, 3_400]) {
    expect(Math.abs(levelDb(createResampler(from, to).push(tone(hz, from)))), `${hz} Hz`).toBeLessThan(0.05)
  }
})

test.each(PAIRS.filter(([from]) => from > 8_000))('%i → %i Hz: nothing folds back into the band', (from, to) => {
  for (let hz = 4_600; hz < from / 2; hz += 200) {
    expect(levelDb(createResampler(from, to).push(tone(hz, from))), `${hz} Hz`).toBeLessThan(-65)
  }
})

test.each(PAIRS.filter(([from]) => from === 8_000))('%i → %i Hz: no mirror image above the band', (from, to) => {
  for (const hz of [300, 1_000, 2_000, 3_000, 3_400]) {
    const out = createResampler(from, to).push(tone(hz, from))
    expect(partDb(out, 8_000 - hz, to), `${hz} Hz`).toBeLessThan(-65)
  }
})

test.each(PAIRS)('%i → %i Hz: a stream cut anywhere gives what it gives in one piece', (from, to) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 20 }), fc.integer(), (cuts, salt) => {
      const whole = Int16Array.from({ length: 2_400 }, (_, at) => Math.imul(at + salt, 2_654_435_761) >> 16)
      const stream = createResampler(from, to)
      const parts: number[] = []
      let at = 0
      for (const cut of [...cuts, whole.length]) {
        parts.push(...stream.push(whole.subarray(at, at + cut)))
        at = Math.min(whole.length, at + cut)
      }
      expect(parts).toEqual([...createResampler(from, to).push(whole)])
      expect(parts.length).toBe(Math.ceil((whole.length * to) / from))
    }),
    { seed: 16_000, numRuns: 40 },
  )
})

test('full scale is clipped, never wrapped; silence stays silence; the delay is said', () => {
  const square = Int16Array.from({ length: 800 }, (_, at) => (at % 16 < 8 ? 32_767 : -32_768))
  const out = createResampler(8_000, 16_000).push(square)
  expect(Math.max(...out)).toBe(32_767)
  expect(Math.min(...out)).toBe(-32_768)
  expect(
    createResampler(24_000, 8_000)
      .push(new Int16Array(480))
      .every(one => one === 0),
  ).toBe(true)
  expect(createResampler(16_000, 8_000).delayMs).toBeLessThan(3)
})

test('a pair without a use is refused', () => {
  expect(() => createResampler(16_000, 24_000)).toThrow('no resampler from 16000 to 24000 Hz')
})
