/** Reads what of a month stands in files: rows of calls, lines of a timeline, pages of the list and of the event sequence. */
import type { LogEvent } from '../../../wire/api.ts'
import type { LogQuery } from '../contract.ts'
import { fits, fitsText, valuesOf } from '../list.ts'
import { callChangedAt } from '../report/rollups.ts'
import type { Changes } from '../rows.ts'
import { namesOf, type Segments, type StoredSegment } from './segments.ts'
import { ArchiveFailure, type Shelf } from './shelf.ts'
import { type ArchivedEvent, type ArchivedPersonal, callIn, callsOf, linesOf, type Row, type Texts } from './texts.ts'

/** One page of the list looks into no more segments than these; then it ends, with a cursor, though it may be short. */
export const SEGMENTS_PER_PAGE = 24
/** A search reads so many segments at once. */
const WAVE = 4

type Column = 'call_id' | 'provider_id'
export interface ArchivedPage {
  rows: Row[]
  /** null: the month was read to its end; else the search has come to this place and there is more behind it */
  reached: { at: number; callId: string } | null
}

export class Archive {
  readonly #sql: SqlStorage
  readonly #segments: Segments
  readonly #shelf: Shelf

  constructor(sql: SqlStorage, segments: Segments, shelf: Shelf) {
    this.#sql = sql
    this.#segments = segments
    this.#shelf = shelf
  }

  /** Null: no call in the files has this id. */
  async call(column: Column, id: string): Promise<Row | null> {
    return (await this.#find(column, id))?.row ?? null
  }

  /** Keeps columns of calls that stand in files. Returns the ids of those that do. */
  async amend(changes: Record<string, Changes>, now: number): Promise<string[]> {
    const known: string[] = []
    for (const [callId, change] of Object.entries(changes)) {
      const found = await this.#find('call_id', callId)
      if (!found) continue
      known.push(callId)
      this.#sql.exec(
        `INSERT INTO late (call_id, segment, since, changes) VALUES (?, ?, ?, ?)
         ON CONFLICT (call_id) DO UPDATE SET changes = json_patch(changes, excluded.changes)`,
        ...[callId, found.segment.id, now, JSON.stringify(withoutNulls(change))],
      )
      callChangedAt(this.#sql, Number(found.row.created_ms))
      if (change.provider_id) this.#segments.findBy(found.segment.id, [String(change.provider_id)])
    }
    return known
  }

  /** Rows that fit the query, newest first, at most `limit`, from the newest segment that has one before the cursor's place. */
  async page(query: LogQuery, limit: number, before: ArchivedPage['reached']): Promise<ArchivedPage> {
    const segments = this.#segments.callsBefore(before)
    const late = this.#segmentsWithLate()
    const rows: Row[] = []
    const searching = valuesOf(query).length > 0 || Boolean(query.q)
    let looked = 0
    for (let at = 0; at < segments.length && rows.length < limit; ) {
      if (looked >= SEGMENTS_PER_PAGE) {
        // The oldest call of the segment before is the last that was looked at.
        const { first, firstId } = segments[at - 1] as StoredSegment
        return { rows, reached: { at: first, callId: firstId } }
      }
      const wave = segments.slice(at, at + (searching ? WAVE : 1))
      at += wave.length
      const wanted = wave.filter(segment => late.has(segment.id) || mayFit(segment, query))
      looked += wanted.length
      const found = await Promise.all(wanted.map(segment => this.#fitting(segment, query, late.has(segment.id))))
      rows.push(...found.flat().filter(row => before === null || isBefore(row, before)))
    }
    return { rows: rows.slice(0, limit), reached: null }
  }

  /** The events of a call, in no certain order. */
  async eventsOf(callId: string): Promise<ArchivedEvent[]> {
    const found: ArchivedEvent[] = []
    for (const segment of this.#segments.with('events', callId)) {
      const text = await this.#shelf.read(namesOf(segment).plain, segment.files.plain)
      found.push(...linesOf<ArchivedEvent>(text, callId).filter(event => event.call_id === callId))
    }
    return found
  }

  /** The events of one segment behind number `after`, up to `bound`. */
  async events(
    segment: StoredSegment,
    after: number,
    bound: number,
    types: string[] | null,
    limit: number,
  ): Promise<{ n: number; event: Omit<LogEvent, 'cursor'> }[]> {
    const names = namesOf(segment)
    // Lines stand in the order of their numbers, which have no gaps.
    const text = await this.#shelf.read(names.plain, segment.files.plain)
    const lines = text.split('\n').slice(Math.max(0, after - segment.first + 1), Math.max(0, bound - segment.first + 1))
    const found = lines
      .map(line => JSON.parse(line) as ArchivedEvent)
      .filter(event => types === null || types.includes(event.type))
      .slice(0, limit)
    if (found.length === 0) return []
    const wanted = new Set(found.map(event => event.n))
    const personal = new Map<number, ArchivedPersonal['personal']>()
    for (const line of (await this.#shelf.read(names.personal, segment.files.personal)).split('\n')) {
      const n = Number(/^\{"n":(\d+),/.exec(line)?.[1] ?? 0)
      if (wanted.has(n)) personal.set(n, (JSON.parse(line) as ArchivedPersonal).personal)
    }
    return found.map(({ n, source, seq, type, at, call_id: call, about, data }) => ({
      n,
      event: {
        ...{ id: `${source}:${seq}`, at, type, data: data as LogEvent['data'] },
        about: call === null ? about : { ...about, call },
        personal: (personal.get(n) ?? null) as LogEvent['personal'],
      },
    }))
  }

  /** All rows of a segment of calls, with what has come late. */
  async rowsOf(segment: StoredSegment): Promise<Row[]> {
    return this.#withLate(callsOf(await this.#textsOf(segment)))
  }

  async #find(column: Column, id: string): Promise<{ segment: StoredSegment; row: Row } | null> {
    for (const segment of this.#segments.with('calls', id)) {
      const texts = await this.#textsOf(segment)
      const found = callIn(texts, column, id)
      // The carrier's id of a call may have come late.
      const row = found ?? (column === 'provider_id' ? this.#lateWith(segment, texts, id) : null)
      if (row) return { segment, row: this.#withLate([row])[0] as Row }
    }
    return null
  }

  #lateWith(segment: StoredSegment, texts: Texts, providerId: string): Row | null {
    const [row] = this.#sql
      .exec("SELECT call_id FROM late WHERE segment = ? AND changes ->> 'provider_id' = ?", segment.id, providerId)
      .toArray()
    return row ? callIn(texts, 'call_id', String(row.call_id)) : null
  }

  async #fitting(segment: StoredSegment, query: LogQuery, isLate: boolean): Promise<Row[]> {
    const names = namesOf(segment)
    if (query.q && !isLate) {
      // What is searched for stands in the smaller file, and most files do not have it.
      const personal = await this.#shelf.read(names.personal, segment.files.personal)
      if (!linesOf<Row>(personal).some(row => fitsText(row, query.q))) return []
    }
    const rows = (await this.rowsOf(segment)).filter(row => fits(row, query))
    return rows.reverse()
  }

  async #textsOf(segment: StoredSegment): Promise<Texts> {
    const names = namesOf(segment)
    const [plain, personal] = await Promise.all([
      this.#shelf.read(names.plain, segment.files.plain),
      this.#shelf.read(names.personal, segment.files.personal),
    ])
    return { plain, personal }
  }

  #segmentsWithLate(): Set<number> {
    return new Set(
      this.#sql
        .exec('SELECT DISTINCT segment FROM late')
        .toArray()
        .map(row => Number(row.segment)),
    )
  }

  #withLate(rows: Row[]): Row[] {
    const ids = JSON.stringify(rows.map(row => row.call_id))
    const late = new Map(
      this.#sql
        .exec('SELECT call_id, changes FROM late WHERE call_id IN (SELECT value FROM json_each(?))', ids)
        .toArray()
        .map(row => [row.call_id, JSON.parse(String(row.changes)) as Changes]),
    )
    return late.size === 0 ? rows : rows.map(row => ({ ...row, ...late.get(row.call_id as string) }))
  }
}

/** Files are written again under other names: a reader that finds the old ones gone looks up the new ones, once. */
export async function again<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof ArchiveFailure && error.kind === 'absent') return read()
    throw error
  }
}

function mayFit({ facets }: StoredSegment, query: LogQuery): boolean {
  return valuesOf(query).every(([column, value]) => facets[column]?.includes(value) ?? true)
}

function isBefore(row: Row, place: { at: number; callId: string }): boolean {
  const at = Number(row.created_ms)
  return at < place.at || (at === place.at && String(row.call_id) < place.callId)
}

/** A column that is null changes nothing. */
function withoutNulls(changes: Changes): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null))
}
