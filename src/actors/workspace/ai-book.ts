/** The AI agents of a workspace: every version ever saved, the numbers they answer, opt-outs, and callbacks that callers asked for. */
import type { TalkOrder } from '../../core/call/talk/talk.ts'
import { type AiAgent, type AiAgentBody, talkOrderOf } from '../../wire/ai-agent.ts'

export const AI_TABLES = `
CREATE TABLE IF NOT EXISTS ai_versions (agent_id TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, saved INTEGER NOT NULL, saved_by TEXT NOT NULL,
  PRIMARY KEY (agent_id, version)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ai_numbers (number TEXT PRIMARY KEY, agent_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS do_not_call (number TEXT PRIMARY KEY, at INTEGER NOT NULL, because TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS callbacks (call_id TEXT NOT NULL, phone TEXT NOT NULL, wanted TEXT NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL);
`
/** Most AI agents of one workspace. */
export const AGENTS_MAX = 200

type Row = Record<string, SqlStorageValue>

export class AiBook {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(AI_TABLES)
  }

  /** The number of the new version; null: there are too many agents. */
  save(agentId: string, body: AiAgentBody, by: string): number | null {
    const latest = this.#latest(agentId)
    if (latest === 0 && this.list().length >= AGENTS_MAX) return null
    this.#sql.exec(
      'INSERT INTO ai_versions (agent_id, version, body, saved, saved_by) VALUES (?, ?, ?, ?, ?)',
      agentId,
      latest + 1,
      JSON.stringify(body),
      Date.now(),
      by,
    )
    return latest + 1
  }

  /** The latest version, or a given one. */
  read(agentId: string, version: number | null = null): AiAgent | null {
    const wanted = version ?? this.#latest(agentId)
    const [row] = this.#sql
      .exec('SELECT * FROM ai_versions WHERE agent_id = ? AND version = ?', agentId, wanted)
      .toArray()
    return row ? this.#agentOf(row) : null
  }

  /** What a call is told of an agent, or null where there is none. */
  order(agentId: string): TalkOrder | null {
    const agent = this.read(agentId)
    return agent ? talkOrderOf(agent) : null
  }

  list(): AiAgent[] {
    return this.#sql
      .exec(
        'SELECT * FROM ai_versions AS one WHERE version = (SELECT MAX(version) FROM ai_versions WHERE agent_id = one.agent_id) ORDER BY agent_id',
      )
      .toArray()
      .map(row => this.#agentOf(row))
  }

  /** Newest first. */
  versions(agentId: string, limit: number): AiAgent[] {
    return this.#sql
      .exec('SELECT * FROM ai_versions WHERE agent_id = ? ORDER BY version DESC LIMIT ?', agentId, limit)
      .toArray()
      .map(row => this.#agentOf(row))
  }

  assign(agentId: string, numbers: string[]): void {
    this.#sql.exec('DELETE FROM ai_numbers WHERE agent_id = ?', agentId)
    for (const number of numbers)
      this.#sql.exec('INSERT OR REPLACE INTO ai_numbers (number, agent_id) VALUES (?, ?)', number, agentId)
  }

  release(number: string): void {
    this.#sql.exec('DELETE FROM ai_numbers WHERE number = ?', number)
  }

  /** The AI agent that answers this number; null when none does. */
  answering(number: string): TalkOrder | null {
    const [row] = this.#sql.exec('SELECT agent_id FROM ai_numbers WHERE number = ?', number).toArray()
    if (!row) return null
    const agent = this.read(String(row.agent_id))
    return agent ? talkOrderOf(agent) : null
  }

  /** Opt-outs that an older release kept here; the trunk has the list now. */
  optOuts(): { number: string; because: string }[] {
    return this.#sql
      .exec('SELECT number, because FROM do_not_call')
      .toArray()
      .map(row => ({ number: String(row.number), because: String(row.because) }))
  }

  noteCallback(callId: string, phone: string, wanted: string, note: string): void {
    this.#sql.exec('INSERT INTO callbacks VALUES (?, ?, ?, ?, ?)', callId, phone, wanted, note, Date.now())
  }

  #latest(agentId: string): number {
    const [row] = this.#sql.exec('SELECT MAX(version) AS n FROM ai_versions WHERE agent_id = ?', agentId).toArray()
    return Number(row?.n ?? 0)
  }

  #agentOf(row: Row): AiAgent {
    const agentId = String(row.agent_id)
    const numbers = this.#sql
      .exec('SELECT number FROM ai_numbers WHERE agent_id = ? ORDER BY number', agentId)
      .toArray()
    return {
      agentId,
      version: Number(row.version),
      savedMs: Number(row.saved),
      savedBy: String(row.saved_by),
      numbers: numbers.map(one => String(one.number)),
      body: JSON.parse(String(row.body)) as AiAgentBody,
    }
  }
}
