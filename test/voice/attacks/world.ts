/** Everything that the Worker has stored, read from its files, so that data which no route shows is checked as well. */
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export type Row = Record<string, unknown>
/** table → rows */
export type Tables = Record<string, Row[]>

export interface Stored {
  /** class of the Durable Object → one entry for each object of it */
  objects: Record<string, Tables[]>
  /** people, sessions, memberships */
  accounts: Tables
}

/** workerd keeps one SQLite file for each object, in a folder named after its class. */
const CLASS = /([A-Z]\w+Actor)$/

/** @param folder the `state` of the stage */
export function storedIn(folder: string): Stored {
  const stored: Stored = { objects: {}, accounts: {} }
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.sqlite') || path.basename(file) === 'metadata.sqlite') continue
    const tables = tablesOf(path.join(folder, file))
    const kind = CLASS.exec(path.basename(path.dirname(file)))?.[1]
    if (kind !== undefined) stored.objects[kind] = [...(stored.objects[kind] ?? []), tables]
    else if ('membership' in tables) stored.accounts = tables
  }
  return stored
}

/** Reads a copy, because the Worker goes on writing to the original. */
function tablesOf(file: string): Tables {
  const copies = mkdtempSync(path.join(tmpdir(), 'stored-'))
  try {
    const copy = path.join(copies, 'one.sqlite')
    copyFileSync(file, copy)
    if (readdirSync(path.dirname(file)).includes(`${path.basename(file)}-wal`))
      copyFileSync(`${file}-wal`, `${copy}-wal`)
    const database = new DatabaseSync(copy)
    const names = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 1) <> '_'")
      .all()
    const tables = names.map(({ name }) => [
      String(name),
      database.prepare(`SELECT * FROM "${String(name)}"`).all() as Row[],
    ])
    database.close()
    return Object.fromEntries(tables) as Tables
  } finally {
    rmSync(copies, { recursive: true, force: true })
  }
}
