/**
 * The event sequence of a month: every fact that arrives is one event, numbered without gaps in the order of arrival. The
 * timeline of a call is a view on it.
 */
import type { About } from '../../core/about.ts'
import type { CallDetail, LogEvent } from '../../wire/api.ts'
import { wordsOf } from './words.ts'

/** A fact and its place in its actor's history. */
export interface LoggedFact {
  source: string
  seq: number
  about: About
  fact: { type: string; at: number; personal?: unknown; [field: string]: unknown }
}

/** Snapshots that repeat other facts and are large. Their events have the type and the subjects only. */
export const KEPT_SHORT: Record<string, string> = {
  'round-shown': 'the screen of the round that the campaign’s `round-opened` tells',
  'lane-changed': 'a lane repeats what the facts of its leg say',
  'session-changed': 'the counts of a session are sums over the facts of its rounds',
}
/** Facts about a call that its timeline does not show. */
export const NOT_IN_TIMELINE: Record<string, string> = {
  'lane-changed': 'a lane repeats what the facts of its leg say, which are in the timeline themselves',
}

const SAVE = `INSERT INTO events (source, seq, type, at, call_id, about, data, personal)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value -> 5, value -> 6, NULLIF(value -> 7, 'null') FROM json_each(?)`
const HEARD = `SELECT value AS source, (SELECT MAX(seq) FROM events WHERE source = value) AS seq FROM json_each(?)`
const PAGE = 'SELECT * FROM events WHERE n > ? AND n <= ? ORDER BY n LIMIT ?'
const PAGE_OF_TYPES =
  'SELECT * FROM events WHERE n > ? AND n <= ? AND type IN (SELECT value FROM json_each(?)) ORDER BY n LIMIT ?'
const LINES_OF_CALL = `SELECT at, source, type, data FROM events WHERE call_id = ? AND type NOT IN (SELECT value FROM json_each(?))
  ORDER BY at, n LIMIT 500`
const HIDDEN = JSON.stringify(Object.keys(NOT_IN_TIMELINE))
/** A page looks at no more events than these, so a rare type costs many short reads and not a long one. */
const LOOKED_AT_MAX = 2_000

/** The last seq of each source that is in the sequence. */
export function heardOf(sql: SqlStorage, sources: string[]): Map<string, number> {
  const rows = sql.exec(HEARD, JSON.stringify([...new Set(sources)])).toArray()
  return new Map(rows.map(row => [String(row.source), Number(row.seq ?? 0)]))
}

export function saveEvents(sql: SqlStorage, facts: LoggedFact[]): void {
  const rows = facts.map(({ source, seq, about: { call = null, ...others }, fact }) => {
    const { type, at, personal = null, ...data } = fact
    const short = type in KEPT_SHORT
    return [source, seq, type, at, call, others, short ? {} : data, short ? null : personal]
  })
  sql.exec(SAVE, JSON.stringify(rows))
}

/** Events after number `after`. `last`: the number of the last event that was looked at; `more`: there are others behind it. */
export function eventsAfter(sql: SqlStorage, month: string, after: number, limit: number, types: string[] | null) {
  const [end] = sql.exec('SELECT MAX(n) AS n FROM events').toArray()
  const newest = Number(end?.n ?? 0)
  const bound = Math.min(newest, after + LOOKED_AT_MAX)
  const rows = types
    ? sql.exec(PAGE_OF_TYPES, after, bound, JSON.stringify(types), limit)
    : sql.exec(PAGE, after, bound, limit)
  const items = rows.toArray().map(row => eventOf(month, row))
  const last = items.length === limit ? Number(items.at(-1)?.cursor.split('~')[1]) : Math.max(after, bound)
  return { items, last, more: last < newest }
}

function eventOf(month: string, row: Record<string, SqlStorageValue>): LogEvent {
  const about = JSON.parse(String(row.about)) as LogEvent['about']
  return {
    id: `${row.source}:${row.seq}`,
    cursor: `${month}~${row.n}`,
    at: Number(row.at),
    type: String(row.type),
    about: row.call_id === null ? about : { ...about, call: String(row.call_id) },
    data: JSON.parse(String(row.data)) as LogEvent['data'],
    personal: row.personal === null ? null : (JSON.parse(String(row.personal)) as LogEvent['personal']),
  }
}

export function timelineOf(sql: SqlStorage, callId: string): CallDetail['timeline'] {
  return sql
    .exec(LINES_OF_CALL, callId, HIDDEN)
    .toArray()
    .map(row => {
      const data = JSON.parse(String(row.data)) as Record<string, unknown>
      const type = String(row.type)
      return { at: Number(row.at), actor: String(row.source), type, words: wordsOf(type, data), data }
    })
}
