import alawmulaw from 'alawmulaw'
import { expect, test } from 'vitest'
import { decodeMulaw, encodeMulaw, LINEAR_OF, MULAW_SILENCE, mulawOf } from './mulaw.ts'

const every = Int16Array.from({ length: 65_536 }, (_, at) => at - 32_768)

test('all 65,536 samples encode as the reference package does', () => {
  const bytes = new Uint8Array(65_536)
  expect(encodeMulaw(every, bytes)).toBe(65_536)
  // The package gives some codes as signed numbers.
  const wrong = every.filter((sample, at) => bytes[at] !== (alawmulaw.mulaw.encodeSample(sample) & 0xff))
  expect([...wrong]).toEqual([])
})

test('all 256 bytes decode as the reference package does, and encode back to themselves', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at)
  const samples = new Int16Array(256)
  decodeMulaw(bytes, samples)
  expect([...samples]).toEqual([...bytes].map(byte => alawmulaw.mulaw.decodeSample(byte) + 0))
  // 0x7f is negative zero: it decodes to 0 and comes back as positive zero.
  expect([...samples].map(mulawOf)).toEqual([...bytes].map(byte => (byte === 0x7f ? MULAW_SILENCE : byte)))
})

test('what is louder than the scale is clipped, never wrapped', () => {
  expect(mulawOf(40_000)).toBe(mulawOf(32_767))
  expect(mulawOf(-40_000)).toBe(mulawOf(-32_768))
  expect(LINEAR_OF[mulawOf(-32_768)]).toBe(-32_124)
})

test('a buffer that is too short is an error, not a truncation', () => {
  expect(() => encodeMulaw(every, new Uint8Array(1))).toThrow(RangeError)
  expect(() => decodeMulaw(new Uint8Array(2), new Int16Array(1))).toThrow(RangeError)
})

test('every 16-bit sample comes back within half a step of its segment', () => {
  const wrong = every.filter(sample => {
    const clipped = Math.max(-32_635, Math.min(32_635, sample))
    const step = 2 ** Math.max(3, Math.floor(Math.log2(Math.abs(clipped) + 132)) - 4)
    return Math.abs((LINEAR_OF[mulawOf(sample)] as number) - clipped) > step / 2
  })
  expect([...wrong]).toEqual([])
})

test('known points of G.711: silence, the smallest and the largest samples', () => {
  expect([mulawOf(0), mulawOf(32_767), mulawOf(-32_768)]).toEqual([0xff, 0x80, 0x00])
  expect([LINEAR_OF[0x80], LINEAR_OF[0x00]]).toEqual([32_124, -32_124])
})
