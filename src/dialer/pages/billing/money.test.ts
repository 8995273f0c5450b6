import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amountText, readMicros, typedText } from './money.ts'

test('amounts are shown to the micro, with two places at least', () => {
  expect([10_000_000, -20_400, 1, 0, 123_456_789, 1_500_000].map(amountText)).toEqual([
    ...['10.00', '−0.0204', '0.000001', '0.00', '123.456789', '1.50'],
  ])
})

test('what is typed is read exactly, and what is no amount is not read', () => {
  expect(['10', '0.01', '0,0204', '-3.5', ' 7 ', '0.000001'].map(readMicros)).toEqual([
    ...[10_000_000, 10_000, 20_400, -3_500_000, 7_000_000, 1],
  ])
  expect(['', 'free', '1.2.3', '0.0000001', '1e3', '--1', '1234567890'].map(readMicros)).toEqual(Array(7).fill(null))
  fc.assert(
    fc.property(fc.integer({ min: -999_999_999_999, max: 999_999_999_999 }), micros => {
      expect(readMicros(typedText(micros))).toBe(micros)
      expect(readMicros(amountText(micros))).toBe(micros)
    }),
  )
})
