/** The contact queue and the rounds, as rows: what grows is a table (design §2). */
import type { SeatPlace } from '../../core/batch/state.ts'
import { afterOutcome, DEFAULT_PLAN, nextTry } from '../../core/campaign/retry.ts'
import type { CampaignFact, CampaignState, Candidate, RoundLeg } from '../../core/campaign/state.ts'
import type { Lease } from '../../core/desk/state.ts'
import type { NewContact } from '../contracts.ts'
import type { Schema } from '../shell/schema.ts'

export const CAMPAIGN_SCHEMA: Schema = {
  firstTable: 'rounds',
  tables: `
CREATE TABLE IF NOT EXISTS contacts (contact_id TEXT PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL, company TEXT NOT NULL, number TEXT NOT NULL,
  number_shown TEXT NOT NULL, time_zone TEXT, status TEXT NOT NULL DEFAULT 'active', attempts INTEGER NOT NULL DEFAULT 0, due_at INTEGER NOT NULL DEFAULT 0,
  last_attempt INTEGER, last_note TEXT NOT NULL DEFAULT '', result TEXT);
CREATE INDEX IF NOT EXISTS contacts_due ON contacts (status, due_at, position);
CREATE TABLE IF NOT EXISTS ai_consents (contact_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rounds (batch_id TEXT PRIMARY KEY, body TEXT NOT NULL);
`,
  migrations: [
    // After 0.1.0: a seat says where its winner goes. An AI agent's seat of a round in the air falls back to the message.
    `UPDATE rounds SET body = json_set(json_remove(body, '$.room'), '$.place', json_object('kind', 'room', 'room', json_extract(body, '$.room')))
     WHERE json_extract(body, '$.place') IS NULL;`,
  ],
}
/** Some are filtered by calling hours: read more than the lines. */
const READ_AHEAD = 6

export interface Round {
  deskId: string
  lease: Lease
  place: SeatPlace
  legs: RoundLeg[]
  contacts: Candidate[]
}

export function addContacts(sql: SqlStorage, contacts: NewContact[]): number {
  const [row] = sql.exec('SELECT COALESCE(MAX(position), 0) AS last FROM contacts').toArray()
  let position = Number(row?.last ?? 0)
  let added = 0
  for (const one of contacts) {
    position += 1
    // Rows written count those of the indexes as well.
    const { rowsWritten } = sql.exec(
      'INSERT OR IGNORE INTO contacts (contact_id, position, name, company, number, number_shown, time_zone) VALUES (?, ?, ?, ?, ?, ?, ?)',
      one.contactId,
      position,
      one.name,
      one.company,
      one.number,
      one.numberShown,
      one.timeZone,
    )
    if (rowsWritten > 0) added += 1
    if (one.aiConsent)
      sql.exec('INSERT OR IGNORE INTO ai_consents (contact_id, at) VALUES (?, ?)', one.contactId, Date.now())
  }
  return added
}

const AGREED = ' AND contact_id IN (SELECT contact_id FROM ai_consents)'

/** `agreed`: only people whom an AI agent may call. */
export function contactsLeft(sql: SqlStorage, agreed = false): number {
  return count(sql, `SELECT COUNT(*) AS n FROM contacts WHERE status IN ('active', 'dropped')${agreed ? AGREED : ''}`)
}

export function contactsTotal(sql: SqlStorage): number {
  return count(sql, 'SELECT COUNT(*) AS n FROM contacts')
}

function count(sql: SqlStorage, query: string): number {
  return Number(sql.exec(query).toArray()[0]?.n ?? 0)
}

/** Who may come next, those that were due first at the head. */
export function candidates(sql: SqlStorage, lines: number, at: number, agreed = false): Candidate[] {
  return sql
    .exec(
      `SELECT * FROM contacts WHERE status IN ('active', 'dropped') AND due_at <= ?${agreed ? AGREED : ''} ORDER BY due_at, position LIMIT ?`,
      at,
      lines * READ_AHEAD,
    )
    .toArray()
    .map(row => ({
      contactId: String(row.contact_id),
      name: String(row.name),
      company: String(row.company),
      number: String(row.number),
      numberShown: String(row.number_shown),
      timeZone: row.time_zone === null ? null : String(row.time_zone),
      attempts: Number(row.attempts),
      lastNote: String(row.last_note),
    }))
}

export function roundOf(sql: SqlStorage, batchId: string): Round | null {
  const [row] = sql.exec('SELECT body FROM rounds WHERE batch_id = ?', batchId).toArray()
  return row ? (JSON.parse(String(row.body)) as Round) : null
}

/** In the same transaction as the facts. */
export function project(sql: SqlStorage, fact: CampaignFact, state: CampaignState): void {
  switch (fact.type) {
    case 'round-opened': {
      const { deskId, lease, place, legs, personal } = fact
      const round: Round = { deskId, lease, place, legs, contacts: personal.contacts }
      sql.exec('INSERT OR REPLACE INTO rounds (batch_id, body) VALUES (?, ?)', fact.batchId, JSON.stringify(round))
      for (const leg of legs)
        sql.exec(
          "UPDATE contacts SET status = 'in-progress', last_attempt = ? WHERE contact_id = ?",
          fact.at,
          leg.contactId,
        )
      return
    }
    case 'attempt-ended': {
      const next = nextTry(fact.outcome, fact.attempts, fact.at, state.settings?.plan ?? DEFAULT_PLAN)
      sql.exec(
        'UPDATE contacts SET status = ?, due_at = ?, attempts = ?, result = ? WHERE contact_id = ? AND status = ?',
        next.status,
        next.dueAt ?? 0,
        fact.attempts + (next.counted ? 1 : 0),
        fact.outcome,
        fact.contactId,
        'in-progress',
      )
      return
    }
    case 'outcome-noted': {
      if (fact.contactId === null) return
      const next = afterOutcome(fact.outcomeId, fact.at)
      sql.exec(
        'UPDATE contacts SET status = ?, due_at = ?, result = ?, last_note = ? WHERE contact_id = ?',
        next.status,
        next.dueAt ?? 0,
        fact.outcomeId,
        fact.personal.note,
        fact.contactId,
      )
      return
    }
    // Who was dialled in a round is needed to open and show it, and no longer.
    case 'round-closed':
      sql.exec('DELETE FROM rounds WHERE batch_id = ?', fact.batchId)
      return
    default:
  }
}
