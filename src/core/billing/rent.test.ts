import { expect, test } from 'vitest'
import { DEFAULT_CARD } from './default-card.ts'
import { wrongWith } from './rates.ts'
import { monthSpan, monthToCharge, numberOfRent, rentDue, rentId } from './rent.ts'

const at = (text: string) => Date.parse(text)

test('a month is charged when it has begun, once, and of missed months only the running one', () => {
  expect(rentDue('2026-11')).toBe(at('2026-12-01T00:00:00Z'))
  expect(monthToCharge('2026-11', at('2026-11-30T23:59:59.999Z'))).toBeNull()
  expect(monthToCharge('2026-11', at('2026-12-01T00:00:00Z'))).toBe('2026-12')
  expect(monthToCharge('2026-12', at('2026-12-31T23:59:59Z'))).toBeNull()
  expect(monthToCharge('2026-11', at('2027-02-10T00:00:00Z'))).toBe('2027-02')
  expect(monthSpan('2027-02')).toEqual({ beganMs: at('2027-02-01T00:00:00Z'), endedMs: at('2027-03-01T00:00:00Z') })
})

test('the key says the number, and no other key does', () => {
  expect(numberOfRent(rentId('+14155550100', '2026-12'))).toBe('+14155550100')
  for (const id of [
    'request:number:+14155550100:2026-12',
    'w_a.call_1:7:call',
    'number:x:2026-12',
    'number:+1:2026-12-01',
  ])
    expect(numberOfRent(id)).toBeNull()
})

test('a card need not say what a number costs', () => {
  const rates = DEFAULT_CARD.rates.filter(({ costType }) => costType !== 'number')
  expect(wrongWith({ ...DEFAULT_CARD, rates })).toEqual([])
  expect(wrongWith({ ...DEFAULT_CARD, rates: rates.slice(1) }).map(({ field }) => field)).toEqual(['rates'])
})
