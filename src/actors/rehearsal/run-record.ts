/** Stores a rehearsal: its order, each entry of its conversation as it comes, and how it ended. */
import type { ConversationEntry } from '../../wire/conversation.ts'
import type { Rehearsal, RehearsalBody } from '../../wire/scenario.ts'
import { ENTRIES_MAX } from '../call/documents.ts'

const TABLES = `
CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY CHECK (id = 1), head TEXT NOT NULL, reported INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS entries (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
`

export interface RehearsalOrder {
  runId: string
  agentId: string
  /** the scenario's name */
  name: string
  /** the agent's version */
  version: number
  startedMs: number
  scenario: RehearsalBody
}

export interface Outcome {
  state: 'passed' | 'failed' | 'broken'
  /** why the run is broken; empty for other states */
  why: string
  differences: string[]
  costMicros: number | null
}

type Head = Omit<Rehearsal, 'entries'>

export class RunRecord {
  readonly #sql: SqlStorage
  #head: Head | null = null

  /** Makes no tables: an object whose run never begins stays empty. */
  constructor(sql: SqlStorage) {
    this.#sql = sql
    const known = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'run'").toArray().length > 0
    const [row] = known ? sql.exec('SELECT head FROM run').toArray() : []
    this.#head = row === undefined ? null : (JSON.parse(String(row.head)) as Head)
  }

  get running(): boolean {
    return this.#head?.state === 'running'
  }

  get head(): Head | null {
    return this.#head
  }

  /** The workspace was told how the run ended. */
  get reported(): boolean {
    return this.#sql.exec('SELECT 1 FROM run WHERE reported = 1').toArray().length > 0
  }

  begin({ scenario: _scenario, ...order }: RehearsalOrder): void {
    this.#sql.exec(TABLES)
    this.#save({ ...order, state: 'running', endedMs: null, why: '', differences: [], costMicros: null })
  }

  end(outcome: Outcome, endedMs: number): void {
    if (this.#head !== null) this.#save({ ...this.#head, ...outcome, endedMs })
  }

  markReported(): void {
    this.#sql.exec('UPDATE run SET reported = 1')
  }

  add(entry: ConversationEntry): void {
    this.#sql.exec('INSERT OR REPLACE INTO entries (seq, body) VALUES (?, ?)', entry.seq, JSON.stringify(entry))
  }

  entries(): ConversationEntry[] {
    if (this.#head === null) return []
    return this.#sql
      .exec('SELECT body FROM entries ORDER BY seq LIMIT ?', ENTRIES_MAX)
      .toArray()
      .map(row => JSON.parse(String(row.body)) as ConversationEntry)
  }

  forget(): void {
    this.#head = null
  }

  #save(head: Head): void {
    this.#head = head
    this.#sql.exec('INSERT OR REPLACE INTO run (id, head, reported) VALUES (1, ?, 0)', JSON.stringify(head))
  }
}
