/** The contacts of a workspace: rows. */
import type { Contact } from '../../wire/api.ts'
import type { ContactEntry } from '../contracts.ts'
import type { NotedOutcome, TriedContact } from '../people.ts'
import type { Schema } from '../shell/schema.ts'

/** Calls whose attempt is counted. */
const COUNTED = `
CREATE TABLE IF NOT EXISTS counted_calls (call_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS counted_calls_at ON counted_calls (at);
`
/** Numbers that contacts had before. A campaign may still have one of them, and whoever asks not to be called means all of their numbers. */
const FORMER = `
CREATE TABLE IF NOT EXISTS former_numbers (contact_id TEXT NOT NULL, phone TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (contact_id, phone)) WITHOUT ROWID;
`
/** Most former numbers of one contact. */
const FORMER_KEPT = 10
/** A neighbour repeats for 72 h at most. */
const COUNTED_KEPT_MS = 7 * 24 * 3_600_000

export const CONTACT_SCHEMA: Schema = {
  firstTable: 'contacts',
  tables: `
CREATE TABLE IF NOT EXISTS contacts (contact_id TEXT PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL, company TEXT NOT NULL, phone TEXT NOT NULL,
  time_zone TEXT, status TEXT NOT NULL DEFAULT 'active', result TEXT, note TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, last_attempt INTEGER,
  postcode TEXT, extension TEXT, outcome_call TEXT, import_id TEXT);
CREATE INDEX IF NOT EXISTS contacts_phone ON contacts (phone);
${COUNTED}${FORMER}`,
  migrations: [
    // Clearance: the postcode gives a zone. The extension is sent as digits after the answer.
    'ALTER TABLE contacts ADD COLUMN postcode TEXT;ALTER TABLE contacts ADD COLUMN extension TEXT;',
    // The call that an outcome was saved for, and the calls whose attempts are counted.
    `ALTER TABLE contacts ADD COLUMN outcome_call TEXT;${COUNTED}`,
    FORMER,
    // The import that has made a contact, and may take it back.
    'ALTER TABLE contacts ADD COLUMN import_id TEXT;',
  ],
}

/** Whom an import has made, and of whom nothing else is on record. */
const TAKEN_BACK =
  "contact_id = ? AND import_id = ? AND status = 'active' AND attempts = 0 AND last_attempt IS NULL AND note = ''"

export class ContactBook {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  save(entries: ContactEntry[]): void {
    for (const one of entries) {
      this.#keepFormer(one)
      this.#sql.exec(
        `INSERT INTO contacts (contact_id, first_name, last_name, company, phone, time_zone, postcode, extension) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (contact_id) DO UPDATE SET first_name = excluded.first_name, last_name = excluded.last_name, company = excluded.company,
         phone = excluded.phone, time_zone = excluded.time_zone, postcode = excluded.postcode, extension = excluded.extension, import_id = NULL`,
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

  /** What the list leaves empty stays as it is. A contact whom two imports have written is no longer of one. */
  saveImported(importId: string, entries: ContactEntry[]): void {
    const kept = (name: string) =>
      `${name} = CASE WHEN excluded.${name} = '' THEN contacts.${name} ELSE excluded.${name} END`
    const stated = (name: string) => `${name} = COALESCE(excluded.${name}, contacts.${name})`
    const save = `INSERT INTO contacts (contact_id, first_name, last_name, company, phone, time_zone, postcode, extension, import_id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (contact_id) DO UPDATE SET ${['first_name', 'last_name', 'company'].map(kept).join(', ')},
      ${['time_zone', 'postcode'].map(stated).join(', ')}, phone = excluded.phone,
      extension = CASE WHEN excluded.phone = contacts.phone THEN COALESCE(excluded.extension, contacts.extension) ELSE excluded.extension END,
      import_id = CASE WHEN contacts.import_id = excluded.import_id THEN contacts.import_id ELSE NULL END`
    const known = this.existing(entries.map(one => one.contactId))
    for (const one of entries) {
      if (known.has(one.contactId)) this.#keepFormer(one)
      const { contactId, firstName, lastName, company, phone, timeZone, postcode, extension } = one
      const values = [contactId, firstName, lastName, company, phone, timeZone, postcode, extension, importId]
      this.#sql.exec(save, ...values)
    }
  }

  /** Those of these ids that are in the book. */
  existing(ids: string[]): Set<string> {
    const found = 'SELECT contact_id FROM contacts WHERE contact_id IN (SELECT value FROM json_each(?))'
    return new Set(
      this.#sql
        .exec(found, JSON.stringify(ids))
        .toArray()
        .map(row => String(row.contact_id)),
    )
  }

  /** The contact with this id or, failing that, with this number; null: there is none. */
  known(contactId: string | null, number: string): string | null {
    const [row] = this.#sql
      .exec(
        'SELECT contact_id FROM (SELECT contact_id FROM contacts WHERE contact_id = ?1 UNION ALL SELECT contact_id FROM contacts WHERE phone = ?2) LIMIT 1',
        contactId,
        number,
      )
      .toArray()
    return row === undefined ? null : String(row.contact_id)
  }

  /** These contacts are in the list of another import as well, so they are not taken back with the one that made them. */
  rely(importId: string, ids: string[]): void {
    for (const id of ids)
      this.#sql.exec('UPDATE contacts SET import_id = NULL WHERE contact_id = ? AND import_id <> ?', id, importId)
  }

  /** Who would stay: somebody whom this import has not made, who was called, or of whom something is on record. */
  keptFrom(importId: string, ids: string[]): string[] {
    const has = (where: string, ...values: string[]) =>
      this.#sql.exec(`SELECT 1 FROM contacts WHERE ${where}`, ...values).toArray().length > 0
    return ids.filter(id => has('contact_id = ?', id) && !has(TAKEN_BACK, id, importId))
  }

  /** Returns who stays: somebody whom this import has not made, who was called, or of whom something is on record. */
  removeImported(importId: string, ids: string[]): string[] {
    return ids.filter(id => {
      const { rowsWritten } = this.#sql.exec(`DELETE FROM contacts WHERE ${TAKEN_BACK}`, id, importId)
      if (rowsWritten > 0) this.#sql.exec('DELETE FROM former_numbers WHERE contact_id = ?', id)
      return rowsWritten === 0 && this.#sql.exec('SELECT 1 FROM contacts WHERE contact_id = ?', id).toArray().length > 0
    })
  }

  #keepFormer({ contactId, phone }: ContactEntry): void {
    const { rowsWritten } = this.#sql.exec(
      'INSERT OR REPLACE INTO former_numbers (contact_id, phone, at) SELECT contact_id, phone, ? FROM contacts WHERE contact_id = ? AND phone <> ?',
      Date.now(),
      contactId,
      phone,
    )
    if (rowsWritten === 0) return
    this.#sql.exec(
      `DELETE FROM former_numbers WHERE contact_id = ?1 AND phone NOT IN
       (SELECT phone FROM former_numbers WHERE contact_id = ?1 ORDER BY at DESC LIMIT ${FORMER_KEPT})`,
      contactId,
    )
  }

  /** The number of this contact and those it had before, the present one first; empty: there is no such contact. */
  numbersOf(contactId: string): string[] {
    return this.#sql
      .exec(
        `SELECT phone FROM (SELECT phone, 0 AS was FROM contacts WHERE contact_id = ?1
         UNION ALL SELECT phone, 1 FROM former_numbers WHERE contact_id = ?1) GROUP BY phone ORDER BY MIN(was)`,
        contactId,
      )
      .toArray()
      .map(row => String(row.phone))
  }

  /** Has this contact asked not to be called, when it had another number? */
  isMarkedUnderOther(contactId: string, phone: string): boolean {
    const found = "SELECT 1 FROM contacts WHERE contact_id = ? AND status = 'dnc' AND phone <> ?"
    return this.#sql.exec(found, contactId, phone).toArray().length > 0
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
  note({ contactId, result, note, at, callId, doNotCall, status = 'done', fields = {} }: NotedOutcome): boolean {
    const { company, timeZone, postcode, extension } = fields
    const { rowsWritten } = this.#sql.exec(
      `UPDATE contacts SET result = ?, note = ?, last_attempt = ?, outcome_call = ?, company = COALESCE(?, company), time_zone = COALESCE(?, time_zone),
       postcode = COALESCE(?, postcode), extension = COALESCE(?, extension), status = CASE WHEN status = 'dnc' THEN 'dnc' ELSE ? END WHERE contact_id = ?`,
      ...[result, note, at, callId, company ?? null, timeZone ?? null, postcode ?? null, extension ?? null],
      result === 'do-not-call' || doNotCall ? 'dnc' : status,
      contactId,
    )
    return rowsWritten > 0
  }

  countAttempt(contactId: string, callId: string, at: number): void {
    const counted = this.#sql.exec('INSERT OR IGNORE INTO counted_calls (call_id, at) VALUES (?, ?)', callId, at)
    if (counted.rowsWritten === 0) return
    this.#sql.exec('DELETE FROM counted_calls WHERE at < ?', at - COUNTED_KEPT_MS)
    this.#sql.exec(
      "UPDATE contacts SET attempts = attempts + 1, last_attempt = ?, status = CASE WHEN status = 'dnc' THEN 'dnc' ELSE 'in-progress' END WHERE contact_id = ?",
      at,
      contactId,
    )
  }

  /** What a person has saved for the same call is not overwritten, and neither is the mark of the do-not-call list. */
  tried({ contactId, callId, status, result, at }: TriedContact): void {
    this.#sql.exec(
      `UPDATE contacts SET status = ?, result = ?, last_attempt = ? WHERE contact_id = ? AND status <> 'dnc'
       AND COALESCE(outcome_call, '') <> ? AND COALESCE(last_attempt, 0) <= ?`,
      status,
      result,
      at,
      contactId,
      callId,
      at,
    )
  }

  markOptedOut(contactId: string): void {
    this.#sql.exec("UPDATE contacts SET status = 'dnc', result = 'do-not-call' WHERE contact_id = ?", contactId)
  }

  markNumber(phone: string): void {
    this.#sql.exec("UPDATE contacts SET status = 'dnc', result = 'do-not-call' WHERE phone = ?", phone)
  }

  /** Contacts with this number may be called again; what they had said is on record in the list. */
  lift(phone: string): void {
    this.#sql.exec("UPDATE contacts SET status = 'active', result = NULL WHERE phone = ? AND status = 'dnc'", phone)
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
