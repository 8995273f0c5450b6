import { expect, test } from 'vitest'
import { ALWAYS, mayCallNow } from './clearance.ts'

const noonUtc = Date.UTC(2026, 5, 1, 12)
const day = { fromHour: 8, toHour: 21 }

test('hours are those of the called party', () => {
  expect(mayCallNow('Europe/Berlin', noonUtc, day)).toBe(true)
  expect(mayCallNow('America/Los_Angeles', noonUtc, day)).toBe(false)
  expect(mayCallNow('America/Los_Angeles', noonUtc, ALWAYS)).toBe(true)
})

test('an unknown zone is UTC, not an error', () => {
  expect(mayCallNow('Mars/Olympus', noonUtc, day)).toBe(true)
  expect(mayCallNow(null, noonUtc, { fromHour: 13, toHour: 21 })).toBe(false)
})
