import { expect, test } from 'vitest'
import { clipMs, decode, encode, sampleOf, silence } from './mulaw.ts'

test('frames keep their length and silence is silent', () => {
  expect(silence(100)).toHaveLength(800)
  expect(decode(silence(20)).every(sample => sample === 0)).toBe(true)
  expect(encode(new Int16Array(7))).toHaveLength(7)
  expect(clipMs(silence(340))).toBe(340)
})

test('the values of G.711 table 2a: the ends of the segments, the loudest, both zeros', () => {
  // Decoder output values of the table (14 bits), times 4 for 16-bit PCM.
  const table: [code: number, value: number][] = [
    [0b10000000, 8_031],
    [0b10001111, 4_191],
    [0b10011111, 2_079],
    [0b10101111, 1_023],
    [0b10111111, 495],
    [0b11001111, 231],
    [0b11011111, 99],
    [0b11101111, 33],
    [0b11111110, 2],
    [0b11111111, 0],
  ]
  for (const [code, value] of table) {
    expect(sampleOf(code), code.toString(2)).toBe(value * 4)
    expect(sampleOf(code & 0x7f), 'the same with the sign bit cleared').toBe(value === 0 ? 0 : value * -4)
  }
  expect([...encode(Int16Array.of(32_767, -32_768, 0, -1))]).toEqual([0x80, 0x00, 0xff, 0x7f])
})

test('every byte survives decoding and encoding; both zeros become the one of silence', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const again = encode(decode(bytes))
  expect([...again].filter((byte, at) => byte !== at)).toEqual([0xff])
})

test('a target that is too short is refused', () => {
  expect(() => encode(new Int16Array(2), new Uint8Array(1))).toThrow(RangeError)
  expect(() => decode(new Uint8Array(2), new Int16Array(1))).toThrow(RangeError)
})
