/**
 * Keeps what is known of calls that have not begun in this month. Most begin a moment later: the facts of a round overtake those of
 * its calls. The others began in an earlier month, which is told when this has lasted for a while.
 */
import type { Months } from './months.ts'
import type { Changes } from './rows.ts'

/** A call's own first fact arrives within seconds of the first that others tell of it. */
export const EARLY_KEPT_MS = 10_000
const OFFERED_AT_ONCE = 200

export class EarlyChanges {
  readonly #sql: SqlStorage
  readonly #months: Months

  constructor(sql: SqlStorage, months: Months) {
    this.#sql = sql
    this.#months = months
  }

  /** When the next one is to be offered; null: there is none. */
  nextDue(): number | null {
    const [row] = this.#sql.exec('SELECT MIN(since) AS since FROM early WHERE offered = 0').toArray()
    return row?.since === null || row === undefined ? null : Number(row.since) + EARLY_KEPT_MS
  }

  /** Offers what is due to the earlier months, newest first, until one has the call. Those that none has are kept. */
  async offer(now: number): Promise<void> {
    const rows = this.#sql
      .exec(
        'SELECT call_id, changes FROM early WHERE offered = 0 AND since <= ? ORDER BY since LIMIT ?',
        now - EARLY_KEPT_MS,
        OFFERED_AT_ONCE,
      )
      .toArray()
    let left = rows.map(row => ({ callId: String(row.call_id), changes: String(row.changes) }))
    for (const month of left.length > 0 ? await this.#months.earlier() : []) {
      const offer = left.map(({ callId, changes }) => [callId, JSON.parse(changes) as Changes])
      const known = new Set(await this.#months.at(month).amend(JSON.stringify(Object.fromEntries(offer))))
      // A row that has changed meanwhile stays and is offered again.
      for (const one of left.filter(({ callId }) => known.has(callId)))
        this.#sql.exec('DELETE FROM early WHERE call_id = ? AND changes = ?', one.callId, one.changes)
      left = left.filter(({ callId }) => !known.has(callId))
      if (left.length === 0) break
    }
    for (const { callId, changes } of left)
      this.#sql.exec('UPDATE early SET offered = 1 WHERE call_id = ? AND changes = ?', callId, changes)
  }
}
