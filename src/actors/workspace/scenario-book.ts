/** The scenarios of a workspace's AI agents, and the last run of each. */
import {
  type LastRehearsal,
  type RehearsalBody,
  type RehearsalState,
  SCENARIOS_MAX,
  type Scenario,
} from '../../wire/scenario.ts'
import type { Begun } from '../contracts.ts'

const TABLES = `
CREATE TABLE IF NOT EXISTS ai_scenarios (agent_id TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, saved INTEGER NOT NULL, saved_by TEXT NOT NULL,
  PRIMARY KEY (agent_id, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ai_rehearsals (agent_id TEXT NOT NULL, name TEXT NOT NULL, run_id TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL,
  started INTEGER NOT NULL, due INTEGER NOT NULL, ended INTEGER, PRIMARY KEY (agent_id, name)) WITHOUT ROWID;
`
/** Most runs of one workspace at a time: each one holds the sound and the providers of two speakers. */
export const RUNNING_MAX = 3
/** Time beside its own limit that a run needs to open its providers and to report; after that it counts as lost. */
const GRACE_MS = 60_000

type Row = Record<string, SqlStorageValue>

export class ScenarioBook {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(TABLES)
  }

  list(agentId: string): Scenario[] {
    const runs = new Map(
      this.#sql
        .exec('SELECT * FROM ai_rehearsals WHERE agent_id = ?', agentId)
        .toArray()
        .map(row => [String(row.name), lastOf(row)]),
    )
    return this.#sql
      .exec('SELECT * FROM ai_scenarios WHERE agent_id = ? ORDER BY name', agentId)
      .toArray()
      .map(row => ({
        name: String(row.name),
        savedMs: Number(row.saved),
        savedBy: String(row.saved_by),
        body: JSON.parse(String(row.body)) as RehearsalBody,
        last: runs.get(String(row.name)) ?? null,
      }))
  }

  /** False: there are too many. */
  save(agentId: string, name: string, body: RehearsalBody, by: string): boolean {
    const names = this.#sql.exec('SELECT name FROM ai_scenarios WHERE agent_id = ?', agentId).toArray()
    if (names.length >= SCENARIOS_MAX && !names.some(row => row.name === name)) return false
    this.#sql.exec(
      'INSERT OR REPLACE INTO ai_scenarios (agent_id, name, body, saved, saved_by) VALUES (?, ?, ?, ?, ?)',
      agentId,
      name,
      JSON.stringify(body),
      Date.now(),
      by,
    )
    return true
  }

  /** `runId` is the last run, which may now be forgotten. Null: there was no such scenario. */
  remove(agentId: string, name: string): { runId: string | null } | null {
    const before = this.#sql.exec('SELECT 1 FROM ai_scenarios WHERE agent_id = ? AND name = ?', agentId, name).toArray()
    if (before.length === 0) return null
    const runId = this.#run(agentId, name)?.runId ?? null
    this.#sql.exec('DELETE FROM ai_scenarios WHERE agent_id = ? AND name = ?', agentId, name)
    this.#sql.exec('DELETE FROM ai_rehearsals WHERE agent_id = ? AND name = ?', agentId, name)
    return { runId }
  }

  /** Checks and writes without an `await`, so two runs that begin at once do not both get the last place. */
  begin(agentId: string, name: string, runId: string, version: number): Begun {
    const [row] = this.#sql
      .exec('SELECT body FROM ai_scenarios WHERE agent_id = ? AND name = ?', agentId, name)
      .toArray()
    if (row === undefined) return { result: 'unknown' }
    const before = this.#run(agentId, name)
    if (before?.state === 'running') return { result: 'running' }
    const now = Date.now()
    const running = this.#sql.exec("SELECT 1 FROM ai_rehearsals WHERE state = 'running' AND due > ?", now).toArray()
    if (running.length >= RUNNING_MAX) return { result: 'full' }
    const body = String(row.body)
    const { atMostSeconds } = JSON.parse(body) as RehearsalBody
    this.#sql.exec(
      "INSERT OR REPLACE INTO ai_rehearsals (agent_id, name, run_id, version, state, started, due, ended) VALUES (?, ?, ?, ?, 'running', ?, ?, NULL)",
      agentId,
      name,
      runId,
      version,
      now,
      now + atMostSeconds * 1000 + GRACE_MS,
    )
    return { result: 'begun', body, replaced: before?.runId ?? null }
  }

  hasRun(runId: string): boolean {
    return this.#sql.exec('SELECT 1 FROM ai_rehearsals WHERE run_id = ?', runId).toArray().length > 0
  }

  ended(runId: string, state: RehearsalState, endedMs: number): void {
    this.#sql.exec('UPDATE ai_rehearsals SET state = ?, ended = ? WHERE run_id = ?', state, endedMs, runId)
  }

  #run(agentId: string, name: string): LastRehearsal | null {
    const [row] = this.#sql.exec('SELECT * FROM ai_rehearsals WHERE agent_id = ? AND name = ?', agentId, name).toArray()
    return row === undefined ? null : lastOf(row)
  }
}

function lastOf(row: Row): LastRehearsal {
  const lost = row.state === 'running' && Number(row.due) <= Date.now()
  return {
    runId: String(row.run_id),
    version: Number(row.version),
    state: lost ? 'broken' : (String(row.state) as RehearsalState),
    startedMs: Number(row.started),
    endedMs: row.ended === null ? (lost ? Number(row.due) : null) : Number(row.ended),
  }
}
