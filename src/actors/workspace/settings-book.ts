/** Who calls, and the settings of a workspace, which have a usual value until somebody sets them. */
import { USUAL_POLICY } from '../../core/recording/policy.ts'
import { DEFAULT_TIME_ZONE } from '../../wire/time-zone.ts'
import type { WorkspaceSettings } from '../contracts.ts'
import { RETENTION_DAYS as VOICEMAIL_DAYS } from '../inbox/tables.ts'

const TABLES = `
CREATE TABLE IF NOT EXISTS profile (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, seller_name TEXT NOT NULL, seller_number TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`

export class SettingsBook {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(TABLES)
  }

  setProfile(name: string, sellerName: string, sellerNumber: string): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO profile (id, name, seller_name, seller_number) VALUES (1, ?, ?, ?)',
      name,
      sellerName,
      sellerNumber,
    )
  }

  /** The seller as the safe-harbour message names it. */
  seller(): { name: string; number: string } {
    const [row] = this.#sql.exec('SELECT seller_name, seller_number FROM profile').toArray()
    return { name: String(row?.seller_name ?? 'our office'), number: String(row?.seller_number ?? '') }
  }

  read(): WorkspaceSettings {
    const rows = this.#sql.exec('SELECT name, value FROM settings').toArray()
    const set = new Map(rows.map(row => [String(row.name), String(row.value)]))
    return {
      timeZone: set.get('timeZone') ?? DEFAULT_TIME_ZONE,
      supervision: set.get('supervision') === 'silent' ? 'silent' : 'announced',
      voicemailDays: Number(set.get('voicemailDays') ?? VOICEMAIL_DAYS),
      recordingDays: Number(set.get('recordingDays') ?? USUAL_POLICY.days),
      recordingFormat: set.get('recordingFormat') === 'mp3' ? 'mp3' : USUAL_POLICY.format,
      recordingChannels: set.get('recordingChannels') === '1' ? 1 : USUAL_POLICY.channels,
      recordingTranscripts: set.get('recordingTranscripts') === 'all' ? 'all' : USUAL_POLICY.transcripts,
    }
  }

  change(settings: Partial<WorkspaceSettings>): WorkspaceSettings {
    for (const [name, value] of Object.entries(settings))
      this.#sql.exec('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)', name, String(value))
    return this.read()
  }
}
