/** Charges the numbers of the pool for each month, once. The trunk has the pool, so a number that was given back before the month is free. */
import { monthSpan, monthToCharge, rentDue, rentId } from '../../core/billing/rent.ts'
import { monthOf } from '../../core/month.ts'
import type { Env } from '../env.ts'
import { stubFor } from '../stubs.ts'
import type { Ledger } from './ledger.ts'
import type { Prices } from './prices.ts'

export class Rent {
  readonly #storage: DurableObjectStorage
  readonly #env: Env
  readonly #workspaceId: string
  readonly #ledger: Ledger
  readonly #prices: Prices

  constructor(storage: DurableObjectStorage, env: Env, workspaceId: string, parts: { ledger: Ledger; prices: Prices }) {
    this.#storage = storage
    this.#env = env
    this.#workspaceId = workspaceId
    this.#ledger = parts.ledger
    this.#prices = parts.prices
  }

  nextDue(now: number): number {
    return rentDue(this.#charged(now))
  }

  async strike(now: number): Promise<void> {
    const month = monthToCharge(this.#charged(now), now)
    if (month === null) return
    const rows = await stubFor(this.#env, 'trunk', this.#workspaceId).numbers()
    this.#storage.transactionSync(() => {
      const charging = this.#prices.settings().mode !== 'off'
      for (const { number } of rows) if (charging) this.#charge(String(number), month, now)
      this.#storage.sql.exec('UPDATE rent SET month = ?', month)
    })
  }

  #charge(number: string, month: string, now: number): void {
    const span = monthSpan(month)
    const used = {
      costType: 'number' as const,
      direction: 'incoming' as const,
      number,
      quantity: 1,
      atMs: span.beganMs,
    }
    const price = this.#prices.priceOf(used)
    // What costs nothing is no entry.
    if (price === null || price.micros === 0) return
    const { micros, units, rateId, rate } = price
    this.#ledger.give(
      rentId(number, month),
      { do: 'charge', micros, costType: 'number', closes: false },
      {
        ...{ type: 'usage', atMs: now, costType: 'number', quantity: 1, units, rateId, rateMicros: rate.rateMicros },
        ...span,
      },
    )
  }

  /** A ledger that has just been made charges from the next month on. */
  #charged(now: number): string {
    const { sql } = this.#storage
    const [row] = sql.exec('SELECT month FROM rent').toArray()
    if (row !== undefined) return String(row.month)
    sql.exec('INSERT INTO rent (id, month) VALUES (1, ?)', monthOf(now))
    return monthOf(now)
  }
}
