/** Bills, the account and the rate card, in VoIPBIN’s names. Money is in micros, millionths of the currency, as whole numbers. */
import { z } from 'zod'
import { COST_TYPES, RATES_MAX } from '../core/billing/rates.ts'
import { plainText } from './text.ts'

/** Ten billion units of a currency would leave what a number holds exactly. */
const micros = z.number().int().min(-1_000_000_000_000_000).max(1_000_000_000_000_000)
const allowance = micros.min(0)

export const ENTRY_TYPES = ['usage', 'top_up', 'adjustment', 'refund', 'carrier_cost'] as const

export const billing = z.object({
  id: z.string(),
  transaction_type: z.enum(ENTRY_TYPES),
  status: z.literal('end'),
  /** what was used; null: nothing was */
  reference_type: z
    .enum(['call', 'call_extension', 'ai', 'speaking', 'recording', 'transcribe', 'number_renew'])
    .nullable(),
  /** of a call, a conference, or a number (E.164) */
  reference_id: z.string().nullable(),
  cost_type: z.string().nullable(),
  direction: z.string().nullable(),
  /** seconds, characters of `characters`, months of `number` */
  usage_duration: z.number().int().nullable(),
  billable_units: z.number().int().nullable(),
  /** version of the card and row in it, from 1: `3.12` */
  rate_id: z.string().nullable(),
  rate_credit_per_unit: z.number().int().nullable(),
  /** negative: the workspace has paid it */
  amount_credit: z.number().int(),
  /** what the carrier takes for the call; it is not the workspace's money */
  carrier_amount: z.number().int().nullable(),
  /** used, and covered by nobody, because credit had come to its floor */
  uncovered_credit: z.number().int(),
  /** afterwards, what is set aside for calls included */
  balance_credit_snapshot: z.number().int(),
  idempotency_key: z.string(),
  reason: z.string(),
  by: z.string(),
  tm_billing_start: z.string().nullable(),
  tm_billing_end: z.string().nullable(),
  tm_create: z.string(),
})
export type Billing = z.infer<typeof billing>

export const billingSettings = z.object({
  /** `off`: nothing is charged. `shown`: every use is charged, nothing is limited. `limited`: money is set aside before each call */
  mode: z.enum(['off', 'shown', 'limited']),
  /** so far may credit go below zero */
  credit_limit: allowance,
  /** charged and set aside within a day of UTC; null: no limit */
  limit_per_day: allowance.nullable(),
  /** for one call; null: no limit */
  limit_per_call: allowance.nullable(),
  out_of_money: z.object({
    /** a call that cannot be paid any longer hears the words and is ended; false: it goes on, and what is missing is written down */
    end: z.boolean(),
    words: plainText(300).min(1),
    language: z
      .string()
      .regex(/^[a-z]{2,3}-[A-Z]{2}$/, 'as en-US')
      .default('en-US'),
  }),
})
export type BillingSettingsBody = z.infer<typeof billingSettings>

export const billingAccount = billingSettings.extend({
  id: z.string(),
  currency: z.string(),
  /** what the workspace has, with what is set aside */
  balance_credit: z.number().int(),
  held_credit: z.number().int(),
  spent_today: z.number().int(),
  uncovered_credit: z.number().int(),
})
export type BillingAccountRow = z.infer<typeof billingAccount>

export const correctionBody = z.object({
  type: z.enum(['top_up', 'adjustment', 'refund']),
  /** positive: the workspace gets it; only an adjustment may be negative */
  amount: micros,
  reason: plainText(300).refine(text => text.trim() !== '', 'say why'),
})

export const dayOfBills = z.object({
  /** of UTC, as 2026-11-30 */
  day: z.string(),
  cost_type: z.string(),
  amount: z.number().int(),
  entries: z.number().int(),
  /** seconds, characters, or months of a number */
  quantity: z.number().int(),
})
export type DayOfBills = z.infer<typeof dayOfBills>

const time = z.iso.datetime({ offset: true }).nullable().default(null)
/** Amounts, overlaps and gaps are checked by the rules of the ledger, which name the same fields. */
export const rateRow = z.object({
  cost_type: z.enum(COST_TYPES),
  /** null: both */
  direction: z.enum(['incoming', 'outgoing']).nullable().default(null),
  /** digits with which the number begins; empty: every number */
  prefix: z.string().max(20).default(''),
  currency: z.string().max(10),
  /** for each increment that has begun */
  rate_micros: z.number(),
  /** seconds, characters of `characters`, months of `number` */
  increment: z.number(),
  minimum: z.number(),
  connect_micros: z.number().default(0),
  valid_from: time,
  valid_to: time,
})
export type RateRow = z.infer<typeof rateRow>
export const rateCardBody = z.object({ currency: z.string().max(10), rates: z.array(rateRow).max(RATES_MAX) })
export const rateCard = rateCardBody.extend({
  /** 0: the default card, which nobody has saved */
  version: z.number().int(),
  by: z.string(),
  tm_update: z.string().nullable(),
})
export type RateCardRow = z.infer<typeof rateCard>
