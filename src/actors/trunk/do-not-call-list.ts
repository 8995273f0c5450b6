/**
 * The numbers and areas that must not be called: one list for the workspace and one for each campaign. Everybody may add; an entry
 * leaves only when a named person removes it and says why, and that stays on record.
 */
import type { OnRecord } from '../../core/clearance/clearance.ts'
import type { ListedNumber, ListPage, NewListed, Unlisted } from './contract.ts'

const PAGE_MAX = 200
type Row = Record<string, SqlStorageValue>

export class DoNotCallList {
  readonly #sql: SqlStorage
  #areas: Row[] | null = null

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** An entry that exists stays as it was first made. Returns how many are new. */
  add(entries: readonly NewListed[], now: number): number {
    let added = 0
    this.#areas = null
    for (const one of entries) {
      const { rowsWritten } = this.#sql.exec(
        'INSERT OR IGNORE INTO listed (number, scope, area, since, source, by_whom, note) VALUES (?, ?, ?, ?, ?, ?, ?)',
        one.number,
        one.campaignId ?? '',
        one.area ? 1 : 0,
        now,
        one.source,
        one.by,
        one.note,
      )
      if (rowsWritten > 0) added += 1
    }
    return added
  }

  /** False: it was not listed. */
  remove(number: string, campaignId: string | null, by: string, reason: string, now: number): boolean {
    this.#areas = null
    const [row] = this.#sql
      .exec(
        'DELETE FROM listed WHERE number = ? AND scope = ? RETURNING since, source, by_whom',
        number,
        campaignId ?? '',
      )
      .toArray()
    if (row === undefined) return false
    this.#sql.exec(
      'INSERT INTO unlisted (at, number, scope, by_whom, reason, since, source, listed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      now,
      number,
      campaignId ?? '',
      by,
      reason,
      row.since ?? null,
      row.source ?? null,
      row.by_whom ?? null,
    )
    return true
  }

  /** Removes what one import brought. Returns how many entries left. */
  removeSource(source: string, by: string, reason: string, now: number): number {
    this.#sql.exec(
      `INSERT INTO unlisted (at, number, scope, by_whom, reason, since, source, listed_by)
       SELECT ?, number, scope, ?, ?, since, source, by_whom FROM listed WHERE source = ?`,
      now,
      by,
      reason,
      source,
    )
    return this.#sql.exec('DELETE FROM listed WHERE source = ? RETURNING number', source).toArray().length
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

  /** Ordered by number; `after` is the last row of the page before. */
  page(query: { after: string | null; limit: number; q: string; campaignId: string | null }): ListPage {
    const limit = Math.min(query.limit, PAGE_MAX)
    const rows = this.#sql
      .exec(
        "SELECT * FROM listed WHERE number || '|' || scope > ? AND number LIKE ? ESCAPE '!' AND (? IS NULL OR scope = ?) ORDER BY number, scope LIMIT ?",
        query.after ?? '',
        `%${query.q.replace(/[^0-9+]/g, '')}%`,
        query.campaignId,
        query.campaignId,
        limit,
      )
      .toArray()
    const items = rows.map(entryOf)
    const last = rows.at(-1)
    return { items, next: last && rows.length === limit ? `${last.number}|${last.scope}` : null }
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

function entryOf(row: Row): ListedNumber {
  return {
    number: String(row.number),
    campaignId: row.scope === '' ? null : String(row.scope),
    area: Number(row.area) === 1,
    sinceMs: Number(row.since),
    source: String(row.source),
    by: String(row.by_whom),
    note: String(row.note),
  }
}
