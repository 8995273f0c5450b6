import { expect, test } from 'vitest'
import { clockText, localTimeText, ordinal, secondsLeft } from './time.ts'

test('clock', () => {
  expect(clockText(-5000)).toBe('0:00')
  expect(clockText(42_900)).toBe('0:42')
  expect(clockText(725_000)).toBe('12:05')
  expect(clockText(3_723_000)).toBe('1:02:03')
})

test('seconds left', () => {
  expect(secondsLeft(1500, 0)).toBe(2)
  expect(secondsLeft(0, 1500)).toBe(0)
})

test('local time of a zone, nothing for an unknown one', () => {
  const noonUtc = Date.UTC(2026, 0, 5, 12, 0)
  expect(localTimeText('America/New_York', noonUtc)).toBe('07:00')
  expect(localTimeText('Asia/Kolkata', noonUtc)).toBe('17:30')
  expect(localTimeText('Mars/Base', noonUtc)).toBeNull()
  expect(localTimeText(null, noonUtc)).toBeNull()
})

test('ordinals', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal)).toEqual([
    '1st',
    '2nd',
    '3rd',
    '4th',
    '11th',
    '12th',
    '13th',
    '21st',
    '102nd',
    '111th',
  ])
})
