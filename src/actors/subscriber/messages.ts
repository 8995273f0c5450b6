/** Messages of an endpoint and the attempts to deliver them. The messages of one call are a lane: they go out one after the other. */
import { pauseAfter } from '../../core/events/ladder.ts'
import type { Sent } from '../../providers/webhooks/send.ts'
import type { PublicEvent } from '../../wire/events.ts'
import type { Delivery, ReplayBody, Webhook } from '../../wire/webhook.ts'
import type { DeliveryQuery } from './contract.ts'
import { KEPT_MAX, KEPT_MS } from './tables.ts'

export interface Message {
  n: number
  eventId: string
  lane: string
  body: string
  attempts: number
}
type Row = Record<string, SqlStorageValue>

/** The first of each lane that is due. Lanes under way are left out. */
const NEXT = `SELECT * FROM messages AS m WHERE state = 'due' AND due_at <= ? AND lane NOT IN (SELECT value FROM json_each(?))
  AND n = (SELECT MIN(n) FROM messages WHERE lane = m.lane AND state = 'due') ORDER BY n LIMIT 1`
const NEXT_DUE = `SELECT MIN(due_at) AS due FROM messages AS m WHERE state = 'due' AND lane NOT IN (SELECT value FROM json_each(?))
  AND n = (SELECT MIN(n) FROM messages WHERE lane = m.lane AND state = 'due')`
const ATTEMPTS = `SELECT a.*, m.event_id, m.type, m.call_id, m.body FROM attempts AS a JOIN messages AS m ON m.n = a.n
  WHERE a.a < ? AND (? IS NULL OR m.call_id = ?) ORDER BY a.a DESC LIMIT ?`
const AGAIN = "UPDATE messages SET state = 'due', attempts = 0, due_at = 0 WHERE state <> 'due' AND"
const FOR_EVER = Number.MAX_SAFE_INTEGER

export class Messages {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** Each event once, however often it is read. */
  add(events: readonly PublicEvent[]): void {
    for (const { cursor: _, ...event } of events) {
      const callId = typeof event.data.call_id === 'string' ? event.data.call_id : null
      const lane = callId ?? String(event.data.id)
      this.#sql.exec(
        'INSERT OR IGNORE INTO messages (event_id, lane, type, call_id, body, at) VALUES (?, ?, ?, ?, ?, ?)',
        ...[event.id, lane, event.type, callId, JSON.stringify(event), Date.parse(event.timestamp)],
      )
    }
  }

  waiting(): number {
    return Number(this.#sql.exec("SELECT COUNT(*) AS n FROM messages WHERE state = 'due'").one().n)
  }

  next(now: number, busy: readonly string[]): Message | null {
    const [row] = this.#sql.exec(NEXT, now, JSON.stringify(busy)).toArray()
    return row === undefined ? null : messageOf(row)
  }

  /** When the next one is due; null: none waits. */
  nextDue(busy: readonly string[]): number | null {
    const [row] = this.#sql.exec(NEXT_DUE, JSON.stringify(busy)).toArray()
    return row?.due === null || row === undefined ? null : Number(row.due)
  }

  /** Writes down how an attempt went, and when the next one is. */
  settle(message: Message, sent: Sent, at: number, retries: Webhook['retries'], random: number): void {
    const attempt = message.attempts + 1
    const pause = sent.outcome === 'taken' ? null : pauseAfter(attempt, retries, random, sent.pauseMs)
    const state = sent.outcome === 'taken' ? 'delivered' : pause === null ? 'dead' : 'retrying'
    const stored = state === 'retrying' ? 'due' : state
    const dueAt = at + sent.ms + (pause ?? 0)
    this.#sql.exec(
      'UPDATE messages SET state = ?, attempts = ?, due_at = ? WHERE n = ?',
      ...[stored, attempt, dueAt, message.n],
    )
    this.note(message.n, attempt, sent, at, state)
  }

  note(n: number, attempt: number, sent: Sent, at: number, state: Delivery['state']): number {
    const { status, ms, answer } = sent
    this.#sql.exec(
      'INSERT INTO attempts (n, attempt, at, status, ms, answer, state) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[n, attempt, at, status, ms, answer, state],
    )
    return Number(this.#sql.exec('SELECT last_insert_rowid() AS a').one().a)
  }

  /** A message that is not sent by itself: the one of a test. */
  keep(eventId: string, type: string, body: string, at: number, state: string): number {
    this.#sql.exec(
      'INSERT INTO messages (event_id, lane, type, body, at, state, attempts) VALUES (?, ?, ?, ?, ?, ?, 1)',
      ...[eventId, eventId, type, body, at, state],
    )
    return Number(this.#sql.exec('SELECT last_insert_rowid() AS n').one().n)
  }

  attempts({ before, limit, callId }: DeliveryQuery): { items: Delivery[]; next: number | null } {
    const rows = this.#sql.exec(ATTEMPTS, before ?? FOR_EVER, callId, callId, limit).toArray()
    return { items: rows.map(deliveryOf), next: rows.length === limit ? Number(rows.at(-1)?.a) : null }
  }

  attempt(a: number): Delivery | null {
    const [row] = this.#sql.exec(ATTEMPTS, a + 1, null, null, 1).toArray()
    return row === undefined ? null : deliveryOf(row)
  }

  /** Makes them due again, in their order. Those that are due already are not counted. */
  replay(which: ReplayBody): number {
    const { sql } = { sql: this.#sql }
    if ('event_id' in which) return sql.exec(`${AGAIN} event_id = ?`, which.event_id).rowsWritten > 0 ? 1 : 0
    const count = (where: string, ...values: SqlStorageValue[]) => {
      const found = sql.exec(`SELECT COUNT(*) AS n FROM messages WHERE state <> 'due' AND ${where}`, ...values)
      const n = Number(found.one().n)
      sql.exec(`${AGAIN} ${where}`, ...values)
      return n
    }
    if ('call_id' in which) return count('call_id = ?', which.call_id)
    return count('at >= ? AND at <= ?', Date.parse(which.since), Date.parse(which.until))
  }

  /** Deletes what is old, and what are too many; never what still waits. */
  sweep(now: number): void {
    const [row] = this.#sql.exec('SELECT n FROM messages ORDER BY n DESC LIMIT 1 OFFSET ?', KEPT_MAX).toArray()
    this.#sql.exec("DELETE FROM messages WHERE state <> 'due' AND (at < ? OR n <= ?)", now - KEPT_MS, row?.n ?? 0)
    this.#sql.exec('DELETE FROM attempts WHERE n NOT IN (SELECT n FROM messages)')
  }
}

function messageOf(row: Row): Message {
  return {
    n: Number(row.n),
    eventId: String(row.event_id),
    lane: String(row.lane),
    body: String(row.body),
    attempts: Number(row.attempts),
  }
}

function deliveryOf(row: Row): Delivery {
  return {
    id: String(row.a),
    event_id: String(row.event_id),
    type: String(row.type),
    call_id: row.call_id === null ? null : String(row.call_id),
    attempt: Number(row.attempt),
    tm: new Date(Number(row.at)).toISOString(),
    status: row.status === null ? null : Number(row.status),
    ms: Number(row.ms),
    answer: String(row.answer),
    request: String(row.body),
    state: row.state as Delivery['state'],
  }
}
