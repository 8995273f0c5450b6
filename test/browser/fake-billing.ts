/** The API's answers about money, for tests that only look at screens. What is saved is refused at its second row. */
import type { Billing, RateRow } from '../../src/wire/billing.ts'
import { answerOf } from './fake-ai.ts'

const SETTINGS = {
  ...{ mode: 'limited' as const, credit_limit: 0, limit_per_day: 25_000_000, limit_per_call: null },
  out_of_money: { end: true, words: 'Your credit is used up.', language: 'en-US' },
}
const ACCOUNT = {
  ...{ id: 'w_demo', currency: 'USD', balance_credit: 9_979_600, held_credit: 10_000, spent_today: 30_400 },
  ...{ uncovered_credit: 0, ...SETTINGS },
}

function bill(n: number, more: Partial<Billing>): Billing {
  return {
    ...{ id: `bl_${n}`, transaction_type: 'usage', status: 'end', reference_type: 'call' },
    ...{ reference_id: `w_demo.call_${n}`, cost_type: 'call_pstn_outgoing', direction: 'outgoing' },
    ...{ usage_duration: 61, billable_units: 2, rate_id: '0.1', rate_credit_per_unit: 10_000 },
    ...{ amount_credit: -20_000, uncovered_credit: 0, balance_credit_snapshot: 9_980_000 },
    carrier_amount: null,
    ...{ idempotency_key: `w_demo.call_${n}:7:call`, reason: '', by: '' },
    ...{ tm_billing_start: '2026-11-02T09:00:00.000Z', tm_billing_end: '2026-11-02T09:01:01.000Z' },
    tm_create: '2026-11-02T09:01:02.000Z',
    ...more,
  }
}
const NOTHING_USED = {
  ...{ reference_type: null, reference_id: null, cost_type: null, direction: null, usage_duration: null },
  ...{ billable_units: null, rate_id: null, rate_credit_per_unit: null, tm_billing_start: null, tm_billing_end: null },
}
const BILLS = [
  bill(3, { cost_type: 'characters', usage_duration: 812, amount_credit: -400, balance_credit_snapshot: 9_979_600 }),
  bill(2, {}),
  bill(1, {
    ...NOTHING_USED,
    ...{ transaction_type: 'top_up', amount_credit: 10_000_000, balance_credit_snapshot: 10_000_000 },
    ...{ reason: 'Invoice 7, paid by card', by: 'Ada' },
  }),
]

const rate = (more: Partial<RateRow>): RateRow => ({
  ...{ cost_type: 'call_pstn_outgoing', direction: null, prefix: '', currency: 'USD', rate_micros: 10_000 },
  ...{ increment: 60, minimum: 60, connect_micros: 0, valid_from: null, valid_to: null },
  ...more,
})
const CARD = {
  ...{ currency: 'USD', version: 2, by: 'Ada', tm_update: '2026-11-02T09:00:00.000Z' },
  rates: [rate({}), rate({ prefix: '1415', rate_micros: 4_200, increment: 6, minimum: 30 }), rate({ cost_type: 'ai' })],
}

/** Null: not an address of money. */
export function billingAnswer(pathname: string, method: string): [number, unknown] | null {
  const list = { next: null }
  if (pathname === '/v1.0/billing_accounts')
    return [200, answerOf('GET /v1.0/billing_accounts', { ...list, items: [ACCOUNT] })]
  if (pathname === '/v1.0/billings') return [200, answerOf('GET /v1.0/billings', { ...list, items: BILLS })]
  if (pathname === '/v1.0/billing_accounts/w_demo/days') {
    const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10)
    const items = [3, 2, 1].map(back => ({
      ...{ day: day(back), cost_type: 'call_pstn_outgoing', amount: back * 150_000, entries: back, quantity: 60 },
    }))
    return [200, answerOf('GET /v1.0/billing_accounts/:accountId/days', { ...list, items })]
  }
  if (pathname !== '/v1.0/rate_card') return null
  if (method === 'GET') return [200, answerOf('GET /v1.0/rate_card', CARD)]
  const fields = [{ field: 'rates.1.valid_from', message: 'overlaps with row 1' }]
  return [
    400,
    { type: 'about:blank', title: 'Bad request', status: 400, detail: 'The rate card cannot be saved.', fields },
  ]
}
