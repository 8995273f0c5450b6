/**
 * Calls and rounds that are open, for the sweep that finds those whose alarm was lost (`src/worker/sweep.ts`). While there is
 * one, the log stands in the D1 table `open_workspaces`: one write when something opens, none until the sweep has removed it.
 */
import { isSipCall } from '../../core/ids.ts'
import { unique } from '../unique.ts'
import type { LoggedFact } from './events.ts'

/** A call or a round that says nothing for this long is looked at: an open one reports at least once a minute. */
export const SILENT_MS = 5 * 60_000
/** The time of the last fact is written this seldom, because the sweep counts in minutes. */
const TOUCH_MS = 60_000

/** A write to D1 that failed is tried again after this time, by the alarm. */
export const LIST_AGAIN_MS = 60_000

const OPEN = `INSERT OR REPLACE INTO open (id, kind, last_ms) SELECT value ->> 0, value ->> 1, ? FROM json_each(?)`
const TOUCH = 'UPDATE open SET last_ms = ? WHERE id IN (SELECT value FROM json_each(?)) AND last_ms < ?'
const CLOSE = 'DELETE FROM open WHERE id IN (SELECT value FROM json_each(?))'
const TALKING = `SELECT id FROM open WHERE kind = 'call' AND EXISTS
  (SELECT 1 FROM events WHERE events.call_id = open.id AND type = 'talk-stream-opened') ORDER BY last_ms DESC LIMIT ?`
const SILENT = 'SELECT id, kind FROM open WHERE last_ms < ? ORDER BY last_ms LIMIT ?'

/** Follows the facts of calls and rounds about themselves. Nobody else opens or closes one. True: something has opened. */
export function noteOpen(sql: SqlStorage, facts: LoggedFact[], now: number): boolean {
  const opened = new Map<string, 'call' | 'batch'>()
  const closed: string[] = []
  for (const { source, fact } of facts) {
    // A call between extensions has no object that the sweep could ask; the registrar looks after it.
    if (isSipCall(source)) continue
    if (fact.type === 'call-created' || fact.type === 'call-received') opened.set(source, 'call')
    else if (fact.type === 'batch-opened') opened.set(source, 'batch')
    else if (fact.type === 'call-hungup' || fact.type === 'batch-closed') closed.push(source)
  }
  if (opened.size > 0) sql.exec(OPEN, now, JSON.stringify([...opened]))
  sql.exec(TOUCH, now, JSON.stringify([...new Set(facts.map(one => one.source))]), now - TOUCH_MS)
  if (closed.length > 0) sql.exec(CLOSE, JSON.stringify(closed))
  return opened.size > 0
}

const TALK: ReadonlySet<string> = new Set([
  'talk-stream-opened',
  'talk-stream-closed',
  'talk-transfer-asked',
  'talk-transfer-answered',
])

/** Does an AI agent have a call that it had not, or is somebody asked to take it over? */
export function tellsOfTalk({ fact }: Pick<LoggedFact, 'fact'>): boolean {
  return TALK.has(fact.type)
}

export interface Silent {
  calls: string[]
  rounds: string[]
}

export class OpenThings {
  readonly #sql: SqlStorage
  readonly #database: D1Database
  /** what this log wrote into `open_workspaces`; null: it does not stand there */
  #token: string | null
  #listing = false
  /** after a failure D1 is not asked again before this time */
  #notBefore = 0

  constructor(sql: SqlStorage, database: D1Database) {
    this.#sql = sql
    this.#database = database
    const [row] = sql.exec('SELECT token FROM month').toArray()
    this.#token = row?.token === null || row === undefined ? null : String(row.token)
  }

  get any(): boolean {
    return this.#sql.exec('SELECT 1 FROM open LIMIT 1').toArray().length > 0
  }

  /** Puts this log into `open_workspaces`, unless it stands there. It throws when D1 does not answer. */
  async list(workspaceId: string, month: string): Promise<void> {
    const now = Date.now()
    if (this.#token !== null || this.#listing || now < this.#notBefore || !this.any) return
    this.#listing = true
    this.#notBefore = now + LIST_AGAIN_MS
    const token = unique()
    try {
      await this.#database
        .prepare('INSERT OR REPLACE INTO open_workspaces (workspaceId, month, token) VALUES (?, ?, ?)')
        .bind(workspaceId, month, token)
        .run()
      this.#setToken(token)
      this.#notBefore = 0
    } finally {
      this.#listing = false
    }
  }

  /** Calls whose sound has gone to an AI agent, those that said something last first. */
  talking(limit: number): string[] {
    return this.#sql
      .exec(TALKING, limit)
      .toArray()
      .map(row => String(row.id))
  }

  silent(now: number, limit: number): Silent {
    const rows = this.#sql.exec(SILENT, now - SILENT_MS, limit).toArray()
    const of = (kind: string) => rows.filter(row => row.kind === kind).map(row => String(row.id))
    return { calls: of('call'), rounds: of('batch') }
  }

  /**
   * The sweep has looked: those in `over` are over, those in `woken` live and are looked at again when they have been silent for
   * as long as now. True: nothing is open, and the entry with this token may go. A later call makes an entry with another token.
   */
  settle(over: string[], woken: string[], token: string, now: number): boolean {
    if (over.length > 0) this.#sql.exec(CLOSE, JSON.stringify(over))
    if (woken.length > 0) this.#sql.exec(TOUCH, now, JSON.stringify(woken), now)
    if (this.any || this.#listing || (this.#token !== null && this.#token !== token)) return false
    this.#setToken(null)
    return true
  }

  #setToken(token: string | null): void {
    this.#sql.exec('UPDATE month SET token = ?', token)
    this.#token = token
  }
}
