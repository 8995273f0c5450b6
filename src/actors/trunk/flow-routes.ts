/**
 * The flows that answer our numbers. The trunk keeps what a call may get of each (the published version and a canary), so that the
 * route of a call that comes in needs no second question.
 */
import { type FlowBook, versionFor } from '../../core/flow/versions.ts'
import { unreachable } from '../../core/machine.ts'
import type { FlowToRun } from '../books.ts'
import type { Schema } from '../shell/schema.ts'

export const FLOW_ROUTES_SCHEMA: Schema = {
  firstTable: 'flow_routes',
  tables: `
CREATE TABLE flow_routes (number TEXT PRIMARY KEY, flow_id TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX flow_routes_flow ON flow_routes (flow_id);
CREATE TABLE flow_books (flow_id TEXT PRIMARY KEY, book TEXT NOT NULL) WITHOUT ROWID;
`,
  migrations: [],
}

export type FlowRouteAsk =
  /** This flow answers the number from now on, and nobody else does; null: no flow. */
  | { do: 'assign'; number: string; flowId: string | null }
  /** What calls get of a flow: its book with the published version and the canary alone, as JSON; null: nothing. */
  | { do: 'keep'; flowId: string; bookJson: string | null }
  /** The flow that answers this number. */
  | { do: 'which'; number: string }

export class FlowRoutes {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** `forget`: whoever else answers a number. Returns a flow's id; null: there is none. */
  answer(ask: FlowRouteAsk, forget: (number: string) => void): string | null {
    switch (ask.do) {
      case 'assign':
        return this.#assign(ask.number, ask.flowId, forget)
      case 'keep':
        return this.#keep(ask.flowId, ask.bookJson)
      case 'which':
        return this.flowOf(ask.number)
      default:
        return unreachable(ask)
    }
  }

  #assign(number: string, flowId: string | null, forget: (number: string) => void): string | null {
    this.release([number])
    if (flowId === null) return null
    forget(number)
    this.#sql.exec('INSERT INTO flow_routes (number, flow_id) VALUES (?, ?)', number, flowId)
    return flowId
  }

  #keep(flowId: string, bookJson: string | null): string | null {
    if (bookJson === null) this.#sql.exec('DELETE FROM flow_books WHERE flow_id = ?', flowId)
    else this.#sql.exec('INSERT OR REPLACE INTO flow_books (flow_id, book) VALUES (?, ?)', flowId, bookJson)
    return bookJson === null ? null : flowId
  }

  numbersOf(flowId: string): string[] {
    const rows = this.#sql.exec('SELECT number FROM flow_routes WHERE flow_id = ?', flowId).toArray()
    return rows.map(({ number }) => String(number))
  }

  /** No flow answers these numbers any more. */
  release(numbers: readonly string[]): void {
    for (const number of numbers) this.#sql.exec('DELETE FROM flow_routes WHERE number = ?', number)
  }

  flowOf(number: string): string | null {
    const [row] = this.#sql.exec('SELECT flow_id FROM flow_routes WHERE number = ?', number).toArray()
    return row === undefined ? null : String(row.flow_id)
  }

  /** Null: no flow answers this number. */
  toRun(number: string, callId: string): FlowToRun | null {
    const flowId = this.flowOf(number)
    if (flowId === null) return null
    const [row] = this.#sql.exec('SELECT book FROM flow_books WHERE flow_id = ?', flowId).toArray()
    const found = row === undefined ? null : versionFor(JSON.parse(String(row.book)) as FlowBook, callId)
    if (found === null) return null
    return { flowId, version: found.version, actionsJson: JSON.stringify(found.actions), variables: {} }
  }
}
