/** Rows of bills, the account and the rate card. Each is at the root as well. */
import { z } from 'zod'
import { listOf } from '../api.ts'
import {
  billing,
  billingAccount,
  billingSettings,
  correctionBody,
  dayOfBills,
  ENTRY_TYPES,
  rateCard,
  rateCardBody,
} from '../billing.ts'
import { page } from './pages.ts'
import type { Rows } from './row.ts'

const READ = { role: 'admin', scope: 'billing:read' } as const
const WRITE = { role: 'admin', scope: 'billing:write' } as const
const filters = z.object({
  transaction_type: z.enum(ENTRY_TYPES).optional(),
  /** a call: its own entries */
  reference_id: z.string().max(128).optional(),
})
/** A cursor is the number of the last entry. */
const billings = page.extend(filters.shape).extend({
  cursor: z
    .string()
    .regex(/^billings~\d{1,15}$/, 'not a cursor of this list')
    .optional(),
})

export const billingRoutes = {
  'GET /v1.0/billings': {
    who: READ,
    summary:
      'The entries of the ledger, the newest first: what was used, topped up, corrected, and what the carrier took.',
    query: billings,
    gives: 'json',
    answer: listOf(billing),
  },
  'GET /v1.0/billings.csv': {
    who: READ,
    summary:
      'The same as a table for a spreadsheet, up to 10,000 entries; `before` is the id of the last one of the file before.',
    query: filters.extend({
      before: z
        .string()
        .regex(/^bl_\d{1,15}$/, 'not an entry')
        .optional(),
    }),
    gives: 'text',
    mediaType: 'text/csv',
  },
  'GET /v1.0/billing_accounts': {
    who: READ,
    summary: 'The account of the workspace: balance, limits, and what happens when money runs out.',
    gives: 'json',
    answer: listOf(billingAccount),
  },
  'PUT /v1.0/billing_accounts/:accountId': {
    who: WRITE,
    summary: 'Whether uses are charged and limited, the limits, and what a call hears that cannot be paid any longer.',
    body: billingSettings,
    gives: 'json',
    answer: billingAccount,
  },
  'POST /v1.0/billing_accounts/:accountId/entries': {
    who: WRITE,
    summary:
      'Tops the account up, refunds or corrects, with a reason. An entry is never changed; a mistake is corrected by another one.',
    body: correctionBody,
    gives: 'json',
    status: 201,
    creates: true,
    answer: billingAccount,
  },
  'GET /v1.0/billing_accounts/:accountId/days': {
    who: READ,
    summary: 'What was spent on each of the last days (UTC), by cost type; `carrier` is what the carrier took.',
    query: z.object({ days: z.coerce.number<number>().int().min(1).max(400).default(30) }),
    gives: 'json',
    answer: listOf(dayOfBills),
  },
  'GET /v1.0/rate_card': {
    who: READ,
    summary: 'The rates that are charged now.',
    gives: 'json',
    answer: rateCard,
  },
  'PUT /v1.0/rate_card': {
    who: WRITE,
    summary:
      'A new version of the card, whole. Refused with the field: negative rates, gaps and overlaps in time, two currencies, a use without a rate. ' +
      'What was charged stays as it was.',
    body: rateCardBody,
    gives: 'json',
    answer: rateCard,
  },
} as const satisfies Rows
