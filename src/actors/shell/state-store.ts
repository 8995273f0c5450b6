/**
 * The state of an actor on its disk: one small value, and a row for each part that grows (`Growing` in `src/core/machine.ts`). Every
 * value is held to the same limit, because each is written whole when it changes.
 */
import type { Growing, Machine } from '../../core/machine.ts'
import type { Schema } from './schema.ts'
import { GROWING_SCHEMA } from './tables.ts'

export const STATE_BYTES_MAX = 64 * 1024

/** A state has grown past its limit: the input that would have made it is refused. */
export class TooLarge extends Error {
  constructor(machine: string) {
    super(`${machine}: state above ${STATE_BYTES_MAX} bytes`)
  }
}

interface Stored<State> {
  version: number
  seq: number
  state: State
}
type Kept<State> = Pick<Machine<State, never, never, never>, 'name' | 'version'> & { growing?: Growing<State> }

/** Tables beside the shell's that a machine needs whose parts always grow. */
export function growingSchema(machine: { growing?: { grows?: unknown } }): Record<string, Schema> {
  return machine.growing && !machine.growing.grows ? { growing: GROWING_SCHEMA } : {}
}

export class StateStore<State> {
  readonly #sql: SqlStorage
  readonly #machine: Kept<State>
  /** the rows as they are stored */
  #rows: ReadonlyMap<string, unknown> = new Map()
  /** the table of rows is known to be there */
  #hasTable = false

  constructor(sql: SqlStorage, machine: Kept<State>) {
    this.#sql = sql
    this.#machine = machine
  }

  /** Null: nothing was stored yet. */
  read(): Stored<State> | null {
    const [row] = this.#sql
      .exec<{ version: number; seq: number; body: string }>('SELECT version, seq, body FROM state')
      .toArray()
    if (!row) return null
    const { growing } = this.#machine
    const rest = JSON.parse(row.body) as State
    // Most calls have no flow: a question for rows that cannot be there would cost each of their wake-ups time.
    const grown = growing !== undefined && (growing.grows?.(rest) ?? true)
    if (grown) this.#rows = this.#storedRows()
    return { version: row.version, seq: row.seq, state: grown ? growing.whole(rest, this.#rows) : rest }
  }

  /** Throws `TooLarge`. The caller's transaction then rolls back, and calls `forget` with what `rows` was before. */
  write(state: State, seq: number): void {
    const { growing, version } = this.#machine
    const rest = growing ? growing.rest(state) : state
    if (growing) {
      this.#makeTable(rest)
      this.#writeRows(growing.rowsOf(state))
    }
    const body = this.#small(rest)
    this.#sql.exec('INSERT OR REPLACE INTO state (id, version, seq, body) VALUES (1, ?, ?, ?)', version, seq, body)
  }

  get rows(): ReadonlyMap<string, unknown> {
    return this.#rows
  }
  /** After a rollback the disk has these rows again. */
  forget(rows: ReadonlyMap<string, unknown>): void {
    this.#rows = rows
    this.#hasTable = false
  }

  /** A machine that does not always have rows gets its table when it may have some, because `read` asks for them from then on. */
  #makeTable(rest: State): void {
    if (this.#hasTable || !this.#machine.growing?.grows?.(rest)) return
    this.#sql.exec(GROWING_SCHEMA.tables)
    this.#hasTable = true
  }

  /** Writes the rows whose value is another object than before, and drops those that are gone. */
  #writeRows(rows: ReadonlyMap<string, unknown>): void {
    for (const [key, value] of rows) {
      if (this.#rows.get(key) === value) continue
      this.#sql.exec(
        'INSERT INTO state_rows (key, body) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body',
        key,
        this.#small(value),
      )
    }
    for (const key of this.#rows.keys()) if (!rows.has(key)) this.#sql.exec('DELETE FROM state_rows WHERE key = ?', key)
    this.#rows = rows
  }

  #storedRows(): ReadonlyMap<string, unknown> {
    const rows = this.#sql.exec<{ key: string; body: string }>('SELECT key, body FROM state_rows ORDER BY rowid')
    return new Map(rows.toArray().map(({ key, body }) => [key, JSON.parse(body) as unknown]))
  }

  #small(value: unknown): string {
    const body = JSON.stringify(value)
    // A character has three bytes at most, so a short text needs no counting.
    const maybe = body.length * 3 > STATE_BYTES_MAX
    if (maybe && new TextEncoder().encode(body).length > STATE_BYTES_MAX) throw new TooLarge(this.#machine.name)
    return body
  }
}
