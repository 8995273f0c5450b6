/**
 * Messages of an endpoint and the attempts to deliver them. The messages of one call are a lane: they go out one after the other. This object is the
 * only writer of its tables, so what waits is read once and kept in memory beside them (`lanes.ts`). A new message may be sent before it is
 * written: whoever dies before the write reads it from the log again, because the cursor moves in the same transaction.
 */
import { pauseAfter } from '../../core/events/ladder.ts'
import type { Sent } from '../../providers/webhooks/send.ts'
import type { PublicEvent } from '../../wire/events.ts'
import type { Delivery, ReplayBody, Webhook } from '../../wire/webhook.ts'
import type { DeliveryQuery } from './contract.ts'
import { type Due, Lanes } from './lanes.ts'
import { KEPT_MAX, KEPT_MS } from './tables.ts'

export interface Message {
  n: number
  eventId: string
  lane: string
  body: string
  attempts: number
}
/** A message that is in no table yet. */
interface Fresh extends Message {
  type: string
  callId: string | null
  at: number
}
type Row = Record<string, SqlStorageValue>

const WAITING = "SELECT n, lane, due_at FROM messages WHERE state = 'due' ORDER BY n"
const ONE = "SELECT * FROM messages WHERE n = ? AND state = 'due'"
const KNOWN = 'SELECT 1 FROM messages WHERE event_id = ?'
const STORE = `INSERT INTO messages (n, event_id, lane, type, call_id, body, at, state, attempts, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const ATTEMPTS = `SELECT a.*, m.event_id, m.type, m.call_id, m.body FROM attempts AS a JOIN messages AS m ON m.n = a.n
  WHERE a.a < ? AND (? IS NULL OR m.call_id = ?) ORDER BY a.a DESC LIMIT ?`
const AGAIN = "UPDATE messages SET state = 'due', attempts = 0, due_at = 0 WHERE state <> 'due' AND"
const FOR_EVER = Number.MAX_SAFE_INTEGER

export class Messages {
  readonly #sql: SqlStorage
  #lanes: Lanes | null = null
  /** the number of the newest message; null: not read yet */
  #last: number | null = null
  readonly #fresh = new Map<number, Fresh>()

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** Takes new events into memory, each once, however often it is read. `store` writes them. */
  add(events: readonly PublicEvent[]): void {
    for (const { cursor: _, ...event } of events) {
      if (this.#knows(event.id)) continue
      const callId = typeof event.data.call_id === 'string' ? event.data.call_id : null
      const lane = callId ?? String(event.data.id)
      const { id: eventId, type, timestamp } = event
      const n = this.#number()
      this.#waiting().add({ n, lane, dueAt: 0 })
      const body = JSON.stringify(event)
      this.#fresh.set(n, { n, eventId, lane, body, attempts: 0, type, callId, at: Date.parse(timestamp) })
    }
  }

  /** How many messages are in memory only. */
  get unwritten(): number {
    return this.#fresh.size
  }

  /** In a transaction: writes what is in memory only. */
  store(): void {
    for (const fresh of this.#fresh.values()) this.#write(fresh, 'due', 0, 0)
    this.#fresh.clear()
  }

  /** Forgets what is in memory, and reads it anew when it is wanted. Lanes under way stay under way. Numbers are never used twice. */
  forget(): void {
    this.#fresh.clear()
    const busy = this.#lanes?.busyLanes() ?? []
    this.#lanes = busy.length === 0 ? null : this.#read(busy)
  }

  waiting(): number {
    return this.#waiting().size
  }
  /** How many lanes are under way. */
  underWay(): number {
    return this.#waiting().busy
  }

  /** The next one that is due. Its lane is under way until it is settled. */
  next(now: number): Message | null {
    for (;;) {
      const due = this.#waiting().next(now)
      if (due === null) return null
      const message = this.#fresh.get(due.n) ?? this.#one(due.n)
      if (message !== null) return message
      this.#waiting().settle(due.n, due.lane, null)
    }
  }

  /** When the next one is due that is not under way; null: none waits. */
  nextDue(): number | null {
    return this.#waiting().nextDue()
  }

  /** The lane is under way no more, and its message waits as before. */
  release(lane: string): void {
    this.#waiting().release(lane)
  }

  /**
   * In a transaction: writes down how an attempt went. Returns when the next one is, for `settled` after the transaction; null: there is none.
   */
  settle(message: Message, sent: Sent, at: number, retries: Webhook['retries'], random: number): number | null {
    const attempt = message.attempts + 1
    const pause = sent.outcome === 'taken' ? null : pauseAfter(attempt, retries, random, sent.pauseMs)
    const state = sent.outcome === 'taken' ? 'delivered' : pause === null ? 'dead' : 'retrying'
    const stored = state === 'retrying' ? 'due' : state
    const dueAt = at + sent.ms + (pause ?? 0)
    const fresh = this.#fresh.get(message.n)
    this.#fresh.delete(message.n)
    if (fresh !== undefined) this.#write(fresh, stored, attempt, dueAt)
    else
      this.#sql.exec(
        'UPDATE messages SET state = ?, attempts = ?, due_at = ? WHERE n = ?',
        ...[stored, attempt, dueAt, message.n],
      )
    this.#attempt(message.n, attempt, sent, at, state)
    return pause === null ? null : dueAt
  }
  settled({ n, lane }: Message, dueAt: number | null): void {
    this.#waiting().settle(n, lane, dueAt)
  }

  #waiting(): Lanes {
    this.#lanes ??= this.#read([])
    return this.#lanes
  }

  #read(busy: string[]): Lanes {
    const rows = this.#sql.exec(WAITING).toArray()
    const waiting = rows.map((row): Due => ({ n: Number(row.n), lane: String(row.lane), dueAt: Number(row.due_at) }))
    return new Lanes(waiting, busy)
  }

  #number(): number {
    this.#last ??= Number(this.#sql.exec('SELECT MAX(n) AS n FROM messages').one().n ?? 0)
    this.#last += 1
    return this.#last
  }

  #knows(eventId: string): boolean {
    if (this.#sql.exec(KNOWN, eventId).toArray().length > 0) return true
    for (const fresh of this.#fresh.values()) if (fresh.eventId === eventId) return true
    return false
  }

  #one(n: number): Message | null {
    const [row] = this.#sql.exec(ONE, n).toArray()
    return row === undefined ? null : messageOf(row)
  }

  #write({ n, eventId, lane, type, callId, body, at }: Fresh, state: string, attempts: number, dueAt: number): void {
    this.#sql.exec(STORE, n, eventId, lane, type, callId, body, at, state, attempts, dueAt)
  }

  #attempt(n: number, attempt: number, { status, ms, answer }: Sent, at: number, state: Delivery['state']): void {
    this.#sql.exec(
      'INSERT INTO attempts (n, attempt, at, status, ms, answer, state) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[n, attempt, at, status, ms, answer, state],
    )
  }

  /** A message that is not sent by itself, the one of a test, with its only attempt. */
  keep(eventId: string, type: string, body: string, sent: Sent, at: number): Delivery | null {
    const n = this.#number()
    const state = sent.outcome === 'taken' ? 'delivered' : 'dead'
    this.#write({ n, eventId, lane: eventId, body, attempts: 1, type, callId: null, at }, state, 1, 0)
    this.#attempt(n, 1, sent, at, state)
    return this.attempts({ before: null, limit: 1, callId: null }).items[0] ?? null
  }

  attempts({ before, limit, callId }: DeliveryQuery): { items: Delivery[]; next: number | null } {
    const rows = this.#sql.exec(ATTEMPTS, before ?? FOR_EVER, callId, callId, limit).toArray()
    return { items: rows.map(deliveryOf), next: rows.length === limit ? Number(rows.at(-1)?.a) : null }
  }

  /** In a transaction: makes them due again, in their order. Those that are due already are not counted. `forget` comes after it. */
  replay(which: ReplayBody): number {
    const sql = this.#sql
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

  any(): boolean {
    return this.#sql.exec('SELECT 1 FROM messages LIMIT 1').toArray().length > 0
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
