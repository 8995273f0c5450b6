/**
 * The rows that tell what of a month stands in files. A segment is a stretch of the event sequence, or of the calls in the order of their
 * beginning. It is planned (its bounds stand, its rows are still here), then stored (its rows are in its files and nowhere else).
 */
import type { Piece } from './shelf.ts'

export interface Bounds {
  /** events: a number; calls: the time of the beginning, ms since the epoch */
  first: number
  last: number
  /** calls only: the id, because several calls begin at one time */
  firstId: string
  lastId: string
}
/** Two files: what says nothing of a person by itself, and personal values, so that these can be written again without some of them. */
export interface Files {
  plain: Piece
  personal: Piece
}
/** The values of some columns in a segment of calls; a column with very many has null. */
export type Facets = Record<string, (string | null)[] | null>

export interface Segment extends Bounds {
  id: number
  kind: 'events' | 'calls'
  /** counted up when its files are written again */
  generation: number
  /** null: planned */
  files: Files | null
  facets: Facets
  /** when the files of the generation before were replaced; null: there are none */
  staleSince: number | null
}
export type StoredSegment = Segment & { files: Files }

const STORED = 'files IS NOT NULL'
const WITH = `SELECT segments.* FROM places JOIN segments ON segments.id = places.segment WHERE places.place = ? AND segments.kind = ? AND ${STORED}
  ORDER BY segments.id`

export class Segments {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** There is one at most. */
  planned(): Segment | null {
    return this.#all(`SELECT * FROM segments WHERE files IS NULL`)[0] ?? null
  }

  plan(kind: Segment['kind'], { first, last, firstId, lastId }: Bounds): Segment {
    this.#sql.exec(
      'INSERT INTO segments (kind, first, last, first_id, last_id) VALUES (?, ?, ?, ?, ?)',
      ...[kind, first, last, firstId, lastId],
    )
    return this.planned() as Segment
  }

  /** In one transaction with the deletion of its rows. `ids`: what the segment is found by. */
  settle(id: number, files: Files, facets: Facets, ids: string[]): void {
    this.#sql.exec(
      'UPDATE segments SET files = ?, facets = ? WHERE id = ?',
      JSON.stringify(files),
      JSON.stringify(facets),
      id,
    )
    this.findBy(id, ids)
  }

  findBy(id: number, ids: string[]): void {
    const places = [...new Set(ids.map(placeOf))].sort((a, b) => a - b)
    this.#sql.exec(
      'INSERT OR IGNORE INTO places (place, segment) SELECT value, ? FROM json_each(?)',
      id,
      JSON.stringify(places),
    )
  }

  /** Its files were written again, under a new generation. */
  renew(segment: Segment, files: Files, facets: Facets, now: number): void {
    this.#sql.exec(
      'UPDATE segments SET files = ?, facets = ?, generation = generation + 1, stale_since = ? WHERE id = ?',
      ...[JSON.stringify(files), JSON.stringify(facets), now, segment.id],
    )
  }

  stale(): Segment[] {
    return this.#all('SELECT * FROM segments WHERE stale_since IS NOT NULL ORDER BY stale_since')
  }
  cleaned(id: number): void {
    this.#sql.exec('UPDATE segments SET stale_since = NULL WHERE id = ?', id)
  }

  /** Segments that may have this id: two ids may have one place, so the reader looks into the file. */
  with(kind: Segment['kind'], id: string): StoredSegment[] {
    return this.#all(WITH, placeOf(id), kind) as StoredSegment[]
  }

  byId(id: number): StoredSegment | null {
    return (this.#all(`SELECT * FROM segments WHERE id = ? AND ${STORED}`, id)[0] as StoredSegment | undefined) ?? null
  }

  /** The first segment of events that has one behind number `n`. */
  eventsBehind(n: number): StoredSegment | null {
    const query = `SELECT * FROM segments WHERE kind = 'events' AND ${STORED} AND last > ? ORDER BY last LIMIT 1`
    return (this.#all(query, n)[0] as StoredSegment | undefined) ?? null
  }

  /** Segments of calls, newest first, that have one before this place; null: all. */
  callsBefore(place: { at: number; callId: string } | null): StoredSegment[] {
    const { at, callId } = place ?? { at: Number.MAX_SAFE_INTEGER, callId: '' }
    const query = `SELECT * FROM segments WHERE kind = 'calls' AND ${STORED} AND (first, first_id) < (?, ?) ORDER BY last DESC, last_id DESC`
    return this.#all(query, at, callId) as StoredSegment[]
  }

  all(): StoredSegment[] {
    return this.#all(`SELECT * FROM segments WHERE ${STORED} ORDER BY id`) as StoredSegment[]
  }

  /** The number of the last event that stands in a file; 0: none. */
  lastEvent(): number {
    const [row] = this.#sql.exec(`SELECT MAX(last) AS n FROM segments WHERE kind = 'events' AND ${STORED}`).toArray()
    return Number(row?.n ?? 0)
  }

  forgetAll(): void {
    for (const table of ['segments', 'places', 'late']) this.#sql.exec(`DELETE FROM ${table}`)
  }

  #all(query: string, ...values: (string | number)[]): Segment[] {
    return this.#sql
      .exec(query, ...values)
      .toArray()
      .map(segmentOf)
  }
}

/** The names of a segment's files, below the month's folder. */
export function namesOf({ kind, id, generation }: Segment, of = generation): { plain: string; personal: string } {
  const name = `${String(id).padStart(6, '0')}-${of}.ndjson.gz`
  return { plain: `${kind}/${name}`, personal: `${kind}-personal/${name}` }
}

function segmentOf(row: Record<string, SqlStorageValue>): Segment {
  return {
    id: Number(row.id),
    kind: row.kind as Segment['kind'],
    first: Number(row.first),
    last: Number(row.last),
    firstId: String(row.first_id),
    lastId: String(row.last_id),
    generation: Number(row.generation),
    files: row.files === null ? null : (JSON.parse(String(row.files)) as Files),
    facets: JSON.parse(String(row.facets)) as Facets,
    staleSince: row.stale_since === null ? null : Number(row.stale_since),
  }
}

/**
 * 48 bits of an id. The table of places has two or three rows per call, so it holds these (6 bytes) in place of ids (30 to 60); 13 bytes
 * of a row are left of about 90.
 */
export function placeOf(id: string): number {
  let [low, high] = [0x811c9dc5, 0x9747b28c]
  for (let n = 0; n < id.length; n += 1) {
    const code = id.charCodeAt(n)
    low = Math.imul(low ^ code, 0x01000193)
    high = Math.imul((high ^ code) + n, 0x85ebca6b)
    high ^= high >>> 13
  }
  low ^= low >>> 15
  high = Math.imul(high ^ low, 0xc2b2ae35)
  return ((high ^ (high >>> 16)) & 0xffff) * 2 ** 32 + (Math.imul(low, 0x2c1b3c6d) >>> 0)
}
