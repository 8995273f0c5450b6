/** How a fact changes a row of the call log, and how a row reads. */
import type { LegOutcome } from '../../core/batch/state.ts'
import { needsFollowUp } from '../../core/call/follow-up.ts'
import type { CallDetail, CallRow } from '../../wire/api.ts'
import { wordsOf } from './words.ts'

export const LOG_TABLES = `
CREATE TABLE IF NOT EXISTS heard (source TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS calls (call_id TEXT PRIMARY KEY, direction TEXT NOT NULL DEFAULT 'outbound', kind TEXT NOT NULL DEFAULT 'campaign',
  status TEXT NOT NULL DEFAULT 'dialing', provider_status TEXT, provider_id TEXT, hangup_reason TEXT, contact_id TEXT, name TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL DEFAULT '', dial_from TEXT NOT NULL DEFAULT '', agent_name TEXT, campaign_id TEXT, answered_by TEXT, result TEXT, outcome TEXT,
  note TEXT NOT NULL DEFAULT '', created_ms INTEGER NOT NULL DEFAULT 0, answered_ms INTEGER, ended_ms INTEGER, talked_ms INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS calls_new ON calls (created_ms DESC, call_id DESC);
CREATE INDEX IF NOT EXISTS calls_provider ON calls (provider_id);
CREATE TABLE IF NOT EXISTS timeline (source TEXT NOT NULL, seq INTEGER NOT NULL, call_id TEXT NOT NULL, at INTEGER NOT NULL, type TEXT NOT NULL,
  data TEXT NOT NULL, PRIMARY KEY (source, seq)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS timeline_call ON timeline (call_id, at);
`
const SAVE_LINES = `INSERT OR IGNORE INTO timeline (source, seq, call_id, at, type, data)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?)`
const FIND_HEARD = 'SELECT source, seq FROM heard WHERE source IN (SELECT value FROM json_each(?))'
const SAVE_HEARD = 'INSERT OR REPLACE INTO heard (source, seq) SELECT value ->> 0, value ->> 1 FROM json_each(?)'
const NO_THRESHOLD = { enabled: false, seconds: 0 }

export interface LoggedFact {
  type: string
  at: number
  [field: string]: unknown
}
type Row = Record<string, SqlStorageValue>

/** A fact and its place in its actor's history. */
export interface LoggedRow {
  seq: number
  fact: LoggedFact
}

/** A page of one actor's facts. */
export interface LogPage {
  source: string
  facts: LoggedRow[]
}

/**
 * Several pages in one transaction: one statement for what was heard before, one for the timeline, one for each call, one
 * for what is heard now. Facts that were heard before change nothing.
 */
export function projectPages(sql: SqlStorage, pages: LogPage[]): void {
  const heard = heardOf(sql, pages)
  const lines: (string | number)[][] = []
  const calls = new Map<string, { firstMs: number; changes: Changes }>()
  for (const { source, facts } of pages) {
    for (const { seq, fact } of facts) {
      if (seq <= (heard.get(source) ?? 0)) continue
      heard.set(source, seq)
      const callId = callOf(source, fact)
      // A lane repeats other facts, which are in the timeline themselves.
      if (callId === null || fact.type === 'lane-changed') continue
      const { type, at, personal, ...data } = fact
      lines.push([source, seq, callId, at, type, JSON.stringify(data)])
      const { firstMs, changes } = calls.get(callId) ?? { firstMs: at, changes: {} }
      calls.set(callId, { firstMs, changes: { ...changes, ...changesOf(fact) } })
    }
  }
  if (lines.length > 0) sql.exec(SAVE_LINES, JSON.stringify(lines))
  for (const [callId, { firstMs, changes }] of calls) saveCall(sql, callId, firstMs, changes)
  sql.exec(SAVE_HEARD, JSON.stringify([...heard]))
}

function heardOf(sql: SqlStorage, pages: LogPage[]): Map<string, number> {
  const rows = sql.exec(FIND_HEARD, JSON.stringify(pages.map(page => page.source))).toArray()
  return new Map(rows.map(row => [String(row.source), Number(row.seq)]))
}

/** A call that is new here begins at the first fact that names it, until the call's own first fact arrives. */
function saveCall(sql: SqlStorage, callId: string, firstMs: number, changes: Changes): void {
  const values: Changes = { call_id: callId, created_ms: firstMs, ...changes }
  const changed = Object.keys(changes).map(column => `${column} = excluded.${column}`)
  const then = changed.length > 0 ? `UPDATE SET ${changed.join(', ')}` : 'NOTHING'
  const columns = Object.keys(values).join(', ')
  const marks = Object.keys(values).map(() => '?')
  sql.exec(
    `INSERT INTO calls (${columns}) VALUES (${marks}) ON CONFLICT (call_id) DO ${then}`,
    ...Object.values(values),
  )
}

/** Facts of other actors name the call in a field; a call's own facts are about the actor that sent them. */
function callOf(source: string, fact: LoggedFact): string | null {
  if (typeof fact.legId === 'string') return fact.legId
  if (typeof fact.callId === 'string') return fact.callId
  return /^(call|talk|crm|recording)-/.test(fact.type) ? source : null
}

type Changes = Record<string, string | number | null>

function changesOf(fact: LoggedFact): Changes {
  switch (fact.type) {
    case 'call-created':
    case 'call-received':
      return begun(fact)
    case 'call-identified': {
      const { name } = (fact.personal ?? {}) as { name?: string | null }
      return {
        contact_id: text(fact.contactId),
        ...(name ? { name } : {}),
        ...(fact.agentName ? { agent_name: text(fact.agentName) } : {}),
      }
    }
    case 'call-placed':
      return { provider_id: text(fact.providerId) }
    case 'call-progressed':
      return { provider_status: text(fact.status) }
    case 'call-ringing':
      return { status: 'ringing' }
    case 'call-answered':
      return { status: 'progressing', answered_ms: fact.at }
    case 'call-canceling':
      return { status: 'canceling' }
    case 'call-terminating':
      return { status: 'terminating' }
    case 'call-hungup':
      return {
        status: 'hangup',
        hangup_reason: text(fact.reason),
        provider_status: text(fact.providerStatus),
        ended_ms: fact.at,
        talked_ms: Number(fact.talkedMs ?? 0),
      }
    case 'talk-transfer-answered':
      return fact.answer === 'accepted' && fact.agentName ? { agent_name: text(fact.agentName) } : {}
    case 'leg-judged':
    case 'call-judged':
      return { answered_by: text(fact.verdict) }
    case 'leg-ended':
      return { result: text(fact.outcome) }
    case 'outcome-saved':
      return { outcome: text(fact.outcomeId), note: noteOf(fact) }
    // An AI agent has no desk, so no `outcome-saved` comes for it.
    case 'outcome-noted':
      return { outcome: text(fact.outcomeId) }
    case 'note-saved':
      return { note: noteOf(fact) }
    default:
      return {}
  }
}

function begun(fact: LoggedFact): Changes {
  const links = (fact.links ?? {}) as Record<string, string | null>
  const personal = (fact.personal ?? {}) as Record<string, string>
  const inbound = links.kind === 'inbound'
  return {
    direction: inbound ? 'inbound' : 'outbound',
    kind: links.kind ?? 'campaign',
    contact_id: links.contactId ?? null,
    campaign_id: links.campaignId ?? null,
    agent_name: links.agentName ?? null,
    name: personal.name ?? '',
    number: (inbound ? personal.from : personal.to) ?? '',
    dial_from: (inbound ? personal.to : personal.from) ?? '',
    created_ms: fact.at,
    ...(fact.type === 'call-received' ? { provider_id: text(fact.providerId), status: 'ringing' } : {}),
  }
}

function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

function noteOf(fact: LoggedFact): string {
  const personal = (fact.personal ?? {}) as { note?: string; text?: string }
  return personal.note ?? personal.text ?? ''
}

export function rowOf(row: Row): CallRow {
  const result = (row.result ?? (row.direction === 'inbound' ? 'inbound' : 'none')) as LegOutcome | 'inbound' | 'none'
  const talkedMs = Number(row.talked_ms)
  const ended = row.ended_ms !== null
  return {
    callId: String(row.call_id),
    direction: row.direction as CallRow['direction'],
    kind: row.kind as CallRow['kind'],
    status: row.status as CallRow['status'],
    providerStatus: text(row.provider_status),
    hangupReason: text(row.hangup_reason),
    contactId: text(row.contact_id),
    name: String(row.name),
    number: String(row.number),
    from: String(row.dial_from),
    agentName: text(row.agent_name),
    campaignId: text(row.campaign_id),
    answeredBy: text(row.answered_by),
    result: text(row.result),
    outcome: text(row.outcome),
    note: String(row.note),
    needsFollowUp:
      ended && needsFollowUp({ result, talkedMs, attemptsLeft: 1, outcomeSaved: row.outcome !== null }, NO_THRESHOLD),
    createdMs: Number(row.created_ms),
    answeredMs: row.answered_ms === null ? null : Number(row.answered_ms),
    endedMs: row.ended_ms === null ? null : Number(row.ended_ms),
    talkedMs,
  }
}

export function timelineOf(sql: SqlStorage, callId: string): CallDetail['timeline'] {
  return sql
    .exec('SELECT * FROM timeline WHERE call_id = ? ORDER BY at, seq LIMIT 500', callId)
    .toArray()
    .map(row => {
      const data = JSON.parse(String(row.data)) as Record<string, unknown>
      const type = String(row.type)
      return { at: Number(row.at), actor: String(row.source), type, words: wordsOf(type, data), data }
    })
}
