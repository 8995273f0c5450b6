import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULT_CARD } from './default-card.ts'
import { type Card, priceOf, type Rate, rateFor, unitsOf, wrongWith } from './rates.ts'

const BASE: Rate = {
  ...{ costType: 'call_pstn_outgoing', direction: null, prefix: '', currency: 'USD', rateMicros: 10_000 },
  ...{ increment: 60, minimum: 60, connectMicros: 0, validFrom: null, validTo: null },
}
const rate = (more: Partial<Rate>): Rate => ({ ...BASE, ...more })
const card = (...rates: Partial<Rate>[]): Card => ({ currency: 'USD', rates: rates.map(rate) })
const fields = (one: Card) => wrongWith(one, ['call_pstn_outgoing']).map(({ field }) => field)

test('one rounding, upward, to the increments that have begun [S1-53]', () => {
  const charged = (increment: number, minimum: number, seconds: number) => {
    const one = rate({ increment, minimum })
    return unitsOf(one, seconds) * increment
  }
  expect([charged(60, 60, 83), charged(10, 60, 83), charged(1, 60, 83)]).toEqual([120, 90, 83])
  expect([charged(6, 30, 10), charged(6, 30, 31), charged(6, 6, 10)]).toEqual([30, 36, 12])
  expect([charged(60, 60, 0), charged(60, 60, 60), charged(60, 60, 61)]).toEqual([0, 60, 120])
  expect(priceOf(rate({ connectMicros: 7 }), 61)).toBe(20_007)
  expect(priceOf(rate({ connectMicros: 7 }), 0)).toBe(0)
})

test('more is never cheaper, and the price of whole increments is exact', () => {
  const some = fc.record({
    ...{ rateMicros: fc.nat(1_000_000), increment: fc.integer({ min: 1, max: 90 }), times: fc.nat(5) },
    ...{ connectMicros: fc.nat(50_000), seconds: fc.nat(20_000) },
  })
  fc.assert(
    fc.property(some, ({ times, seconds, ...more }) => {
      const one = rate({ ...more, minimum: times * more.increment })
      expect(priceOf(one, seconds + 1)).toBeGreaterThanOrEqual(priceOf(one, seconds))
      const units = Math.max(times, 1 + Math.floor(seconds / more.increment))
      expect(priceOf(one, units * more.increment)).toBe(more.connectMicros + units * more.rateMicros)
    }),
  )
})

test('the longest prefix counts, then the rate that names the direction, at the time of the use', () => {
  const one = card({}, { prefix: '1' }, { prefix: '1415', validTo: 100 }, { prefix: '1', direction: 'outgoing' })
  const used = { costType: 'call_pstn_outgoing' as const, direction: 'outgoing' as const, atMs: 50 }
  expect(rateFor(one, { ...used, number: '+14155550100' })).toBe(2)
  expect(rateFor(one, { ...used, number: '+14155550100', atMs: 100 })).toBe(3)
  expect(rateFor(one, { ...used, number: '+12125550100' })).toBe(3)
  expect(rateFor(one, { ...used, number: '+442012345678' })).toBe(0)
  expect(rateFor(one, { ...used, number: '+442012345678', costType: 'ai' })).toBeNull()
})

test('the default card is a good one, with VoIPBIN’s rates', () => {
  expect(wrongWith(DEFAULT_CARD)).toEqual([])
  const used = { costType: 'call_pstn_outgoing' as const, direction: 'outgoing' as const, number: '+14155550100' }
  const found = DEFAULT_CARD.rates[rateFor(DEFAULT_CARD, { ...used, atMs: 1 }) ?? -1]
  expect(priceOf(found ?? BASE, 61)).toBe(20_000)
})

test('a card with a negative rate, a gap, an overlap or two currencies is refused with the field', () => {
  expect(fields(card({}))).toEqual([])
  expect(fields(card({ rateMicros: -1 }))).toEqual(['rates.0.rateMicros'])
  expect(fields(card({ connectMicros: -1 }))).toEqual(['rates.0.connectMicros'])
  expect(fields(card({}, { prefix: '1', rateMicros: 0.5 }))).toEqual(['rates.1.rateMicros'])
  expect(fields(card({ rateMicros: Number.NaN }))).toEqual(['rates.0.rateMicros'])
  expect(fields(card({ increment: 0 }))).toEqual(['rates.0.increment'])
  expect(fields(card({ increment: 6, minimum: 10 }))).toEqual(['rates.0.minimum'])
  expect(fields(card({ prefix: '+1' }))).toEqual(['rates.0.prefix'])
  expect(fields(card({}, { prefix: '1', currency: 'EUR' }))).toEqual(['rates.1.currency'])
  expect(fields(card({ validFrom: 5, validTo: 5 }))).toEqual(['rates.0.validTo'])
  expect(fields(card({ validTo: 100 }, { validFrom: 100 }))).toEqual([])
  expect(fields(card({ validFrom: 99 }, { validTo: 100 }))).toEqual(['rates.0.validFrom'])
  expect(fields(card({ validTo: 100 }, { validFrom: 101 }))).toEqual(['rates.1.validFrom'])
  expect(fields(card({}, {}))).toEqual(['rates.1.validFrom'])
  expect(fields(card({ prefix: '1' }))).toEqual(['rates'])
  expect(fields(card({ validTo: 100 }))).toEqual(['rates'])
  expect(fields(card({ validFrom: 100 }))).toEqual(['rates'])
  expect(fields(card({ direction: 'incoming' }))).toEqual(['rates'])
})
