/** Bills, the account and the rate card. */
import type { BillingAccount, BillingSettings, Entry, SavedCard } from '../../actors/billing/contract.ts'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { unique } from '../../actors/unique.ts'
import type { Refusal as Refused } from '../../core/billing/ledger.ts'
import { type Card, wrongWith } from '../../core/billing/rates.ts'
import { numberOfRent } from '../../core/billing/rent.ts'
import { accountIdOf } from '../../core/ids.ts'
import type { Billing, BillingAccountRow, BillingSettingsBody, RateCardRow, RateRow } from '../../wire/billing.ts'
import { billingRoutes } from '../../wire/routes/billing.ts'
import { csvOf } from '../csv.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'

const DAY_MS = 24 * 3_600_000
const CSV_ENTRIES_MAX = 10_000
const CSV_PAGE = 1_000
const COLUMNS: readonly (keyof Billing)[] = [
  ...(['id', 'tm_create', 'transaction_type', 'reference_type', 'reference_id', 'cost_type', 'direction'] as const),
  ...(['usage_duration', 'billable_units', 'rate_id', 'rate_credit_per_unit', 'amount_credit'] as const),
  ...([
    'carrier_amount',
    'uncovered_credit',
    'balance_credit_snapshot',
    'tm_billing_start',
    'tm_billing_end',
    'by',
    'reason',
  ] as const),
]
const REFERENCES: Record<string, Billing['reference_type']> = {
  ...{ call_pstn_outgoing: 'call', call_pstn_incoming: 'call', call_vn: 'call', call_extension: 'call_extension' },
  ...{ ai: 'ai', characters: 'speaking', recording: 'recording', transcript: 'transcribe' },
}
const WORDS: Partial<Record<Refused, string>> = {
  'below-floor': 'the credit would go below its limit',
  'too-large': 'the balance would leave what a ledger can hold',
  'not-whole': 'a positive whole number of micros; only an adjustment may be negative',
}

interface By {
  env: Env
  member: Caller
}
const ledgerOf = ({ env, member }: By) => stubFor(env, 'billing', member.workspaceId)
const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
const numberIn = (text: string | undefined) => (text === undefined ? null : Number(/\d+$/.exec(text)?.[0]))

/** A workspace has one account, which is named by it. */

function requireAccount(by: By, accountId: string): void {
  if (accountId !== accountIdOf(by.member.workspaceId)) throw new Refusal(404, 'There is no such account.')
}

function referenceOf({ id, callId, costType }: Entry): Pick<Billing, 'reference_type' | 'reference_id'> {
  const number = numberOfRent(id)
  if (number !== null) return { reference_type: 'number_renew', reference_id: number }
  return { reference_type: callId === null ? null : (REFERENCES[costType ?? ''] ?? 'call'), reference_id: callId }
}

function shown(entry: Entry): Billing {
  return {
    ...{ id: `bl_${entry.n}`, transaction_type: entry.type as Billing['transaction_type'], status: 'end' as const },
    ...referenceOf(entry),
    ...{ cost_type: entry.costType, direction: entry.direction },
    ...{ usage_duration: entry.quantity, billable_units: entry.units, rate_id: entry.rateId },
    ...{ rate_credit_per_unit: entry.rateMicros },
    amount_credit: entry.type === 'carrier_cost' ? 0 : entry.amountMicros,
    carrier_amount: entry.type === 'carrier_cost' ? Math.abs(entry.amountMicros) : null,
    ...{ uncovered_credit: entry.uncoveredMicros, balance_credit_snapshot: entry.balanceMicros },
    ...{ idempotency_key: entry.id, reason: entry.reason, by: entry.by },
    ...{ tm_billing_start: time(entry.beganMs), tm_billing_end: time(entry.endedMs) },
    tm_create: new Date(entry.atMs).toISOString(),
  }
}

async function accountOf(by: By): Promise<BillingAccountRow> {
  return shownAccount(accountIdOf(by.member.workspaceId), await ledgerOf(by).account())
}
function shownAccount(id: string, account: BillingAccount): BillingAccountRow {
  const { settings } = account
  return {
    ...{ id, currency: account.currency, mode: settings.mode, credit_limit: settings.creditLimitMicros },
    ...{ limit_per_day: settings.perDayMicros, limit_per_call: settings.perCallMicros },
    ...{ out_of_money: settings.outOfMoney, balance_credit: account.creditMicros + account.heldMicros },
    ...{ held_credit: account.heldMicros, spent_today: account.spentTodayMicros },
    uncovered_credit: account.uncoveredMicros,
  }
}
function settingsOf(body: BillingSettingsBody): BillingSettings {
  return {
    ...{ mode: body.mode, creditLimitMicros: body.credit_limit, perDayMicros: body.limit_per_day },
    ...{ perCallMicros: body.limit_per_call, outOfMoney: body.out_of_money },
  }
}

function cardOf({ currency, rates }: { currency: string; rates: RateRow[] }): Card {
  const ms = (text: string | null) => (text === null ? null : Date.parse(text))
  return {
    currency,
    rates: rates.map(rate => ({
      ...{ costType: rate.cost_type, direction: rate.direction, prefix: rate.prefix, currency: rate.currency },
      ...{ rateMicros: rate.rate_micros, increment: rate.increment, minimum: rate.minimum },
      ...{ connectMicros: rate.connect_micros, validFrom: ms(rate.valid_from), validTo: ms(rate.valid_to) },
    })),
  }
}
function shownCard({ card, version, by, atMs }: SavedCard): RateCardRow {
  const rates = card.rates.map(rate => ({
    ...{ cost_type: rate.costType, direction: rate.direction, prefix: rate.prefix, currency: rate.currency },
    ...{ rate_micros: rate.rateMicros, increment: rate.increment, minimum: rate.minimum },
    ...{ connect_micros: rate.connectMicros, valid_from: time(rate.validFrom), valid_to: time(rate.validTo) },
  }))
  return { currency: card.currency, rates, version, by, tm_update: time(atMs) }
}
/** `rates.3.rateMicros` → `rates.3.rate_micros`, as it was sent */
const asSent = (field: string) => field.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

export const billings = bind(billingRoutes, {
  async 'GET /v1.0/billings'({ env, member, query }) {
    const { cursor, limit, transaction_type: type = null, reference_id: callId = null } = query
    const entries = await ledgerOf({ env, member }).entries({ before: numberIn(cursor), limit, type, callId })
    const last = entries.length === limit ? entries.at(-1) : undefined
    return { items: entries.map(shown), next: last === undefined ? null : `billings~${last.n}` }
  },

  async 'GET /v1.0/billings.csv'({ env, member, query }) {
    const { before, transaction_type: type = null, reference_id: callId = null } = query
    const found: Entry[] = []
    for (let from = numberIn(before); found.length < CSV_ENTRIES_MAX; ) {
      const page = await ledgerOf({ env, member }).entries({ before: from, limit: CSV_PAGE, type, callId })
      found.push(...page)
      from = page.at(-1)?.n ?? null
      if (page.length < CSV_PAGE) break
    }
    return csvOf(COLUMNS, found.map(shown))
  },

  async 'GET /v1.0/billing_accounts'({ env, member }) {
    return { items: [await accountOf({ env, member })], next: null }
  },

  async 'PUT /v1.0/billing_accounts/:accountId'({ env, member, params: { accountId }, body }) {
    requireAccount({ env, member }, accountId)
    await ledgerOf({ env, member }).setSettings(settingsOf(body))
    return accountOf({ env, member })
  },

  async 'POST /v1.0/billing_accounts/:accountId/entries'({ c, env, member, params: { accountId }, body }) {
    requireAccount({ env, member }, accountId)
    const key = c.req.header('Idempotency-Key')
    const { type, amount: micros, reason } = body
    if (type !== 'adjustment' && micros <= 0)
      throw new Refusal(400, 'The amount cannot be booked.', [{ field: 'amount', message: 'more than nothing' }])
    // The request's own key is the one of the entry, so a repeat after a lost answer books nothing a second time.
    const id = key === undefined ? unique() : `${member.userId}|${key}`
    const refused = await ledgerOf({ env, member }).correct({ id, type, micros, reason, by: member.name })
    if (refused !== null)
      throw new Refusal(refused === 'not-whole' ? 400 : 422, 'The amount cannot be booked.', [
        { field: 'amount', message: WORDS[refused] ?? refused },
      ])
    return accountOf({ env, member })
  },

  async 'GET /v1.0/billing_accounts/:accountId/days'({ env, member, params: { accountId }, query }) {
    requireAccount({ env, member }, accountId)
    const today = Math.floor(Date.now() / DAY_MS)
    const sums = await ledgerOf({ env, member }).days(today - query.days + 1)
    const items = sums.map(({ day, costType, micros, count, quantity }) => ({
      ...{ day: new Date(day * DAY_MS).toISOString().slice(0, 10), cost_type: costType, amount: micros },
      ...{ entries: count, quantity },
    }))
    return { items, next: null }
  },

  async 'GET /v1.0/rate_card'({ env, member }) {
    return shownCard(await ledgerOf({ env, member }).card())
  },

  async 'PUT /v1.0/rate_card'({ env, member, body }) {
    const card = cardOf(body)
    const wrong = wrongWith(card).map(({ field, message }) => ({ field: asSent(field), message }))
    if (wrong.length > 0) throw new Refusal(400, 'The rate card cannot be saved.', wrong)
    await ledgerOf({ env, member }).saveCard(card, member.name)
    return shownCard(await ledgerOf({ env, member }).card())
  },
})
