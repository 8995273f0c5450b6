/** The calls of a domain: a row for each, its ladder when it is over, and what the log of the workspace has not heard yet. */
import { sipCallId } from '../../core/ids.ts'
import { type Ladder, NO_LADDER } from '../../core/sip/ladder.ts'
import type { EndReason, Fact } from '../../core/sip/state.ts'
import { loggedFact, type SipCall } from '../../core/sip/told.ts'
import type { Env } from '../env.ts'
import { logOf } from '../stubs.ts'
import { unique } from '../unique.ts'
import type { LadderOfCall } from './contract.ts'
import { CALLS_KEPT_MAX, CALLS_KEPT_MS } from './tables.ts'

/** Facts that are told at a time; each call is one request. */
const TOLD_AT_ONCE = 200
const PURGED_AT_ONCE = 500
const GATHER_MS = 100
type Row = Record<string, SqlStorageValue>

export class SipCalls {
  readonly #sql: SqlStorage
  readonly #env: Env
  readonly #workspaceId: string
  /** null: not read yet */
  #waiting: boolean | null = null
  #telling = false
  #gathers = false

  constructor(sql: SqlStorage, env: Env, workspaceId: string) {
    this.#sql = sql
    this.#env = env
    this.#workspaceId = workspaceId
  }

  /** In the transaction of what they tell of. */
  note(facts: readonly Fact[]): void {
    for (const fact of facts) {
      if (fact.type === 'began') this.#begin(fact)
      const [row] = this.#sql.exec('SELECT * FROM calls WHERE token = ?', fact.token).toArray()
      if (row === undefined) continue
      const callId = String(row.call_id)
      this.#change(callId, fact)
      const told = loggedFact(fact, row.answered_ms === null ? null : Number(row.answered_ms))
      if (told !== null) this.#owe(callId, Number(row.seq) + 1, told)
    }
  }

  /** `live`: the ladder of a call that is not put away yet. Null: there is no such call. */
  ladder(callId: string, live: (token: string) => Ladder | null): LadderOfCall | null {
    const [row] = this.#sql.exec('SELECT * FROM calls WHERE call_id = ?', callId).toArray()
    if (row === undefined) return null
    const kept = row.ladder === null ? live(String(row.token)) : (JSON.parse(String(row.ladder)) as Ladder)
    return { call: callOf(row), settled: row.ladder !== null, ladder: kept ?? NO_LADDER }
  }

  waiting(): boolean {
    this.#waiting ??= this.#sql.exec('SELECT 1 FROM notices LIMIT 1').toArray().length > 0
    return this.#waiting
  }

  /** Facts of a moment travel together. */
  async tellSoon(): Promise<void> {
    if (this.#gathers) return
    this.#gathers = true
    await new Promise(resolve => setTimeout(resolve, GATHER_MS))
    this.#gathers = false
    await this.tell()
  }

  /** Tells the log; what it does not take is told again. */
  async tell(): Promise<void> {
    if (this.#telling || !this.waiting()) return
    this.#telling = true
    try {
      while (this.waiting()) {
        const rows = this.#sql.exec('SELECT * FROM notices ORDER BY n LIMIT ?', TOLD_AT_ONCE).toArray()
        const calls = Map.groupBy(rows, row => String(row.call_id))
        await Promise.all([...calls].map(([callId, facts]) => this.#tellOf(callId, facts)))
        this.#waiting = null
      }
    } catch {
      console.error(JSON.stringify({ message: 'calls of extensions could not be told', workspace: this.#workspaceId }))
    } finally {
      this.#telling = false
    }
  }

  purge(now: number): void {
    const old = `SELECT call_id FROM calls WHERE ended_ms IS NOT NULL AND (began_ms < ? OR began_ms <
      (SELECT began_ms FROM calls ORDER BY began_ms DESC LIMIT 1 OFFSET ${CALLS_KEPT_MAX})) LIMIT ${PURGED_AT_ONCE}`
    this.#sql.exec(`DELETE FROM calls WHERE call_id IN (${old})`, now - CALLS_KEPT_MS)
  }

  #begin({ token, atMs, from, to }: Extract<Fact, { type: 'began' }>): void {
    const callId = sipCallId(this.#workspaceId, unique())
    const begin = 'INSERT INTO calls (call_id, token, caller, callee, began_ms) VALUES (?, ?, ?, ?, ?)'
    this.#sql.exec(begin, callId, token, from, to, atMs)
  }

  #change(callId: string, fact: Fact): void {
    if (fact.type === 'answered')
      this.#sql.exec('UPDATE calls SET answered_ms = ? WHERE call_id = ?', fact.atMs, callId)
    if (fact.type === 'ended') {
      const end = 'UPDATE calls SET ended_ms = ?, reason = ?, status = ? WHERE call_id = ?'
      this.#sql.exec(end, fact.atMs, fact.reason, fact.status, callId)
    }
    // The token was the key of the call, and nobody needs it any more.
    if (fact.type === 'closed')
      this.#sql.exec('UPDATE calls SET token = NULL, ladder = ? WHERE call_id = ?', JSON.stringify(fact.ladder), callId)
  }

  #owe(callId: string, seq: number, fact: object): void {
    this.#sql.exec('UPDATE calls SET seq = ? WHERE call_id = ?', seq, callId)
    this.#sql.exec('INSERT INTO notices (call_id, seq, fact) VALUES (?, ?, ?)', callId, seq, JSON.stringify(fact))
    this.#waiting = true
  }

  async #tellOf(callId: string, rows: Row[]): Promise<void> {
    const facts = rows.map(row => ({
      ...{ seq: Number(row.seq), about: { call: callId } },
      fact: JSON.parse(String(row.fact)) as object,
    }))
    // At the end of a month the next try goes to the next one.
    if ((await logOf(this.#env, this.#workspaceId).hear(callId, JSON.stringify(facts))) === false)
      throw new Error('this month of the log takes no facts')
    const seqs = JSON.stringify(rows.map(row => row.n))
    this.#sql.exec('DELETE FROM notices WHERE n IN (SELECT value FROM json_each(?))', seqs)
  }
}

function callOf(row: Row): SipCall {
  return {
    ...{ callId: String(row.call_id), from: String(row.caller), to: String(row.callee) },
    beganMs: Number(row.began_ms),
    answeredMs: row.answered_ms === null ? null : Number(row.answered_ms),
    ended:
      row.ended_ms === null
        ? null
        : {
            atMs: Number(row.ended_ms),
            reason: String(row.reason) as EndReason,
            status: row.status === null ? null : Number(row.status),
          },
  }
}
