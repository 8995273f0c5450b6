/** What the ledger of a workspace offers: its account, its entries, its rate card, and money set aside for calls. */
import type { Refusal } from '../../core/billing/ledger.ts'
import type { Card } from '../../core/billing/rates.ts'
import type { Purpose } from '../../core/clearance/rules.ts'

type Actor = Rpc.DurableObjectBranded

/** `off`: nothing is charged. `shown`: every use is charged, and nothing is limited. `limited`: money is set aside before each call. */
export type BillingMode = 'off' | 'shown' | 'limited'

export interface BillingSettings {
  mode: BillingMode
  /** so far may credit go below zero */
  creditLimitMicros: number
  /** charged and set aside within a day of UTC; null: no limit */
  perDayMicros: number | null
  /** set aside for one call; null: no limit */
  perCallMicros: number | null
  /** a call that cannot be paid any longer: the words that are said, and whether it is ended then */
  outOfMoney: { end: boolean; words: string; language: string }
}

export interface BillingAccount {
  currency: string
  creditMicros: number
  heldMicros: number
  /** charged on the running day of UTC, and set aside now */
  spentTodayMicros: number
  /** used, and covered by nobody */
  uncoveredMicros: number
  settings: BillingSettings
}

export type EntryType = 'usage' | 'top_up' | 'adjustment' | 'refund' | 'carrier_cost'
/** What money is moved to and fro for calls that go on; nothing of it is a bill. */
export type HoldingType = 'hold' | 'extension' | 'release'

export interface Entry {
  n: number
  /** the idempotency key */
  id: string
  type: EntryType | HoldingType
  atMs: number
  callId: string | null
  costType: string | null
  direction: string | null
  /** seconds, or characters */
  quantity: number | null
  units: number | null
  /** `3.12`: version of the card and row, from 1 */
  rateId: string | null
  rateMicros: number | null
  /** of the workspace's money: negative when it pays */
  amountMicros: number
  uncoveredMicros: number
  /** credit and what is held, afterwards */
  balanceMicros: number
  beganMs: number | null
  endedMs: number | null
  by: string
  reason: string
}
export interface EntryQuery {
  /** n of the last entry of the page before; null: the newest */
  before: number | null
  limit: number
  /** null: every type of `EntryType` */
  type: EntryType | null
  callId: string | null
}

/** A sum of one day of UTC and one cost type. */
export interface DaySum {
  /** days since the epoch */
  day: number
  costType: string
  micros: number
  count: number
  quantity: number
}

export interface Correction {
  /** the idempotency key of whoever asks */
  id: string
  type: Extract<EntryType, 'top_up' | 'adjustment' | 'refund'>
  micros: number
  reason: string
  by: string
}

export interface HoldAsk {
  callId: string
  /** E.164; empty: a member of the team is called */
  to: string
  purpose: Purpose
}

export interface SavedCard {
  card: Card
  /** 0: the default card */
  version: number
  by: string
  atMs: number | null
}

/** What is stored against what the entries sum up to. */
export interface Audit {
  entries: number
  /** of all legs; 0 */
  sum: number
  /** accounts whose stored balance is another than that of their legs */
  differing: string[]
}

export interface BillingContract extends Actor {
  /** The log has something to read. */
  poke(): Promise<void>
  /** Money for the beginning of a call. Null: it is set aside, or nothing is limited. */
  hold(ask: HoldAsk): Promise<Refusal | null>
  /** No call comes of it. */
  release(callId: string): Promise<void>
  account(): Promise<BillingAccount>
  /** The settings from now on. */
  setSettings(settings: BillingSettings): Promise<void>
  entries(query: EntryQuery): Promise<Entry[]>
  /** Sums of the days from this one on. */
  days(from: number): Promise<DaySum[]>
  /** Null: it is written, or was before. */
  correct(correction: Correction): Promise<Refusal | null>
  card(): Promise<SavedCard>
  /** The card must be a good one (`wrongWith`). Returns its version. */
  saveCard(card: Card, by: string): Promise<number>
  audit(): Promise<Audit>
}
