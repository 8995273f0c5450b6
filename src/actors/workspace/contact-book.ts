/** The contacts of a workspace: rows. */
import type { Contact } from '../../wire/api.ts'
import type { ContactEntry } from '../contracts.ts'
import type { Schema } from '../shell/schema.ts'

export const CONTACT_SCHEMA: Schema = {
  firstTable: 'contacts',
  tables: `
CREATE TABLE IF NOT EXISTS contacts (contact_id TEXT PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL, company TEXT NOT NULL, phone TEXT NOT NULL,
  time_zone TEXT, status TEXT NOT NULL DEFAULT 'active', result TEXT, note TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, last_attempt INTEGER,
  postcode TEXT, extension TEXT);
CREATE INDEX IF NOT EXISTS contacts_phone ON contacts (phone);
`,
  migrations: [
    // Clearance: the postcode gives a zone. The extension is sent as digits after the answer.
    'ALTER TABLE contacts ADD COLUMN postcode TEXT;ALTER TABLE contacts ADD COLUMN extension TEXT;',
  ],
}

export class ContactBook {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  save(entries: ContactEntry[]): void {
    for (const one of entries) {
      this.#sql.exec(
        `INSERT INTO contacts (contact_id, first_name, last_name, company, phone, time_zone, postcode, extension) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (contact_id) DO UPDATE SET first_name = excluded.first_name, last_name = excluded.last_name, company = excluded.company,
         phone = excluded.phone, time_zone = excluded.time_zone, postcode = excluded.postcode, extension = excluded.extension`,
        one.contactId,
        one.firstName,
        one.lastName,
        one.company,
        one.phone,
        one.timeZone,
        one.postcode,
        one.extension,
      )
    }
  }

  read(ids: string[]): Contact[] {
    const found = ids.map(id => this.#sql.exec('SELECT * FROM contacts WHERE contact_id = ?', id).toArray()[0])
    return found.filter(row => row !== undefined).map(contactOf)
  }

  list(after: string | null, limit: number): Contact[] {
    return this.#sql
      .exec('SELECT * FROM contacts WHERE contact_id > ? ORDER BY contact_id LIMIT ?', after ?? '', limit)
      .toArray()
      .map(contactOf)
  }

  byPhone(phone: string): Contact | null {
    const [row] = this.#sql.exec('SELECT * FROM contacts WHERE phone = ? LIMIT 1', phone).toArray()
    return row ? contactOf(row) : null
  }

  /** False: there is no such contact. The mark of the do-not-call list is not taken away by a later outcome. */
  note(contactId: string, result: string, note: string, at: number): boolean {
    const { rowsWritten } = this.#sql.exec(
      "UPDATE contacts SET result = ?, note = ?, last_attempt = ?, status = CASE WHEN ? = 'do-not-call' OR status = 'dnc' THEN 'dnc' ELSE 'done' END WHERE contact_id = ?",
      result,
      note,
      at,
      result,
      contactId,
    )
    return rowsWritten > 0
  }

  markOptedOut(phone: string): void {
    this.#sql.exec("UPDATE contacts SET status = 'dnc', result = 'do-not-call' WHERE phone = ?", phone)
  }
}

function contactOf(row: Record<string, SqlStorageValue>): Contact {
  return {
    contactId: String(row.contact_id),
    firstName: String(row.first_name),
    lastName: String(row.last_name),
    company: String(row.company),
    phone: String(row.phone),
    timeZone: row.time_zone === null ? null : String(row.time_zone),
    postcode: row.postcode === null ? null : String(row.postcode),
    extension: row.extension === null ? null : String(row.extension),
    status: row.status as Contact['status'],
    attempts: Number(row.attempts),
    lastAttemptMs: row.last_attempt === null ? null : Number(row.last_attempt),
    result: row.result === null ? null : String(row.result),
    note: String(row.note),
  }
}
