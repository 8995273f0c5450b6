/** The contact queue and the rounds are rows, because what grows is a table. */
import type { SeatPlace } from '../../core/batch/state.ts'
import { MINE_FOR_MS } from '../../core/campaign/dispositions.ts'
import {
  attemptEnded,
  type ContactStatus,
  DEFAULT_PLAN,
  outcomeNoted,
  type RetryPlan,
  type Tries,
} from '../../core/campaign/retry.ts'
import type { CampaignFact, CampaignState, Candidate, RoundLeg } from '../../core/campaign/state.ts'
import type { Lease } from '../../core/desk/state.ts'
import type { NewContact } from '../contracts.ts'
import type { Schema } from '../shell/schema.ts'
import type { Consent } from '../trunk/contract.ts'
import { countFact, TALLIES_TABLE } from './pace.ts'

export const CAMPAIGN_SCHEMA: Schema = {
  firstTable: 'rounds',
  tables: `
CREATE TABLE IF NOT EXISTS contacts (contact_id TEXT PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL, company TEXT NOT NULL, number TEXT NOT NULL,
  number_shown TEXT NOT NULL, time_zone TEXT, status TEXT NOT NULL DEFAULT 'active', attempts INTEGER NOT NULL DEFAULT 0, due_at INTEGER NOT NULL DEFAULT 0,
  last_attempt INTEGER, last_note TEXT NOT NULL DEFAULT '', result TEXT, postcode TEXT, extension TEXT, held_rule TEXT, held_until INTEGER,
  promised INTEGER NOT NULL DEFAULT 0, owner TEXT);
CREATE INDEX IF NOT EXISTS contacts_number ON contacts (number);
CREATE INDEX IF NOT EXISTS contacts_due ON contacts (status, due_at, position);
CREATE INDEX IF NOT EXISTS contacts_promised ON contacts (due_at) WHERE promised = 1;
CREATE TABLE IF NOT EXISTS ai_consents (contact_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rounds (batch_id TEXT PRIMARY KEY, body TEXT NOT NULL);
${TALLIES_TABLE}
`,
  migrations: [
    // After 0.1.0 a seat says where its winner goes. In a round that was open then, an AI agent's seat falls back to the message.
    `UPDATE rounds SET body = json_set(json_remove(body, '$.room'), '$.place', json_object('kind', 'room', 'room', json_extract(body, '$.room')))
     WHERE json_extract(body, '$.place') IS NULL;`,
    // Clearance: where somebody is, their extension, and why and until when they are held back.
    `ALTER TABLE contacts ADD COLUMN postcode TEXT;ALTER TABLE contacts ADD COLUMN extension TEXT;ALTER TABLE contacts ADD COLUMN held_rule TEXT;
     ALTER TABLE contacts ADD COLUMN held_until INTEGER;CREATE INDEX IF NOT EXISTS contacts_number ON contacts (number);`,
    // What the governor counts.
    TALLIES_TABLE,
    // Whom an agent has promised to call again, and which agent.
    `ALTER TABLE contacts ADD COLUMN promised INTEGER NOT NULL DEFAULT 0;ALTER TABLE contacts ADD COLUMN owner TEXT;
     CREATE INDEX IF NOT EXISTS contacts_promised ON contacts (due_at) WHERE promised = 1;`,
  ],
}
/** Calling hours filter some candidates out, so this many times the number of lines are read. */
const READ_AHEAD = 6

export interface Round {
  deskId: string
  lease: Lease
  place: SeatPlace
  legs: RoundLeg[]
  contacts: Candidate[]
}

/** One row per number and campaign: whoever has the number of somebody in it is left out and named. */
export function addContacts(sql: SqlStorage, contacts: NewContact[]): { added: number; dropped: string[] } {
  const dropped: string[] = []
  const [row] = sql.exec('SELECT COALESCE(MAX(position), 0) AS last FROM contacts').toArray()
  let position = Number(row?.last ?? 0)
  let added = 0
  for (const one of contacts) {
    position += 1
    const isThere = corrected(sql, one)
    if (one.aiConsent)
      sql.exec('INSERT OR IGNORE INTO ai_consents (contact_id, at) VALUES (?, ?)', one.contactId, Date.now())
    if (isThere) continue
    // `rowsWritten` counts the rows of indexes as well, so it is above 1 for one contact.
    const { rowsWritten } = sql.exec(
      `INSERT INTO contacts (contact_id, position, name, company, number, number_shown, time_zone, postcode, extension)
       SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM contacts WHERE number = ?)`,
      one.contactId,
      position,
      one.name,
      one.company,
      one.number,
      one.numberShown,
      one.timeZone,
      one.postcode ?? null,
      one.extension ?? null,
      one.number,
    )
    if (rowsWritten > 0) added += 1
    else dropped.push(one.contactId)
  }
  return { added, dropped }
}

/** Those of them whom nobody has called, and nobody is about to call, go. Returns who stays. */
export function removeContacts(sql: SqlStorage, ids: string[]): string[] {
  return ids.filter(id => {
    const uncalled = "contact_id = ? AND status IN ('active', 'held') AND attempts = 0 AND last_attempt IS NULL"
    const { rowsWritten } = sql.exec(`DELETE FROM contacts WHERE ${uncalled}`, id)
    if (rowsWritten > 0) sql.exec('DELETE FROM ai_consents WHERE contact_id = ?', id)
    return rowsWritten === 0 && sql.exec('SELECT 1 FROM contacts WHERE contact_id = ?', id).toArray().length > 0
  })
}

/** True: this id is in the campaign, and the row says from now on what was given, unless somebody else has the number. */
function corrected(sql: SqlStorage, one: NewContact): boolean {
  if (sql.exec('SELECT 1 FROM contacts WHERE contact_id = ?', one.contactId).toArray().length === 0) return false
  sql.exec(
    `UPDATE contacts SET name = ?, company = ?, number = ?, number_shown = ?, time_zone = ?, postcode = ?, extension = ?,
     status = CASE WHEN status = 'held' OR (status = 'archived' AND number <> ?) THEN 'active' ELSE status END
     WHERE contact_id = ? AND NOT EXISTS (SELECT 1 FROM contacts AS other WHERE other.number = ? AND other.contact_id <> ?)`,
    one.name,
    one.company,
    one.number,
    one.numberShown,
    one.timeZone,
    one.postcode ?? null,
    one.extension ?? null,
    one.number,
    one.contactId,
    one.number,
    one.contactId,
  )
  return true
}

const AGREED = ' AND contact_id IN (SELECT contact_id FROM ai_consents)'

/** `agreed`: only people whom an AI agent may call. */
export function contactsLeft(sql: SqlStorage, agreed = false): number {
  return count(sql, `SELECT COUNT(*) AS n FROM contacts WHERE status IN ('active', 'dropped')${agreed ? AGREED : ''}`)
}

/** Does this person wait for a call, in no round? */
export function isWaiting(sql: SqlStorage, contactId: string): boolean {
  const found = "SELECT 1 FROM contacts WHERE contact_id = ? AND status IN ('active', 'dropped')"
  return sql.exec(found, contactId).toArray().length > 0
}

export function contactsHeld(sql: SqlStorage): number {
  return count(sql, "SELECT COUNT(*) AS n FROM contacts WHERE status = 'held'")
}

export function contactsTotal(sql: SqlStorage): number {
  return count(sql, 'SELECT COUNT(*) AS n FROM contacts')
}

function count(sql: SqlStorage, query: string): number {
  return Number(sql.exec(query).toArray()[0]?.n ?? 0)
}

/**
 * The contacts that may be called next, in the order in which they were due: first those whom an agent has promised a call. `deskId`: of the
 * agent who would talk with them; null: whoever is free, so that what one agent has promised is for anybody. Else it is for that agent, until it is long overdue.
 */
export function candidates(
  sql: SqlStorage,
  lines: number,
  at: number,
  agreed: boolean,
  deskId: string | null,
): Candidate[] {
  const due = `SELECT * FROM contacts WHERE status IN ('active', 'dropped') AND due_at <= ?1${agreed ? AGREED : ''}`
  const most = lines * READ_AHEAD
  const mine = 'AND promised = 1 AND (owner IS NULL OR ?2 IS NULL OR owner = ?2 OR due_at <= ?3)'
  const promised = sql
    .exec(`${due} ${mine} ORDER BY due_at, position LIMIT ?4`, at, deskId, at - MINE_FOR_MS, most)
    .toArray()
  const rest = sql
    .exec(`${due} AND promised = 0 ORDER BY due_at, position LIMIT ?2`, at, most - promised.length)
    .toArray()
  return [...promised, ...rest].map(row => ({
    contactId: String(row.contact_id),
    name: String(row.name),
    company: String(row.company),
    number: String(row.number),
    numberShown: String(row.number_shown),
    timeZone: textOf(row.time_zone),
    postcode: textOf(row.postcode),
    extension: textOf(row.extension),
    attempts: Number(row.attempts),
    lastNote: String(row.last_note),
  }))
}

/** What the list says of these people's consent to an AI voice. */
export function consentsOf(sql: SqlStorage, campaignId: string, people: Candidate[]): Consent[] {
  return people.flatMap(({ contactId, number }) =>
    sql
      .exec('SELECT at FROM ai_consents WHERE contact_id = ?', contactId)
      .toArray()
      .map(row => ({
        number,
        purpose: 'ai' as const,
        source: 'the list of a campaign',
        givenMs: Number(row.at),
        by: campaignId,
      })),
  )
}

function textOf(value: SqlStorageValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}

export function roundOf(sql: SqlStorage, batchId: string): Round | null {
  const [row] = sql.exec('SELECT body FROM rounds WHERE batch_id = ?', batchId).toArray()
  return row ? (JSON.parse(String(row.body)) as Round) : null
}

/** From now on these people are on a line, so nobody else calls them. */
function takeContacts(sql: SqlStorage, { at, legs }: { at: number; legs: RoundLeg[] }): void {
  for (const { contactId } of legs)
    sql.exec(
      "UPDATE contacts SET status = 'in-progress', last_attempt = ?, held_rule = NULL, held_until = NULL WHERE contact_id = ?",
      at,
      contactId,
    )
}

function triesOf(sql: SqlStorage, contactId: string): Tries | null {
  const found = 'SELECT status, due_at, attempts, promised FROM contacts WHERE contact_id = ?'
  const [row] = sql.exec(found, contactId).toArray()
  if (row === undefined) return null
  const { due_at: dueAt, attempts, promised } = row
  return {
    ...{ status: row.status as ContactStatus, dueAt: Number(dueAt), attempts: Number(attempts) },
    promised: promised === 1,
  }
}

function keepTries(sql: SqlStorage, contactId: string, { status, dueAt, attempts, promised }: Tries): void {
  sql.exec(
    'UPDATE contacts SET status = ?, due_at = ?, attempts = ?, promised = ? WHERE contact_id = ?',
    ...[status, dueAt, attempts, promised ? 1 : 0, contactId],
  )
}

/** What the agent has learned of the person counts for the next call of this campaign as well: its zone decides when that may be. */
function noteOutcome(sql: SqlStorage, fact: Extract<CampaignFact, { type: 'outcome-noted' }>, plan: RetryPlan): void {
  const { contactId, outcomeId, personal } = fact
  const row = contactId === null ? null : triesOf(sql, contactId)
  if (contactId === null || row === null) return
  keepTries(sql, contactId, outcomeNoted(row, fact, fact.at, plan))
  const { note, fields = {} } = personal
  sql.exec(
    `UPDATE contacts SET owner = ?, result = ?, last_note = ?, company = COALESCE(?, company), time_zone = COALESCE(?, time_zone),
      postcode = COALESCE(?, postcode), extension = COALESCE(?, extension) WHERE contact_id = ?`,
    ...[fact.mine && !fact.byHand ? fact.deskId : null, outcomeId, note, fields.company ?? null],
    ...[fields.timeZone ?? null, fields.postcode ?? null, fields.extension ?? null, contactId],
  )
}

/** Runs in the same transaction as the facts. */
export function project(sql: SqlStorage, fact: CampaignFact, state: CampaignState): void {
  countFact(sql, fact, state)
  switch (fact.type) {
    case 'round-opened': {
      const { deskId, lease, place, legs, personal } = fact
      const round: Round = { deskId, lease, place, legs, contacts: personal.contacts }
      sql.exec('INSERT OR REPLACE INTO rounds (batch_id, body) VALUES (?, ?)', fact.batchId, JSON.stringify(round))
      return takeContacts(sql, fact)
    }
    case 'pool-dialed':
      return takeContacts(sql, fact)
    // Nobody is called before the rule lets go; without such a time, a person of the team changes what is on record first.
    case 'contact-held-back':
      sql.exec(
        "UPDATE contacts SET status = CASE WHEN ? IS NULL THEN 'held' ELSE status END, due_at = COALESCE(?, due_at), held_rule = ?, held_until = ? WHERE contact_id = ?",
        fact.untilMs,
        fact.untilMs,
        fact.rule,
        fact.untilMs,
        fact.contactId,
      )
      return
    // A session begins with a new look at everybody: a zone, a consent or the list may have changed.
    case 'session-started':
      sql.exec("UPDATE contacts SET status = 'active', held_rule = NULL WHERE status = 'held'")
      return
    case 'attempt-ended': {
      const row = triesOf(sql, fact.contactId)
      if (row === null) return
      keepTries(sql, fact.contactId, attemptEnded(row, fact, state.settings?.plan ?? DEFAULT_PLAN))
      if (row.status === 'in-progress')
        sql.exec('UPDATE contacts SET result = ? WHERE contact_id = ?', fact.outcome, fact.contactId)
      return
    }
    case 'outcome-noted':
      return noteOutcome(sql, fact, state.settings?.plan ?? DEFAULT_PLAN)
    // The people of a round are needed only to open and show it.
    case 'round-closed':
      sql.exec('DELETE FROM rounds WHERE batch_id = ?', fact.batchId)
      return
    default:
  }
}
