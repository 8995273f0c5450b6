import { expect, test } from 'vitest'
import { clipMs, decode, encode, silence } from './mulaw.ts'

test('frames keep their length and silence is silent', () => {
  expect(silence(100)).toHaveLength(800)
  expect(decode(silence(20)).every(sample => sample === 0)).toBe(true)
  expect(encode(new Int16Array(7))).toHaveLength(7)
  expect(clipMs(silence(340))).toBe(340)
})
