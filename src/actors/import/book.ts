/** Of a workspace: its imports, and how lists with the same header were mapped the last time. */
import type { Field } from '../../core/import/fields.ts'
import { IMPORTS_MAX, MAPPINGS_MAX } from './tables.ts'

export class ImportList {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** False: there are too many. */
  enlist(importId: string, now: number): boolean {
    const [count] = this.#sql.exec('SELECT COUNT(*) AS n FROM listed').toArray()
    if (Number(count?.n) >= IMPORTS_MAX) return false
    this.#sql.exec('INSERT OR IGNORE INTO listed (import_id, made_ms) VALUES (?, ?)', importId, now)
    return true
  }

  strike(importId: string): void {
    this.#sql.exec('DELETE FROM listed WHERE import_id = ?', importId)
  }

  has(importId: string): boolean {
    return this.#sql.exec('SELECT 1 FROM listed WHERE import_id = ?', importId).toArray().length > 0
  }

  /** The newest first. */
  listed(before: { changedMs: number; id: string } | null, limit: number): string[] {
    return this.#sql
      .exec(
        'SELECT import_id FROM listed WHERE (made_ms, import_id) < (?, ?) ORDER BY made_ms DESC, import_id DESC LIMIT ?',
        before?.changedMs ?? Number.MAX_SAFE_INTEGER,
        before?.id ?? '',
        limit,
      )
      .toArray()
      .map(row => String(row.import_id))
  }

  mappingFor(signature: string): (Field | null)[] | null {
    const [row] = this.#sql.exec('SELECT columns FROM mappings WHERE signature = ?', signature).toArray()
    return row === undefined ? null : (JSON.parse(String(row.columns)) as (Field | null)[])
  }

  remember(signature: string, columns: (Field | null)[], now: number): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO mappings (signature, columns, at) VALUES (?, ?, ?)',
      signature,
      JSON.stringify(columns),
      now,
    )
    this.#sql.exec(
      `DELETE FROM mappings WHERE signature NOT IN (SELECT signature FROM mappings ORDER BY at DESC LIMIT ${MAPPINGS_MAX})`,
    )
  }
}
