/**
 * The event sequence of a month: every fact that arrives is one event, numbered without gaps in the order of arrival. The
 * timeline of a call is a view on it.
 */
import type { About } from '../../core/about.ts'
import type { CallDetail, LogEvent } from '../../wire/api.ts'
import type { Archive } from './archive/archive.ts'
import type { Segments } from './archive/segments.ts'
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
  'flow-created': 'the steps of a flow are as large as a flow may be; `flow-started` names it and its version',
  'flow-stack-pushed': 'steps from outside are as large as a flow may be',
  'flow-page-made': 'what the caller hears is what the steps say',
  'session-changed': 'the counts of a session are sums over the facts of its rounds',
}
/** Facts about a call that its timeline does not show. */
export const NOT_IN_TIMELINE: Record<string, string> = {
  'flow-page-made': 'the steps say what the caller hears',
  'flow-page-done': 'the next step says that the one before it was heard',
  'lane-changed': 'a lane repeats what the facts of its leg say, which are in the timeline themselves',
  'leg-forgotten': 'the call was over before, and its pool needed the place',
}

/** A statement takes 100 values at most (https://developers.cloudflare.com/durable-objects/platform/limits/). */
const ROWS_AT_ONCE = 12
const SAVE = Array.from(
  { length: ROWS_AT_ONCE + 1 },
  (_, count) =>
    `INSERT INTO events (source, seq, type, at, call_id, about, data, personal) VALUES ${Array(count).fill('(?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}`,
)
const HEARD = `SELECT value AS source, MAX(COALESCE((SELECT MAX(seq) FROM events WHERE source = value), 0),
  COALESCE((SELECT seq FROM heard WHERE heard.source = value), 0)) AS seq FROM json_each(?)`
const GROWN = 'UPDATE month SET event_chars = event_chars + ? RETURNING event_chars'
const PAGE = 'SELECT * FROM events WHERE n > ? AND n <= ? ORDER BY n LIMIT ?'
const PAGE_OF_TYPES =
  'SELECT * FROM events WHERE n > ? AND n <= ? AND type IN (SELECT value FROM json_each(?)) ORDER BY n LIMIT ?'
const LINES_MAX = 500
const LINES_OF_CALL = `SELECT n, at, source, type, data FROM events WHERE call_id = ? AND type NOT IN (SELECT value FROM json_each(?))
  ORDER BY at, n LIMIT ${LINES_MAX}`
const HIDDEN = JSON.stringify(Object.keys(NOT_IN_TIMELINE))
/** A page looks at no more events than these, so a rare type costs many short reads and not a long one. */
const LOOKED_AT_MAX = 2_000

/** The last seq of each source that is in the sequence, here or in the archive. */
export function heardOf(sql: SqlStorage, sources: string[]): Map<string, number> {
  const rows = sql.exec(HEARD, JSON.stringify([...new Set(sources)])).toArray()
  return new Map(rows.map(row => [String(row.source), Number(row.seq ?? 0)]))
}

/** What a caller keyed to get into a conference is a secret of the conference, and whoever reads events need not have it. */
function withoutPin(key: string, value: unknown): unknown {
  return key === 'pin' ? undefined : value
}

/** Returns the characters of all events that this object has now. */
export function saveEvents(sql: SqlStorage, facts: LoggedFact[]): number {
  let chars = 0
  for (let from = 0; from < facts.length; from += ROWS_AT_ONCE) {
    const values: (string | number | null)[] = []
    const some = facts.slice(from, from + ROWS_AT_ONCE)
    for (const { source, seq, about, fact } of some) {
      const { call = null, ...others } = about
      const { type, at, personal, ...data } = fact
      const short = type in KEPT_SHORT
      const texts = {
        ...{ source, type, call, about: JSON.stringify(others), data: short ? '{}' : JSON.stringify(data) },
        personal: short || personal == null ? null : JSON.stringify(personal, withoutPin),
      }
      values.push(source, seq, type, at, call, texts.about, texts.data, texts.personal)
      chars += charsOfOne(texts)
    }
    sql.exec(SAVE[some.length] ?? '', ...values)
  }
  return Number(sql.exec(GROWN, chars).one().event_chars)
}

interface Texts {
  source: string
  type: string
  call: string | null
  about: string
  data: string
  personal: string | null
}

/** The part of an event in `event_chars`: its texts, and 30 for its numbers. With both indexes it takes about twice as many bytes. */
function charsOfOne({ source, type, call, about, data, personal }: Texts): number {
  return source.length + type.length + (call?.length ?? 0) + about.length + data.length + (personal?.length ?? 0) + 30
}

export function charsOf(rows: Record<string, SqlStorageValue>[]): number {
  const texts = rows.map(({ call_id: call, ...row }) => ({ ...row, call }) as unknown as Texts)
  return texts.reduce((sum, one) => sum + charsOfOne(one), 0)
}

export interface EventsPage {
  items: LogEvent[]
  /** the number of the last event that was looked at */
  last: number
  /** there are others behind it */
  more: boolean
  /** the place that was asked for is behind the newest event */
  beyond?: true
}

/** The number of the newest event in the rows, at a moment when there is one. */
export function newestEvent(sql: SqlStorage): number {
  return Number(sql.exec('SELECT MAX(n) AS n FROM events').one().n)
}

/** The number of the newest event, in the rows or in the archive. */
export function lastEvent(sql: SqlStorage, segments: Segments): number {
  const [end] = sql.exec('SELECT MAX(n) AS n FROM events').toArray()
  return Math.max(Number(end?.n ?? 0), segments.lastEvent())
}

/** Events after number `after`, from the archive or from the rows; a page is from one of them. */
export async function eventsAfter(
  sql: SqlStorage,
  files: { segments: Segments; archive: Archive },
  month: string,
  { after, limit, types }: { after: number; limit: number; types: string[] | null },
): Promise<EventsPage> {
  const newest = lastEvent(sql, files.segments)
  if (after > newest) return { items: [], last: newest, more: false, beyond: true }
  const segment = files.segments.eventsBehind(after)
  if (segment) {
    const bound = Math.min(segment.last, after + LOOKED_AT_MAX)
    const found = await files.archive.events(segment, after, bound, types, limit)
    const last = found.length === limit ? Number(found.at(-1)?.n) : bound
    return { items: found.map(({ n, event }) => ({ ...event, cursor: `${month}~${n}` })), last, more: last < newest }
  }
  return eventsHere(sql, month, { after, limit, types }, newest)
}

function eventsHere(
  sql: SqlStorage,
  month: string,
  { after, limit, types }: { after: number; limit: number; types: string[] | null },
  newest: number,
): EventsPage {
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

/** What this month knows of a call, in the order of its time: from the archive and from the rows. */
export async function timelineOf(sql: SqlStorage, archive: Archive, callId: string): Promise<CallDetail['timeline']> {
  const here = sql
    .exec(LINES_OF_CALL, callId, HIDDEN)
    .toArray()
    .map(row => ({
      ...{ n: Number(row.n), at: Number(row.at), source: String(row.source), type: String(row.type) },
      data: JSON.parse(String(row.data)) as Record<string, unknown>,
    }))
  const archived = (await archive.eventsOf(callId)).filter(({ type }) => !(type in NOT_IN_TIMELINE))
  return [...archived, ...here]
    .sort((a, b) => a.at - b.at || a.n - b.n)
    .slice(0, LINES_MAX)
    .map(({ at, source, type, data }) => ({ at, actor: source, type, words: wordsOf(type, data), data }))
}
