import { expect, test } from 'vitest'
import type { RateRow } from '../../../wire/billing.ts'
import { cardOf, draftOf, wrongOf } from './rate-draft.ts'

const RATE: RateRow = {
  ...{ cost_type: 'call_pstn_outgoing', direction: null, prefix: '1415', currency: 'USD', rate_micros: 10_000 },
  ...{ increment: 6, minimum: 30, connect_micros: 50, valid_from: '2026-12-01T00:00:00.000Z', valid_to: null },
}

test('a card that is not changed is sent as it came', () => {
  expect(cardOf('USD', draftOf({ rates: [RATE] }))).toEqual({ card: { currency: 'USD', rates: [RATE] } })
})

test('what cannot be read, and what the server refuses, stand at their row and field', () => {
  const [draft] = draftOf({ rates: [RATE] })
  if (draft === undefined) throw new Error('no row')
  const read = cardOf('USD', [draft, { ...draft, rate: 'free', minimum: '1.5' }])
  expect('wrong' in read && [...read.wrong.keys()].sort()).toEqual(['1.minimum', '1.rate'])
  const { wrong, rest } = wrongOf([
    { field: 'rates.3.rate_micros', message: 'from 0' },
    { field: 'rates.0.valid_from', message: 'overlaps' },
    { field: 'rates', message: 'no rate for ai' },
  ])
  expect([...wrong]).toEqual([
    ['3.rate', 'from 0'],
    ['0.from', 'overlaps'],
  ])
  expect(rest).toEqual(['no rate for ai'])
})
