/**
 * Moves what is old from the rows of a month into files, one segment at a time: plan (a row), write both files, read them back, and then one
 * transaction that names the files and deletes the rows. Whatever ends it in between, the next step finds the plan and does it again; until
 * the transaction the rows are the truth, after it the files. The events of a running month go when they are too many; the rest of a month
 * goes when it has been over for long enough.
 */
import { charsOf } from '../events.ts'
import type { Archive } from './archive.ts'
import { type Files, namesOf, type Segment, type Segments, type StoredSegment } from './segments.ts'
import type { Shelf } from './shelf.ts'
import { facetsOf, type Row, type Texts, textsOfCalls, textsOfEvents } from './texts.ts'

/** Characters of events that stay in the object of a running month, the newest; with indexes they take 1.6 times as many bytes. */
export const EVENT_CHARS_KEPT = 128 * 2 ** 20
/** A segment has so many characters of events, or so many calls: 2 to 4 MB before it is compressed. */
const SEGMENT_CHARS = 4 * 2 ** 20
const SEGMENT_CALLS = 5_000
/** Events of a segment at most, however short they are. */
const SEGMENT_EVENTS = 30_000
/** A sender repeats a page within half a minute; what guards against it is kept for longer than anything is retried (72 h). */
const HEARD_KEPT_MS = 7 * 24 * 3_600_000
/** Late columns wait so long for others of their segment, or for so many, before its files are written again. */
const LATE_KEPT_MS = 7 * 24 * 3_600_000
const LATE_MAX = 500
/** Files of an old generation are deleted when nobody can be reading them any more. */
const STALE_KEPT_MS = 60_000

export interface Limits {
  eventCharsKept: number
  segmentChars: number
  segmentCalls: number
}
const LIMITS: Limits = {
  eventCharsKept: EVENT_CHARS_KEPT,
  segmentChars: SEGMENT_CHARS,
  segmentCalls: SEGMENT_CALLS,
}

const IN_ORDER = 'SELECT n, source, seq, type, at, call_id, about, data, personal FROM events'
const SIZES = `SELECT n, LENGTH(about) + LENGTH(data) + COALESCE(LENGTH(personal), 0) + 100 AS chars FROM events ORDER BY n LIMIT ${SEGMENT_EVENTS}`
const CALLS_BETWEEN = `SELECT * FROM calls WHERE (created_ms, call_id) >= (?, ?) AND (created_ms, call_id) <= (?, ?)
  ORDER BY created_ms, call_id`
const HEARD = `INSERT INTO heard (source, seq, at) SELECT value ->> 0, value ->> 1, ? FROM json_each(?) WHERE true
  ON CONFLICT (source) DO UPDATE SET seq = MAX(seq, excluded.seq), at = excluded.at`

export class Archiver {
  readonly #storage: DurableObjectStorage
  readonly #sql: SqlStorage
  readonly #segments: Segments
  readonly #shelf: Shelf
  readonly #archive: Archive
  readonly #limits: Limits

  constructor(
    storage: DurableObjectStorage,
    parts: { segments: Segments; shelf: Shelf; archive: Archive },
    limits: Limits = LIMITS,
  ) {
    this.#storage = storage
    this.#sql = storage.sql
    this.#segments = parts.segments
    this.#shelf = parts.shelf
    this.#archive = parts.archive
    this.#limits = limits
  }

  /** When there is something to do; null: nothing, as far as is known now. `archiveAt`: when all of the month may go; null: never. */
  due(now: number, archiveAt: number | null): number | null {
    if (!this.#shelf.isThere) return null
    const { chars, archived } = this.#month()
    if (this.#segments.planned() || this.isFull(chars)) return now
    const times = this.#segments.stale().map(segment => Number(segment.staleSince) + STALE_KEPT_MS)
    if (!archived) times.push(...(archiveAt === null ? [] : [archiveAt]))
    const late = this.#lateMost()
    if (late) times.push(late.count >= LATE_MAX ? now : late.since + LATE_KEPT_MS)
    return times.length === 0 ? null : Math.min(...times)
  }

  /** A whole segment of events stands above what the object keeps. */
  isFull(eventChars: number): boolean {
    return this.#shelf.isThere && eventChars >= this.#limits.eventCharsKept + this.#limits.segmentChars
  }

  /** One bounded step. False: nothing is to be done now. `whole`: all of the month may go. Throws when a file cannot be written or read. */
  async step(now: number, whole: boolean): Promise<boolean> {
    if (!this.#shelf.isThere) return false
    const [stale] = this.#segments.stale()
    if (stale && now - Number(stale.staleSince) >= STALE_KEPT_MS) return this.#clean(stale)
    const { chars, archived } = this.#month()
    const planned = this.#segments.planned() ?? this.#plan(whole, this.isFull(chars))
    if (planned) return planned.kind === 'events' ? this.#storeEvents(planned, whole, now) : this.#storeCalls(planned)
    const late = this.#lateMost()
    if (late && !stale && (late.count >= LATE_MAX || now - late.since >= LATE_KEPT_MS))
      return this.#renew(late.segment, now)
    return whole && !archived ? this.#conclude() : false
  }

  /** The time of the month is over: nothing is found any more, then nothing is there any more. */
  async removeAll(): Promise<void> {
    this.#segments.forgetAll()
    await this.#shelf.removeAll()
  }

  #plan(whole: boolean, full: boolean): Segment | null {
    if (!whole && !full) return null
    const events = this.#nextEvents()
    if (events) return this.#segments.plan('events', { ...events, firstId: '', lastId: '' })
    const calls = whole ? this.#nextCalls() : null
    return calls && this.#segments.plan('calls', calls)
  }

  #nextEvents(): { first: number; last: number } | null {
    let [first, last, chars] = [0, 0, 0]
    for (const row of this.#sql.exec(SIZES)) {
      first ||= Number(row.n)
      last = Number(row.n)
      chars += Number(row.chars)
      if (chars >= this.#limits.segmentChars) break
    }
    return first === 0 ? null : { first, last }
  }

  #nextCalls() {
    const query = 'SELECT call_id, created_ms FROM calls ORDER BY created_ms, call_id LIMIT ?'
    const rows = this.#sql.exec(query, this.#limits.segmentCalls).toArray()
    const [oldest, newest] = [rows[0], rows.at(-1)]
    if (!oldest || !newest) return null
    const ids = { firstId: String(oldest.call_id), lastId: String(newest.call_id) }
    return { first: Number(oldest.created_ms), last: Number(newest.created_ms), ...ids }
  }

  async #storeEvents(segment: Segment, whole: boolean, now: number): Promise<true> {
    const rows = this.#sql.exec(`${IN_ORDER} WHERE n >= ? AND n <= ? ORDER BY n`, segment.first, segment.last).toArray()
    const files = await this.#store(segment, textsOfEvents(rows))
    const calls = rows.flatMap(row => (row.call_id === null ? [] : [String(row.call_id)]))
    this.#storage.transactionSync(() => {
      this.#segments.settle(segment.id, files, {}, calls)
      // A month that is over takes no page any more, so nothing has to be known for repeats.
      if (whole) this.#sql.exec('DELETE FROM heard')
      else this.#remember(rows, now)
      this.#sql.exec('DELETE FROM events WHERE n >= ? AND n <= ?', segment.first, segment.last)
      this.#sql.exec('UPDATE month SET event_chars = MAX(0, event_chars - ?)', charsOf(rows))
    })
    return true
  }

  async #storeCalls(segment: Segment): Promise<true> {
    const rows = this.#callsOf(segment)
    const texts = textsOfCalls(rows)
    const files = await this.#store(segment, texts)
    this.#storage.transactionSync(() => {
      // A late fact has changed a row meanwhile: the next step writes the files again.
      const now = textsOfCalls(this.#callsOf(segment))
      if (now.plain !== texts.plain || now.personal !== texts.personal) return
      const ids = rows.flatMap(row => [String(row.call_id), ...(row.provider_id ? [String(row.provider_id)] : [])])
      this.#segments.settle(segment.id, files, facetsOf(rows), ids)
      this.#sql.exec(
        'DELETE FROM calls WHERE call_id IN (SELECT value FROM json_each(?))',
        JSON.stringify(rows.map(row => row.call_id)),
      )
    })
    return true
  }

  /** Writes the files of a segment again, with what has come late. */
  async #renew(id: number, now: number): Promise<true> {
    const segment = this.#segments.byId(id) as StoredSegment
    const used = this.#sql.exec('SELECT call_id, changes FROM late WHERE segment = ?', id).toArray()
    const rows = await this.#archive.rowsOf(segment)
    const next = { ...segment, generation: segment.generation + 1 }
    const files = await this.#store(next, textsOfCalls(rows))
    this.#storage.transactionSync(() => {
      this.#segments.renew(segment, files, facetsOf(rows), now)
      // Columns that came while the files were written stay for the next time.
      for (const { call_id: callId, changes } of used)
        this.#sql.exec('DELETE FROM late WHERE call_id = ? AND changes = ?', callId, changes)
      this.#sql.exec('UPDATE month SET archived = 0')
    })
    return true
  }

  async #clean(segment: Segment): Promise<true> {
    await this.#shelf.remove(Object.values(namesOf(segment, segment.generation - 1)))
    this.#segments.cleaned(segment.id)
    return true
  }

  /** The list of all files is written last. It lets the archive be read without this object. */
  async #conclude(): Promise<true> {
    const segments = this.#segments.all()
    const lines = segments.map(segment => {
      const { kind, first, last, firstId, lastId, files } = segment
      const names = namesOf(segment)
      const bounds = kind === 'events' ? { first, last } : { first, last, firstId, lastId }
      return JSON.stringify({
        kind,
        ...bounds,
        plain: { name: names.plain, ...files.plain },
        personal: { name: names.personal, ...files.personal },
      })
    })
    await this.#shelf.store('manifest.ndjson.gz', lines.join('\n'))
    this.#sql.exec('UPDATE month SET archived = 1')
    return true
  }

  async #store(segment: Segment, texts: Texts): Promise<Files> {
    const names = namesOf(segment)
    const plain = await this.#shelf.store(names.plain, texts.plain)
    return { plain, personal: await this.#shelf.store(names.personal, texts.personal) }
  }

  /** What the events knew of repeats is kept apart, until nobody repeats it any more. */
  #remember(rows: Row[], now: number): void {
    const heard = new Map<string, number>()
    for (const { source, seq } of rows) heard.set(String(source), Math.max(heard.get(String(source)) ?? 0, Number(seq)))
    this.#sql.exec(HEARD, now, JSON.stringify([...heard]))
    this.#sql.exec('DELETE FROM heard WHERE at < ?', now - HEARD_KEPT_MS)
  }

  #callsOf({ first, firstId, last, lastId }: Segment): Row[] {
    return this.#sql.exec(CALLS_BETWEEN, first, firstId, last, lastId).toArray()
  }

  #lateMost(): { segment: number; count: number; since: number } | null {
    const query = `SELECT segment, COUNT(*) AS count, MIN(since) AS since FROM late GROUP BY segment
      ORDER BY COUNT(*) >= ${LATE_MAX} DESC, MIN(since) LIMIT 1`
    const [row] = this.#sql.exec(query).toArray()
    return row ? { segment: Number(row.segment), count: Number(row.count), since: Number(row.since) } : null
  }

  #month(): { chars: number; archived: boolean } {
    const row = this.#sql.exec('SELECT event_chars, archived FROM month').one()
    return { chars: Number(row.event_chars), archived: row.archived === 1 }
  }
}
