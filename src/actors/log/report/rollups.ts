/**
 * What the calls of a month add up to, day by day. A day is added up when somebody asks for it and one of its calls has changed since the last
 * time, so a question about a long range reads sums and no calls. Days of calls that stand in files are added up from the files, once.
 */
import { type Cell, type CountedCall, CUTS, type Cut, cellsOf, SUMS, type Sums } from '../../../core/report/cells.ts'
import type { Day } from '../../../core/report/days.ts'
import type { Archive } from '../archive/archive.ts'
import type { Segments, StoredSegment } from '../archive/segments.ts'
import { columnOf, REPORT_COLUMNS } from './tables.ts'

export interface SumsQuery {
  cut: Cut
  by: 'day' | 'agent' | 'key'
  /** days of one zone, without gaps */
  days: Day[]
  zone: string
  /** null: all of them */
  campaign: string | null
  agent: string | null
}
/** `key`: the beginning of a day, an agent, or a key of the cut. */
export interface SumsRow extends Sums {
  key: string
  label: string
}

const COUNTED = [
  ...['direction', 'kind', 'campaign_id', 'agent_id', 'agent_name', 'number', 'dial_from', 'answered_by', 'result'],
  ...['outcome', 'created_ms', 'answered_ms', 'talked_ms'],
  ...REPORT_COLUMNS.map(column => column.slice(0, column.indexOf(' '))),
]
const CALLS = `SELECT ${COUNTED.join(', ')} FROM calls WHERE created_ms >= ? AND created_ms < ? ORDER BY created_ms`
const ALL_CUTS = JSON.stringify(CUTS)
const COLUMNS = SUMS.map(columnOf)
const ADD = `INSERT INTO rollups (from_ms, cut, campaign, agent, key, label, ${COLUMNS.join(', ')})
  SELECT ?, value ->> 'cut', value ->> 'campaign', value ->> 'agent', value ->> 'key', value ->> 'label',
    ${SUMS.map(name => `value ->> '${name}'`).join(', ')} FROM json_each(?)`
const KEYS = { day: 'from_ms', agent: 'agent', key: 'key' } as const
/** Of those calls, the days that are added up. */
const CHANGED = `DELETE FROM rolled_days WHERE from_ms IN (SELECT days.from_ms FROM json_each(?) AS c
  JOIN calls ON calls.call_id = c.key
  JOIN rolled_days AS days ON days.from_ms = (SELECT MAX(from_ms) FROM rolled_days WHERE from_ms <= calls.created_ms)
  WHERE calls.created_ms < days.to_ms)`

/** The days of these calls are to be added up again; `json` is an object by call id. */
export function callsChanged(sql: SqlStorage, json: string): void {
  sql.exec(CHANGED, json)
}
/** The same for a call in a file. */
export function callChangedAt(sql: SqlStorage, createdMs: number): void {
  sql.exec('DELETE FROM rolled_days WHERE from_ms <= ?1 AND to_ms > ?1', createdMs)
}

export class Rollups {
  readonly #sql: SqlStorage
  readonly #files: { segments: Segments; archive: Archive }

  constructor(sql: SqlStorage, files: { segments: Segments; archive: Archive }) {
    this.#sql = sql
    this.#files = files
  }

  /** Of this month alone. Throws `ArchiveFailure` when a file cannot be read. */
  async sums(query: SumsQuery): Promise<SumsRow[]> {
    const { cut, by, days, zone, campaign, agent } = query
    if (this.#isEmpty()) return []
    this.#keepZone(zone)
    const rolled = new Set(this.#all('SELECT from_ms FROM rolled_days').map(row => Number(row.from_ms)))
    for (const day of days) {
      if (rolled.has(day.fromMs)) continue
      await this.#roll(day, zone)
      // Facts and other questions come in between, because a month takes seconds.
      await scheduler.wait(0)
    }
    const wanted = [cut, JSON.stringify(days.map(day => day.fromMs)), campaign, agent]
    const rows = this.#all(
      `SELECT ${KEYS[by]} AS key, MAX(label) AS label, ${COLUMNS.map(name => `SUM(${name}) AS ${name}`).join(', ')}
       FROM rollups WHERE cut = ?1 AND from_ms IN (SELECT value FROM json_each(?2)) AND (?3 IS NULL OR campaign = ?3)
         AND (?4 IS NULL OR agent = ?4) GROUP BY 1`,
      ...wanted,
    )
    return rows.map(row => ({
      ...{ key: String(row.key), label: String(row.label) },
      ...(Object.fromEntries(SUMS.map(name => [name, Number(row[columnOf(name)])])) as Sums),
    }))
  }

  async #roll(day: Day, zone: string): Promise<void> {
    const stored = this.#files.segments.callsBefore(null)
    const archived = await this.#archivedOf(day, stored)
    // Calls that went to a file meanwhile are neither in what was read nor in the rows.
    if (this.#files.segments.callsBefore(null).length !== stored.length) return this.#roll(day, zone)
    const rows = this.#all(CALLS, day.fromMs, day.toMs) as unknown as CountedCall[]
    const cells: Cell[] = cellsOf([...archived, ...rows], zone)
    this.#sql.exec(
      'DELETE FROM rollups WHERE cut IN (SELECT value FROM json_each(?)) AND from_ms = ?',
      ALL_CUTS,
      day.fromMs,
    )
    this.#sql.exec(ADD, day.fromMs, JSON.stringify(cells))
    this.#sql.exec('INSERT OR REPLACE INTO rolled_days VALUES (?, ?, ?)', day.fromMs, day.toMs, zone)
  }

  async #archivedOf({ fromMs, toMs }: Day, stored: StoredSegment[]): Promise<CountedCall[]> {
    const found: CountedCall[] = []
    for (const segment of stored.filter(({ first, last }) => first < toMs && last >= fromMs)) {
      const rows = (await this.#files.archive.rowsOf(segment)) as unknown as CountedCall[]
      found.push(...rows.filter(row => row.created_ms >= fromMs && row.created_ms < toMs))
    }
    return found
  }

  /** Days of another zone begin at other moments, so none of them is of use any more. */
  #keepZone(zone: string): void {
    if (this.#all('SELECT 1 FROM rolled_days WHERE zone <> ? LIMIT 1', zone).length === 0) return
    this.#sql.exec('DELETE FROM rolled_days')
    this.#sql.exec('DELETE FROM rollups')
  }

  #isEmpty(): boolean {
    return this.#all('SELECT 1 FROM calls LIMIT 1').length === 0 && this.#files.segments.callsBefore(null).length === 0
  }

  #all(query: string, ...values: (string | number | null)[]) {
    return this.#sql.exec(query, ...values).toArray()
  }
}
