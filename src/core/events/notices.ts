/** Public events of actors without a machine: endpoints of webhooks, masks, the ledger, and reports that are sent by themselves. They tell the log of what a program may care about. */
import type { Refusal } from '../billing/ledger.ts'
import { as, type EventTable } from './row.ts'

/** Of an endpoint of webhooks. */
export type WebhookFact = { type: 'webhook-disabled'; at: number; because: 'gone' | 'failing' }
export const webhookEvents: EventTable<WebhookFact> = {
  'webhook-disabled': as('webhook_disabled', ['because']),
}

/** Of a mask. None has a number, because those on both sides may read it. */
export type MaskFact =
  | { type: 'mask-configured'; at: number }
  | { type: 'mask-removed'; at: number }
  | { type: 'mask-session-opened'; at: number; sessionId: string; untilMs: number | null }
  | { type: 'mask-session-closed'; at: number; sessionId: string; because: 'closed' | 'expired' | 'idle' }
  | { type: 'mask-call-led'; at: number; sessionId: string; side: 'a' | 'b' }
  /** `outcome`: as interactions have it. `sessionId` null: of a caller who is in no session */
  | { type: 'mask-call-over'; at: number; sessionId: string | null; outcome: string }
export const maskEvents: EventTable<MaskFact> = {
  'mask-configured': as('mask_updated'),
  'mask-removed': as('mask_deleted'),
  'mask-session-opened': as('masksession_created', ['sessionId', 'untilMs']),
  'mask-session-closed': as('masksession_closed', ['sessionId', 'because']),
  'mask-call-led': as('mask_call_started', ['sessionId', 'side']),
  'mask-call-over': as('mask_call_ended', ['sessionId', 'outcome']),
}

/** Of the ledger of a workspace. Each charge is an entry of `GET /v1.0/billings` and no event, because there is one for every call. */
export type LedgerFact =
  | {
      type: 'ledger-corrected'
      at: number
      because: 'top_up' | 'adjustment' | 'refund'
      amountMicros: number
      balanceMicros: number
    }
  | { type: 'ledger-configured'; at: number; mode: 'off' | 'shown' | 'limited' }
  | { type: 'rate-card-saved'; at: number; version: number }
  | { type: 'call-unpaid'; at: number; because: Refusal }
export const ledgerEvents: EventTable<LedgerFact> = {
  'ledger-corrected': as('billing_account_updated', ['because', 'amountMicros', 'balanceMicros']),
  'ledger-configured': as('billing_account_updated', ['mode']),
  'rate-card-saved': as('billing_card_updated', ['version']),
  'call-unpaid': as('billing_call_unpaid', ['because']),
}

/** Of a report that is sent by itself. Names of people and numbers stand in its table. */
export type ReportFact = {
  type: 'report-ready'
  at: number
  report: string
  from: string
  to: string
  timeZone: string
  link: string
  personal: { name: string; table: object }
}
export const reportEvents: EventTable<ReportFact> = {
  'report-ready': as('report_ready', ['report', 'from', 'to', 'timeZone', 'link'], ['name', 'table']),
}
