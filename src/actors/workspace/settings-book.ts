/** Settings of a workspace that have a usual value until somebody sets them. */
import { DEFAULT_TIME_ZONE } from '../../wire/time-zone.ts'
import type { WorkspaceSettings } from '../contracts.ts'

const TABLES = 'CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;'

export class SettingsBook {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(TABLES)
  }

  read(): WorkspaceSettings {
    const rows = this.#sql.exec('SELECT name, value FROM settings').toArray()
    const set = new Map(rows.map(row => [String(row.name), String(row.value)]))
    return { timeZone: set.get('timeZone') ?? DEFAULT_TIME_ZONE }
  }

  change(settings: Partial<WorkspaceSettings>): void {
    for (const [name, value] of Object.entries(settings))
      this.#sql.exec('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)', name, value)
  }
}
