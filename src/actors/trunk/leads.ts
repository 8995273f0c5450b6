/**
 * What each of our numbers leads to: exactly one of a flow, a queue, a conference, a mask, an extension, an AI agent, a desk, or nobody. What an
 * extension leads to stands here as well, by its name (`dialledName`).
 */
import type { TalkOrder } from '../../core/call/talk/talk.ts'
import type { Action } from '../../core/flow/flow.ts'
import { conferenceFlow, extensionFlow, maskFlow, queueFlow } from '../../core/flow/unnamed.ts'
import type { FlowToRun } from '../books.ts'
import type { Schema } from '../shell/schema.ts'

export const LEADS_SCHEMA: Schema = {
  firstTable: 'leads',
  tables: 'CREATE TABLE leads (number TEXT PRIMARY KEY, kind TEXT NOT NULL, target TEXT NOT NULL) WITHOUT ROWID;',
  migrations: [],
}

/** As it is asked for. */
export type NewLead =
  | { to: 'nobody' }
  | { to: 'flow' | StepLead; id: string }
  | DeskLead
  | { to: 'agent'; order: TalkOrder }
/** As it is. */
export type Lead = { to: 'nobody' } | { to: 'flow' | StepLead | 'agent'; id: string } | DeskLead
/** what one step of a flow leads to */
export type StepLead = 'queue' | 'conference' | 'mask' | 'extension'
/** `unanswered`: the queue in which callers wait whom the desk does not take; null: they are asked for a message. */
interface DeskLead {
  to: 'desk'
  id: string
  unanswered: string | null
}

/** What stands for an extension among the numbers: no number begins so. */
export function dialledName(extension: string): string {
  return `${DIALLED}${extension}`
}
export const DIALLED = 'extension:'

/** Numbers that lead straight to a queue, a conference or a mask; the other kinds have tables of their own. */
export class Leads {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  of(number: string): { to: StepLead; id: string } | null {
    const [row] = this.#sql.exec('SELECT kind, target FROM leads WHERE number = ?', number).toArray()
    return row === undefined ? null : { to: row.kind as StepLead, id: String(row.target) }
  }

  set(number: string, to: StepLead, id: string): void {
    this.#sql.exec('INSERT OR REPLACE INTO leads (number, kind, target) VALUES (?, ?, ?)', number, to, id)
  }

  forget(to: StepLead, id: string): void {
    this.#sql.exec('DELETE FROM leads WHERE kind = ? AND target = ?', to, id)
  }

  release(numbers: readonly string[]): void {
    for (const number of numbers) this.#sql.exec('DELETE FROM leads WHERE number = ?', number)
  }

  /** The steps of a call to this number; null: it leads to none of them. */
  toRun(number: string): FlowToRun | null {
    const lead = this.of(number)
    if (lead === null) return null
    const run = (actions: Action[]) => ({
      flowId: null,
      version: 0,
      actionsJson: JSON.stringify(actions),
      variables: {},
    })
    switch (lead.to) {
      case 'queue':
        return run(queueFlow(lead.id))
      case 'conference':
        return run(conferenceFlow(lead.id))
      case 'mask':
        return { ...run(maskFlow(lead.id)), maskId: lead.id }
      case 'extension':
        return run(extensionFlow(lead.id))
    }
  }
}
