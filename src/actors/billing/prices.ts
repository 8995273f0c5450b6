/** The rate card and the settings of a workspace. A card is never changed: a new one has the next version, and entries name theirs. */

import { DEFAULT_CARD } from '../../core/billing/default-card.ts'
import { type Card, type CostType, priceOf, type Rate, rateFor, type Used, unitsOf } from '../../core/billing/rates.ts'
import { costTypeOf } from '../../core/billing/usage.ts'
import type { LedgerFact } from '../../core/events/notices.ts'
import type { Notices } from '../shell/notices.ts'
import type { BillingSettings, SavedCard } from './contract.ts'

export const DEFAULT_SETTINGS: BillingSettings = {
  mode: 'shown',
  creditLimitMicros: 0,
  perDayMicros: null,
  perCallMicros: null,
  outOfMoney: { end: true, words: 'This call ends now, because the credit is used up. Goodbye.', language: 'en-US' },
}

export interface Price {
  rate: Rate
  rateId: string
  units: number
  micros: number
}

export class Prices {
  readonly #sql: SqlStorage
  readonly #notices: Notices<LedgerFact>
  #card: SavedCard | null = null
  #settings: BillingSettings | null = null

  constructor(sql: SqlStorage, notices: Notices<LedgerFact>) {
    this.#sql = sql
    this.#notices = notices
  }

  card(): SavedCard {
    if (this.#card !== null) return this.#card
    const [row] = this.#sql.exec('SELECT * FROM cards ORDER BY version DESC LIMIT 1').toArray()
    this.#card =
      row === undefined
        ? { card: DEFAULT_CARD, version: 0, by: '', atMs: null }
        : {
            card: JSON.parse(String(row.body)) as Card,
            ...{ version: Number(row.version), by: String(row.by_whom), atMs: Number(row.at) },
          }
    return this.#card
  }
  saveCard(card: Card, by: string, now: number): number {
    const version = this.card().version + 1
    this.#sql.exec(
      'INSERT INTO cards (version, at, by_whom, body) VALUES (?, ?, ?, ?)',
      ...[version, now, by, JSON.stringify(card)],
    )
    this.#card = null
    this.#notices.note({ type: 'rate-card-saved', at: now, version })
    return version
  }

  settings(): BillingSettings {
    if (this.#settings !== null) return this.#settings
    const [row] = this.#sql.exec('SELECT body FROM settings WHERE id = 1').toArray()
    this.#settings = row === undefined ? DEFAULT_SETTINGS : (JSON.parse(String(row.body)) as BillingSettings)
    return this.#settings
  }
  setSettings(settings: BillingSettings, now: number): void {
    this.#sql.exec('INSERT OR REPLACE INTO settings (id, body) VALUES (1, ?)', JSON.stringify(settings))
    this.#settings = null
    this.#notices.note({ type: 'ledger-configured', at: now, mode: settings.mode })
  }

  /** Null: the card says nothing about it. */
  priceOf(used: Used): Price | null {
    const { card, version } = this.card()
    const at = rateFor(card, used)
    const rate = at === null ? undefined : card.rates[at]
    if (at === null || rate === undefined) return null
    const { quantity } = used
    return { rate, rateId: `${version}.${at + 1}`, units: unitsOf(rate, quantity), micros: priceOf(rate, quantity) }
  }

  /** What a call of this length costs at most: the leg, and the agent if an AI talks. */
  priceOfCall(number: string, ai: boolean, seconds: number, atMs: number): number {
    const of = (costType: CostType) =>
      this.priceOf({ costType, direction: 'outgoing', number, quantity: seconds, atMs })?.micros ?? 0
    return of(costTypeOf({ direction: 'outgoing', number })) + (ai ? of('ai') : 0)
  }
}
