import { expect, test } from 'vitest'
import { MICROS_MAX } from '../../src/core/billing/ledger.ts'
import { Book } from './billing-book.ts'
import { fuzzBilling } from './billing-fuzz.ts'
import { caughtBy, PLANTED_LEDGERS } from './billing-planted.ts'
import { exploreBilling, SMALL_LEDGERS } from './explore-billing.ts'

test('every order of what may happen to small ledgers: sums of zero, nothing twice, no floor broken, rebuilt is stored', () => {
  const found = SMALL_LEDGERS.map(world => exploreBilling(world))
  expect(found.flatMap(({ violations }) => violations)).toEqual([])
  // Fewer would mean that the worlds have become shallow.
  expect(found.reduce((sum, { states }) => sum + states, 0)).toBeGreaterThan(3_500)
})

test('5,000 random histories, events twice and after a crash: the same laws', () => {
  const { broken, orders, outcomes } = fuzzBilling(5_000)
  expect(broken).toEqual([])
  expect(orders).toBeGreaterThan(40_000)
  const seen = [
    'hold: write',
    'hold: out-of-money',
    'hold: day-limit',
    'hold: call-limit',
    'extend: write',
    'void: over',
  ]
  for (const outcome of [
    ...seen,
    'extend: out-of-money',
    'extend: over',
    'charge: write',
    'charge: done',
    'adjust: below-floor',
  ])
    expect(outcomes[outcome], outcome).toBeGreaterThan(0)
})

test.each(Object.entries(PLANTED_LEDGERS))('the laws find it: %s', (_, rules) => {
  expect(caughtBy(rules, 2_000)).not.toBeNull()
})

test('a hundred dials at once on a balance for one: one is let through', () => {
  const book = new Book({ floor: 0, perDay: null, perCall: null })
  book.give('top', { do: 'top-up', micros: 10_000 }, null)
  const answers = Array.from({ length: 100 }, (_, n) => book.give(`h${n}`, { do: 'hold', micros: 10_000 }, `c${n}`).do)
  expect(answers.filter(one => one === 'write')).toHaveLength(1)
  expect(book.balance('credit')).toBe(0)
})

test('an amount that is no whole number of micros, or leaves the range, is refused', () => {
  const book = new Book({ floor: null, perDay: null, perCall: null })
  const topUp = (micros: number) => {
    const done = book.give(`t${micros}`, { do: 'top-up', micros }, null)
    return done.do === 'refuse' ? done.because : done.do
  }
  expect([0, -1, 0.5, Number.NaN, Infinity, MICROS_MAX + 1].map(topUp)).toEqual(Array(6).fill('not-whole'))
  expect([MICROS_MAX, 1].map(topUp)).toEqual(['write', 'too-large'])
})
