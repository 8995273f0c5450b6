/** Calls that the carrier brings: our own id for each, and the AI agents that answer numbers. */
import type { TalkOrder } from '../../core/call/talk/talk.ts'
import { callId } from '../../core/ids.ts'
import type { WorkspaceContract } from '../contracts.ts'
import { unique } from '../unique.ts'
import { DIALLED } from './leads.ts'

export class IncomingCalls {
  readonly #sql: SqlStorage
  readonly #workspaceId: string

  constructor(sql: SqlStorage, workspaceId: string) {
    this.#sql = sql
    this.#workspaceId = workspaceId
  }

  /** Gives our id for a call of the carrier; every repeat of the webhook gets the same one. */
  name(providerId: string, wanted: string = callId(this.#workspaceId, unique())): string {
    this.#sql.exec(
      'INSERT OR IGNORE INTO calls (provider_id, call_id, at) VALUES (?, ?, ?)',
      providerId,
      wanted,
      Date.now(),
    )
    return this.known(providerId) ?? wanted
  }

  known(providerId: string): string | null {
    const [row] = this.#sql.exec('SELECT call_id FROM calls WHERE provider_id = ?', providerId).toArray()
    return row === undefined ? null : String(row.call_id)
  }

  /** Is this the id of a call that the carrier brought, of one that has a slot to go out, or of one that a page will place? */
  has(id: string): boolean {
    const found = `SELECT 1 FROM slots WHERE call_id = ?1 UNION ALL SELECT 1 FROM reserved WHERE call_id = ?1
      UNION ALL SELECT 1 FROM calls WHERE call_id = ?1 LIMIT 1`
    return this.#sql.exec(found, id).toArray().length > 0
  }

  reserve(deskId: string): string {
    const id = callId(this.#workspaceId, unique())
    this.#sql.exec('INSERT INTO reserved (call_id, desk_id, at) VALUES (?, ?, ?)', id, deskId, Date.now())
    return id
  }

  /** Null: this id was not given to that desk, or was used. */
  take(providerId: string, reserved: { callId: string; deskId: string }): string | null {
    const [row] = this.#sql.exec('SELECT desk_id FROM reserved WHERE call_id = ?', reserved.callId).toArray()
    if (row?.desk_id !== reserved.deskId) return null
    this.#sql.exec('DELETE FROM reserved WHERE call_id = ?', reserved.callId)
    return this.name(providerId, reserved.callId)
  }

  /** Null: no AI agent answers this number; undefined: this trunk does not know yet. */
  agentOn(number: string): TalkOrder | null | undefined {
    const [row] = this.#sql.exec('SELECT talk FROM routes WHERE number = ?', number).toArray()
    if (row === undefined) return undefined
    return row.talk === null ? null : (JSON.parse(String(row.talk)) as TalkOrder)
  }

  /** An older release kept assignments in the workspace only. One that arrives while it is being asked is newer than its answer. */
  async learn(number: string, book: Pick<WorkspaceContract, 'aiAnswering'>): Promise<TalkOrder | null> {
    const order = await book.aiAnswering(number)
    if (this.agentOn(number) === undefined) this.route(number, order)
    return this.agentOn(number) ?? null
  }

  route(number: string, order: TalkOrder | null): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO routes (number, agent_id, talk) VALUES (?, ?, ?)',
      number,
      order?.agentId ?? null,
      order === null ? null : JSON.stringify(order),
    )
  }

  /** Makes these numbers, and no others, this agent's. */
  assign(order: TalkOrder, numbers: string[]): void {
    // What an extension leads to is said with the extension.
    const numbersOnly = 'UPDATE routes SET agent_id = NULL, talk = NULL WHERE agent_id = ? AND number NOT LIKE ?'
    this.#sql.exec(numbersOnly, order.agentId, `${DIALLED}%`)
    for (const number of numbers) this.route(number, order)
  }

  /** Nobody answers this number any more. */
  forget(number: string): void {
    this.route(number, null)
  }

  refresh(order: TalkOrder): void {
    this.#sql.exec('UPDATE routes SET talk = ? WHERE agent_id = ?', JSON.stringify(order), order.agentId)
  }
}
