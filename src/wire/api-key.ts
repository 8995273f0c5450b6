/** Keys with which programs call the API: `Authorization: Bearer tk_…`. */
import { z } from 'zod'
import { nameText } from './name.ts'
import { SCOPES } from './scope.ts'

export const KEYS_MAX = 100
/** A program that asks more often is told when to come back. */
export const REQUESTS_PER_MINUTE_MAX = 1_000
const scopes = z.array(z.enum(SCOPES)).min(1).max(SCOPES.length)

/** An address or a range of addresses; `203.0.113.0/24`, `2001:db8::/32`. The server reads them. */
const addresses = z.array(z.string().trim().min(2).max(64)).max(50)

export const newKey = z.object({
  name: nameText(80),
  scopes,
  /** the key works from these addresses only; empty: from everywhere */
  addresses: addresses.default([]),
  /** more requests within a minute are 429 */
  requestsPerMinute: z.number().int().min(1).max(REQUESTS_PER_MINUTE_MAX).default(REQUESTS_PER_MINUTE_MAX),
  /** null: it does not end by itself */
  endsInDays: z.number().int().min(1).max(3_650).nullable().default(null),
})

export const keyRow = z.object({
  keyId: z.string(),
  name: z.string(),
  /** how the key begins, to tell it in a configuration */
  begins: z.string(),
  scopes,
  addresses,
  requestsPerMinute: z.number().int(),
  madeBy: z.string(),
  madeMs: z.number(),
  endsMs: z.number().nullable(),
  usedMs: z.number().nullable(),
})
export type KeyRow = z.infer<typeof keyRow>
/** The only answer that has the key itself. */
export const madeKey = keyRow.extend({ key: z.string() })
