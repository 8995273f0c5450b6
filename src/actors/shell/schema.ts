/**
 * The tables of an object and how they change. A newborn object gets `tables`, the shape of today; one that an older
 * release has written runs the migrations it has not seen yet. `test/actors/schema.test.ts` holds both ways to the
 * same result. Every statement of a wake-up costs each object time, so a known object is asked one question.
 */
import type { Store } from './platform.ts'

export interface Schema {
  /** today's tables: what `migrations` would make of the first release's */
  readonly tables: string
  /** one step per release that changed the tables, oldest first; a step that was shipped is never edited */
  readonly migrations: readonly string[]
  /** a table of the first release; an object that has it and no schema row was written by that release */
  readonly firstTable: string
}

const SCHEMA_TABLE =
  'CREATE TABLE IF NOT EXISTS schema (owner TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;'

/** Brings the tables of every owner (the shell, the actor) to today's shape, in one transaction. */
export function migrate(storage: Pick<Store, 'sql' | 'transactionSync'>, owners: Record<string, Schema>): void {
  const known = versionsIn(storage.sql)
  const behind = Object.entries(owners).filter(([owner, schema]) => known[owner] !== schema.migrations.length)
  if (behind.length === 0) return
  storage.transactionSync(() => {
    storage.sql.exec(SCHEMA_TABLE)
    for (const [owner, schema] of behind) bringUp(storage.sql, owner, schema, known[owner])
  })
}

function versionsIn(sql: SqlStorage): Record<string, number> {
  try {
    const rows = sql.exec<{ owner: string; version: number }>('SELECT owner, version FROM schema').toArray()
    return Object.fromEntries(rows.map(row => [row.owner, row.version]))
  } catch {
    // Without a schema table the object is new, or the first release wrote it.
    return {}
  }
}

function bringUp(sql: SqlStorage, owner: string, schema: Schema, version: number | undefined): void {
  const from = version ?? (hasTable(sql, schema.firstTable) ? 0 : null)
  if (from === null) sql.exec(schema.tables)
  else {
    if (from > schema.migrations.length) throw new Error(`${owner}: this object was written by a newer release`)
    for (const step of schema.migrations.slice(from)) sql.exec(step)
  }
  sql.exec('INSERT OR REPLACE INTO schema (owner, version) VALUES (?, ?)', owner, schema.migrations.length)
}

function hasTable(sql: SqlStorage, name: string): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", name).toArray().length > 0
}
