/** What each of our numbers leads to: exactly one of a flow, a queue, a conference, an AI agent, a desk, or nobody. */
import type { TalkOrder } from '../../core/call/talk/talk.ts'
import { conferenceFlow, queueFlow } from '../../core/flow/unnamed.ts'
import type { FlowToRun } from '../books.ts'
import type { Schema } from '../shell/schema.ts'

export const LEADS_SCHEMA: Schema = {
  firstTable: 'leads',
  tables: 'CREATE TABLE leads (number TEXT PRIMARY KEY, kind TEXT NOT NULL, target TEXT NOT NULL) WITHOUT ROWID;',
  migrations: [],
}

/** As it is asked for. A mask and an extension come later. */
export type NewLead =
  | { to: 'nobody' }
  | { to: 'flow' | 'queue' | 'conference'; id: string }
  | DeskLead
  | { to: 'agent'; order: TalkOrder }
/** As it is. */
export type Lead = { to: 'nobody' } | { to: 'flow' | 'queue' | 'conference' | 'agent'; id: string } | DeskLead
/** `unanswered`: the queue in which callers wait whom the desk does not take; null: they are asked for a message. */
interface DeskLead {
  to: 'desk'
  id: string
  unanswered: string | null
}

/** Numbers that lead straight to a queue or a conference; the other kinds have tables of their own. */
export class Leads {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  of(number: string): { to: 'queue' | 'conference'; id: string } | null {
    const [row] = this.#sql.exec('SELECT kind, target FROM leads WHERE number = ?', number).toArray()
    return row === undefined ? null : { to: row.kind as 'queue' | 'conference', id: String(row.target) }
  }

  set(number: string, to: 'queue' | 'conference', id: string): void {
    this.#sql.exec('INSERT OR REPLACE INTO leads (number, kind, target) VALUES (?, ?, ?)', number, to, id)
  }

  forget(to: 'queue' | 'conference', id: string): void {
    this.#sql.exec('DELETE FROM leads WHERE kind = ? AND target = ?', to, id)
  }

  release(numbers: readonly string[]): void {
    for (const number of numbers) this.#sql.exec('DELETE FROM leads WHERE number = ?', number)
  }

  /** The steps of a call to this number; null: it leads to neither. */
  toRun(number: string): FlowToRun | null {
    const lead = this.of(number)
    if (lead === null) return null
    const actions = lead.to === 'queue' ? queueFlow(lead.id) : conferenceFlow(lead.id)
    return { flowId: null, version: 0, actionsJson: JSON.stringify(actions), variables: {} }
  }
}
