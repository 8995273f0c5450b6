/**
 * The numbers and areas that must not be called: one list for the workspace and one for each campaign. A number has an entry of each
 * source that lists it and is listed while there is one. An import takes back its own entries; all of them leave only when a named
 * person removes the number and says why. What left stays on record.
 */
import type { OnRecord } from '../../core/clearance/clearance.ts'
import type { ListedNumber, ListPage, ListQuery, NewListed, Removed, Unlisted } from './contract.ts'

const PAGE_MAX = 200
type Row = Record<string, SqlStorageValue>

export class DoNotCallList {
  readonly #sql: SqlStorage
  #areas: Row[] | null = null

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** An entry that exists stays as it was first made. Returns how many numbers were not on their list before. */
  add(entries: readonly NewListed[], now: number): number {
    let added = 0
    this.#areas = null
    for (const one of entries) {
      const [number, scope, area] = [one.number, one.campaignId ?? '', one.area ? 1 : 0]
      const known = this.#sql
        .exec('SELECT 1 FROM listed WHERE number = ? AND scope = ? AND area = ? LIMIT 1', number, scope, area)
        .toArray()
      this.#sql.exec(
        'INSERT OR IGNORE INTO listed (number, scope, area, since, source, by_whom, note) VALUES (?, ?, ?, ?, ?, ?, ?)',
        number,
        scope,
        area,
        now,
        one.source,
        one.by,
        one.note,
      )
      if (known.length === 0) added += 1
    }
    return added
  }

  /** Removes the entries of all sources. Returns how many there were; each stays on record. */
  remove(number: string, campaignId: string | null, by: string, reason: string, now: number): number {
    return this.#unlist('number = ? AND scope = ?', [number, campaignId ?? ''], by, reason, now).length
  }

  /** Removes what one import brought and nobody else's entries. */
  removeSource(source: string, by: string, reason: string, now: number): Removed {
    const gone = this.#unlist('source = ?', [source], by, reason, now)
    const still = gone.filter(row => this.entryFor(String(row.number), row.scope === '' ? null : String(row.scope)))
    return { removed: gone.length, stillListed: still.length }
  }

  #unlist(which: string, values: string[], by: string, reason: string, now: number): Row[] {
    this.#areas = null
    this.#sql.exec(
      `INSERT INTO unlisted (at, number, scope, by_whom, reason, since, source, listed_by)
       SELECT ?, number, scope, ?, ?, since, source, by_whom FROM listed WHERE ${which}`,
      now,
      by,
      reason,
      ...values,
    )
    return this.#sql.exec(`DELETE FROM listed WHERE ${which} RETURNING number, scope`, ...values).toArray()
  }

  /** The entry that holds for this number: its own, or one of an area that it begins with. */
  entryFor(number: string, campaignId: string | null): OnRecord['listed'] {
    const [own] = this.#sql
      .exec(
        "SELECT number, scope, since, area FROM listed WHERE number = ? AND scope IN ('', ?) LIMIT 1",
        number,
        campaignId ?? '',
      )
      .toArray()
    return own === undefined ? this.#areaOf(number, campaignId) : entryOfVerdict(own)
  }

  /** Areas are few, so they stay in memory and most verdicts ask the table once. */
  #areaOf(number: string, campaignId: string | null): OnRecord['listed'] {
    this.#areas ??= this.#sql.exec('SELECT number, scope, since, area FROM listed WHERE area = 1').toArray()
    const found = this.#areas.find(
      row => number.startsWith(String(row.number)) && (row.scope === '' || row.scope === campaignId),
    )
    return found === undefined ? null : entryOfVerdict(found)
  }

  /** Numbers with what lists each, ordered by number; `after` is the last one of the page before. */
  page(query: ListQuery): ListPage {
    const limit = Math.min(query.limit, PAGE_MAX)
    const [number = '', scope = ''] = query.after?.split('|') ?? []
    const places = this.#sql
      .exec(
        `SELECT DISTINCT number, scope FROM listed
         WHERE (number, scope) > (?, ?) AND number LIKE ? ESCAPE '!' AND (? IS NULL OR scope = ?) ORDER BY number, scope LIMIT ?`,
        number,
        scope,
        `%${query.q.replace(/[^0-9+]/g, '')}%`,
        query.campaignId,
        query.campaignId,
        limit,
      )
      .toArray()
    const items = places.flatMap(place => this.#listedAt(place.number, place.scope) ?? [])
    const last = places.at(-1)
    return { items, next: last && places.length === limit ? `${last.number}|${last.scope}` : null }
  }

  #listedAt(number: SqlStorageValue | undefined, scope: SqlStorageValue | undefined): ListedNumber | null {
    const rows = this.#sql
      .exec('SELECT * FROM listed WHERE number = ? AND scope = ? ORDER BY since, source', number, scope)
      .toArray()
    return entryOf(rows)
  }

  /** Entries that were removed, the newest first. */
  removed(limit: number): Unlisted[] {
    return this.#sql
      .exec('SELECT * FROM unlisted ORDER BY at DESC LIMIT ?', Math.min(limit, PAGE_MAX))
      .toArray()
      .map(row => ({
        atMs: Number(row.at),
        number: String(row.number),
        by: String(row.by_whom),
        reason: String(row.reason),
        sinceMs: Number(row.since),
        source: row.source === null ? '' : String(row.source),
      }))
  }

  count(): number {
    return Number(this.#sql.exec('SELECT COUNT(*) AS n FROM listed').toArray()[0]?.n ?? 0)
  }
}

function entryOfVerdict(row: Row): OnRecord['listed'] {
  return {
    scope: row.scope === '' ? 'workspace' : 'campaign',
    area: Number(row.area) === 1 ? String(row.number) : null,
    sinceMs: Number(row.since),
  }
}

/** A number with everything that lists it; the first word is the one that the row itself shows. */
function entryOf(rows: Row[]): ListedNumber | null {
  const [first] = rows
  if (first === undefined) return null
  const sources = rows.map(row => ({
    source: String(row.source),
    by: String(row.by_whom),
    sinceMs: Number(row.since),
    note: String(row.note),
  }))
  return {
    number: String(first.number),
    campaignId: first.scope === '' ? null : String(first.scope),
    area: rows.some(row => Number(row.area) === 1),
    sinceMs: Number(first.since),
    source: String(first.source),
    by: String(first.by_whom),
    note: String(first.note),
    sources,
  }
}
