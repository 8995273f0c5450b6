/** The extensions of a domain, as rows, and how often somebody has had a wrong secret. */
import { type Bindings, phonesOf } from '../../core/sip/bindings.ts'
import type { Extension, ExtensionSettings } from './contract.ts'
import { EXTENSIONS_MAX } from './tables.ts'

/** Wrong secrets of one extension from one address, in this time. After that nobody there is asked for the secret any more. */
export const WRONG_MAX = 20
export const WRONG_MS = 600_000

type Row = Record<string, SqlStorageValue>

export class Extensions {
  readonly #sql: SqlStorage
  /** what is dialled → the hash of its secret */
  readonly #hashes = new Map<string, string>()
  readonly #atCarrier: (extension: string) => boolean

  constructor(sql: SqlStorage, atCarrier: (extension: string) => boolean) {
    this.#sql = sql
    this.#atCarrier = atCarrier
    for (const row of sql.exec('SELECT extension, hash FROM extensions'))
      this.#hashes.set(String(row.extension), String(row.hash))
  }

  get any(): boolean {
    return this.#hashes.size > 0
  }
  has(extension: string): boolean {
    return this.#hashes.has(extension)
  }
  nameOf(extension: string): string | null {
    const [row] = this.#sql.exec('SELECT name FROM extensions WHERE extension = ?', extension).toArray()
    return row === undefined ? null : String(row.name)
  }
  /** What is dialled, by that or by the id. Null: there is no such extension. */
  dialledOf(named: string): string | null {
    const asked = 'SELECT extension FROM extensions WHERE extension = ?1 OR id = ?1 LIMIT 1'
    const [row] = this.#sql.exec(asked, named).toArray()
    return row === undefined ? null : String(row.extension)
  }
  hashOf(extension: string): string | null {
    return this.#hashes.get(extension) ?? null
  }

  add(id: string, extension: string, { name, detail }: ExtensionSettings, hash: string, now: number) {
    if (this.has(extension)) return 'taken' as const
    if (this.#hashes.size >= EXTENSIONS_MAX) return 'too-many' as const
    this.#sql.exec(
      'INSERT INTO extensions (extension, id, name, detail, hash, made_ms, changed_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)',
      ...[extension, id, name, detail, hash, now],
    )
    this.#hashes.set(extension, hash)
    return 'added' as const
  }

  list(after: string | null, limit: number, bindings: Bindings, now: number): Extension[] {
    const rows = this.#sql.exec(
      'SELECT * FROM extensions WHERE extension > ? ORDER BY extension LIMIT ?',
      after ?? '',
      limit,
    )
    return rows.toArray().map(row => this.#shown(row, bindings, now))
  }
  read(id: string, bindings: Bindings, now: number): Extension | null {
    const [row] = this.#sql.exec('SELECT * FROM extensions WHERE id = ?', id).toArray()
    return row === undefined ? null : this.#shown(row, bindings, now)
  }

  change(
    id: string,
    { name = null, detail = null }: { name?: string | null; detail?: string | null },
    now: number,
  ): void {
    const change =
      'UPDATE extensions SET name = COALESCE(?, name), detail = COALESCE(?, detail), changed_ms = ? WHERE id = ?'
    this.#sql.exec(change, name, detail, now, id)
  }
  /** False: there is no such extension. */
  setHash(extension: string, hash: string, now: number): boolean {
    if (!this.has(extension)) return false
    this.#sql.exec('UPDATE extensions SET hash = ?, changed_ms = ? WHERE extension = ?', hash, now, extension)
    this.#hashes.set(extension, hash)
    return true
  }
  seen(extension: string, now: number): void {
    this.#sql.exec('UPDATE extensions SET seen_ms = ? WHERE extension = ?', now, extension)
  }
  remove(extension: string): void {
    this.#sql.exec('DELETE FROM extensions WHERE extension = ?', extension)
    this.#hashes.delete(extension)
  }

  /** One count for each extension and address; those that nobody has are counted together, so that strangers make no rows by new names. */
  wrong(extension: string, address: string, now: number): void {
    this.#sql.exec('DELETE FROM wrong WHERE since_ms <= ?', now - WRONG_MS)
    const count =
      'INSERT INTO wrong (who, times, since_ms) VALUES (?, 1, ?) ON CONFLICT (who) DO UPDATE SET times = times + 1'
    this.#sql.exec(count, this.#who(extension, address), now)
  }
  isShutOut(extension: string, address: string, now: number): boolean {
    const asked = 'SELECT times FROM wrong WHERE who = ? AND since_ms > ?'
    const [row] = this.#sql.exec(asked, this.#who(extension, address), now - WRONG_MS).toArray()
    return Number(row?.times ?? 0) >= WRONG_MAX
  }

  #who(extension: string, address: string): string {
    return `${this.has(extension) ? extension : '?'} ${address}`
  }

  #shown(row: Row, bindings: Bindings, now: number): Extension {
    const extension = String(row.extension)
    return {
      ...{ id: String(row.id), extension, name: String(row.name), detail: String(row.detail) },
      ...{ madeMs: Number(row.made_ms), changedMs: Number(row.changed_ms) },
      atCarrier: this.#atCarrier(extension),
      phones: phonesOf(bindings, extension, now).length,
      lastSeenMs: row.seen_ms === null ? null : Number(row.seen_ms),
    }
  }
}
