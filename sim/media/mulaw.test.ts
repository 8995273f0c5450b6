import { expect, test } from 'vitest'
import { clipMs, decode, decodeSample, encode, encodeSample, silence } from './mulaw.ts'

test('every µ-law byte survives a round trip (negative zero becomes zero)', () => {
  for (let byte = 0; byte < 256; byte++) {
    const back = encodeSample(decodeSample(byte))
    expect(back, `byte ${byte}`).toBe(byte === 0x7f ? 0xff : byte)
  }
})

test('every 16-bit sample comes back within half a step of its segment', () => {
  for (let sample = -32768; sample <= 32767; sample++) {
    const clipped = Math.max(-32635, Math.min(32635, sample))
    const error = Math.abs(decodeSample(encodeSample(sample)) - clipped)
    const step = 2 ** Math.max(3, Math.floor(Math.log2(Math.abs(clipped) + 132)) - 4)
    if (error > step / 2) expect.fail(`sample ${sample}: error ${error}, step ${step}`)
  }
})

test('known points of G.711: silence, the smallest and the largest samples', () => {
  expect(encodeSample(0)).toBe(0xff)
  expect(encodeSample(32767)).toBe(0x80)
  expect(encodeSample(-32768)).toBe(0x00)
  expect(decodeSample(0x80)).toBe(32124)
  expect(decodeSample(0x00)).toBe(-32124)
})

test('frames keep their length and silence is silent', () => {
  expect(silence(100)).toHaveLength(800)
  expect(decode(silence(20)).every(sample => sample === 0)).toBe(true)
  expect(encode(new Int16Array(7))).toHaveLength(7)
  expect(clipMs(silence(340))).toBe(340)
})
