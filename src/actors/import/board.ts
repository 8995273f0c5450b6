/** The state of an import, and its rows as others see them. */
import { unreachable } from '../../core/machine.ts'
import type { Import, ImportRow, ImportState, RowsQuery, Verdict, Wanted } from './contract.ts'
import { VERDICTS } from './contract.ts'
import { recordOf, rowOf } from './judge.ts'

const SAMPLES = 5
export const BROKE_OFF = 'the file broke off; send it again'

export class ImportBoard {
  readonly #sql: SqlStorage
  #state: ImportState | null = null

  constructor(sql: SqlStorage) {
    this.#sql = sql
    const [row] = sql.exec('SELECT body FROM import').toArray()
    if (row !== undefined) this.#state = JSON.parse(String(row.body)) as ImportState
    // Whoever was sending the file was cut off with the life of the object before this one.
    if (this.#state?.phase === 'reading') this.change({ phase: 'failed', problem: BROKE_OFF, rows: 0 })
  }

  get state(): ImportState | null {
    return this.#state
  }

  /** These parts are so from now on. */
  change(parts: Partial<ImportState>): ImportState {
    this.#state = { ...(this.#state as ImportState), ...parts }
    this.#sql.exec('INSERT OR REPLACE INTO import (id, body) VALUES (1, ?)', JSON.stringify(this.#state))
    return this.#state
  }

  begin(wanted: Wanted): void {
    switch (wanted.do) {
      case 'commit':
        this.change({ phase: 'importing', kept: 0, cursor: 0 })
        return
      case 'fill': {
        const others = this.#state?.campaigns.filter(one => one !== wanted.campaignId) ?? []
        this.change({ phase: 'filling', campaigns: [...others, wanted.campaignId], filled: 0, cursor: 0 })
        return
      }
      case 'undo':
        this.change({ phase: 'undoing', kept: 0, cursor: 0 })
        return
      default:
        unreachable(wanted)
    }
  }

  shown(): Import | null {
    if (this.#state === null) return null
    const counts = Object.fromEntries(VERDICTS.map(verdict => [verdict, 0])) as Record<Verdict, number>
    let saved = 0
    const groups = 'SELECT verdict, saved, COUNT(*) AS n FROM rows GROUP BY verdict, saved'
    for (const row of this.#sql.exec(groups).toArray()) {
      const verdict = row.verdict as Verdict
      if (!(verdict in counts)) continue
      counts[verdict] += Number(row.n)
      if (row.saved === 1) saved += Number(row.n)
    }
    const begin = `SELECT n, cells FROM rows WHERE verdict <> 'header' ORDER BY n LIMIT ${SAMPLES}`
    const samples = this.#sql
      .exec(begin)
      .toArray()
      .map(row => recordOf(row).cells)
    return { ...this.#state, counts, saved, samples }
  }

  rows({ verdict, after, limit }: RowsQuery): ImportRow[] {
    const found =
      verdict === null
        ? this.#sql.exec("SELECT * FROM rows WHERE n > ? AND verdict <> 'header' ORDER BY n LIMIT ?", after, limit)
        : this.#sql.exec('SELECT * FROM rows WHERE n > ? AND verdict = ? ORDER BY n LIMIT ?', after, verdict, limit)
    return found.toArray().map(rowOf)
  }

  row(n: number): ImportRow | null {
    const [row] = this.#sql.exec("SELECT * FROM rows WHERE n = ? AND verdict <> 'header'", n).toArray()
    return row === undefined ? null : rowOf(row)
  }

  /** The object is empty again. */
  reset(): void {
    this.#state = null
  }

  clear(): void {
    for (const table of ['rows', 'file', 'texts']) this.#sql.exec(`DELETE FROM ${table}`)
  }
}
