/** What the carrier takes for a leg. It says so minutes or hours after the end, so it is asked again, and the price is an entry of its own. */
import { telephonyOf } from '../../providers/registry.ts'
import type { Env } from '../env.ts'
import type { Ledger } from './ledger.ts'
import type { Prices } from './prices.ts'

const MINUTE_MS = 60_000
/** After the end of the leg, and after each answer without a price; then the price is given up. */
const LOOKS_MS = [15 * MINUTE_MS, 120 * MINUTE_MS, 1_440 * MINUTE_MS]
/** So many at one go; the next ones a second later. */
const AT_ONCE = 20

interface Price {
  micros: number
  currency: string
}

export class CarrierPrices {
  readonly #sql: SqlStorage
  readonly #env: Env
  readonly #workspaceId: string
  readonly #ledger: Ledger
  readonly #prices: Prices

  constructor(sql: SqlStorage, env: Env, workspaceId: string, parts: { ledger: Ledger; prices: Prices }) {
    this.#sql = sql
    this.#env = env
    this.#workspaceId = workspaceId
    this.#ledger = parts.ledger
    this.#prices = parts.prices
  }

  note(callId: string, providerId: string, now: number): void {
    this.#sql.exec(
      'INSERT OR IGNORE INTO carrier_prices (call_id, provider_id, looks, due) VALUES (?, ?, 0, ?)',
      ...[callId, providerId, now + (LOOKS_MS[0] ?? 0)],
    )
  }

  nextDue(): number | null {
    const [row] = this.#sql.exec('SELECT MIN(due) AS due FROM carrier_prices').toArray()
    return row?.due == null ? null : Number(row.due)
  }

  async strike(now: number): Promise<void> {
    const due = this.#sql
      .exec('SELECT * FROM carrier_prices WHERE due <= ? ORDER BY due LIMIT ?', now, AT_ONCE)
      .toArray()
    if (due.length === 0) return
    const telephony = await telephonyOf(this.#env, this.#workspaceId)
    for (const row of due) {
      const [callId, providerId] = [String(row.call_id), String(row.provider_id)]
      const answer = await telephony?.fetchCall(providerId)
      const price = answer?.ok ? answer.value.price : undefined
      if (price == null) this.#later(providerId, Number(row.looks) + 1, now)
      else this.#book(callId, providerId, price, now)
    }
  }

  /** A price in another currency than the card's cannot stand in this ledger. */
  #book(callId: string, providerId: string, { micros, currency }: Price, now: number): void {
    this.#sql.exec('DELETE FROM carrier_prices WHERE provider_id = ?', providerId)
    if (currency !== this.#prices.card().card.currency) {
      console.error(JSON.stringify({ message: 'the carrier bills in another currency than the rate card', callId }))
      return
    }
    const noted = { type: 'carrier_cost' as const, atMs: now, callId, costType: 'carrier' }
    this.#ledger.give(`${callId}:${providerId}:carrier`, { do: 'carrier-cost', micros }, noted)
  }

  #later(providerId: string, looks: number, now: number): void {
    const wait = LOOKS_MS[looks]
    if (wait === undefined) this.#sql.exec('DELETE FROM carrier_prices WHERE provider_id = ?', providerId)
    else
      this.#sql.exec(
        'UPDATE carrier_prices SET looks = ?, due = ? WHERE provider_id = ?',
        ...[looks, now + wait, providerId],
      )
  }
}
