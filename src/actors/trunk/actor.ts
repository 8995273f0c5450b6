/**
 * The provider account of a workspace: calls-per-second slots (it answers when, the asker waits) and the caller-id
 * pool with leases and cool-down. Plain rows; each answer is stored under its asker's id, so that a retry gets the same.
 */
import { DurableObject } from 'cloudflare:workers'
import { type CallerNumber, type Choice, chooseNumbers, cooledFrom } from '../../core/caller-id/caller-id.ts'
import { takeSlot } from '../../core/pacing/pacing.ts'
import { accountOf } from '../../providers/registry.ts'
import type { PoolNumber, TrunkContract } from '../contracts.ts'
import type { Env } from '../env.ts'

const TABLES = `
CREATE TABLE IF NOT EXISTS slots (call_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS slots_at ON slots (at);
CREATE TABLE IF NOT EXISTS numbers (number TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL, desk_id TEXT, cooldown_until INTEGER NOT NULL DEFAULT 0,
  in_flight INTEGER NOT NULL DEFAULT 0, in_flight_cap INTEGER NOT NULL DEFAULT 4, cooldown_ms INTEGER NOT NULL DEFAULT 0,
  last_used INTEGER NOT NULL DEFAULT 0, usage_count INTEGER NOT NULL DEFAULT 0, attempted INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS leases (ask_id TEXT PRIMARY KEY, answer TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS freed (call_id TEXT PRIMARY KEY) WITHOUT ROWID;
`
const SLOTS_KEPT_MS = 60_000

type Row = Record<string, SqlStorageValue>

export class TrunkActor extends DurableObject<Env> implements TrunkContract {
  readonly #sql: SqlStorage
  readonly #workspaceId: string

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#workspaceId = ctx.id.name ?? ''
    this.#sql = ctx.storage.sql
    this.#sql.exec(TABLES)
  }

  /** When this call may go out, ms since the epoch. The same call gets the same slot. */
  async slot(callId: string): Promise<number> {
    const perSecond = (await accountOf(this.env, this.#workspaceId))?.callsPerSecond ?? 1
    const [known] = this.#sql.exec('SELECT at FROM slots WHERE call_id = ?', callId).toArray()
    if (known) return Number(known.at)
    const now = Date.now()
    const taken = this.#sql.exec('SELECT at FROM slots ORDER BY at DESC LIMIT ?', perSecond).toArray()
    const at = takeSlot(taken.map(row => Number(row.at)).reverse(), now, perSecond)
    this.#sql.exec('DELETE FROM slots WHERE at < ?', now - SLOTS_KEPT_MS)
    this.#sql.exec('INSERT INTO slots (call_id, at) VALUES (?, ?)', callId, at)
    return at
  }

  /**
   * Up to `count` numbers for one round; fewer, or none with the time of the next one. "None" is kept as well: a slow
   * repeat of a question that has had its answer must not lease what nobody will free.
   */
  async leaseNumbers(askId: string, count: number): Promise<Choice> {
    const [known] = this.#sql.exec('SELECT answer FROM leases WHERE ask_id = ?', askId).toArray()
    if (known) return JSON.parse(String(known.answer)) as Choice
    const now = Date.now()
    const choice = chooseNumbers(this.#pool(), count, now)
    for (const number of choice.numbers) {
      this.#sql.exec(
        'UPDATE numbers SET in_flight = in_flight + 1, last_used = ?, usage_count = usage_count + 1, attempted = attempted + 1 WHERE number = ?',
        now,
        number,
      )
    }
    this.#sql.exec('INSERT INTO leases (ask_id, answer, at) VALUES (?, ?, ?)', askId, JSON.stringify(choice), now)
    return choice
  }

  /** A leg from this number is over; its cool-down starts. `callId` makes a repeat a no-op. */
  async freeNumber(number: string, callId: string, used: boolean): Promise<void> {
    if (this.#sql.exec('INSERT OR IGNORE INTO freed (call_id) VALUES (?)', `${callId}|${number}`).rowsWritten === 0)
      return
    const [row] = this.#sql.exec('SELECT cooldown_ms FROM numbers WHERE number = ?', number).toArray()
    const until = used ? cooledFrom(Date.now(), Number(row?.cooldown_ms ?? 0)) : 0
    this.#sql.exec(
      'UPDATE numbers SET in_flight = MAX(0, in_flight - 1), cooldown_until = MAX(cooldown_until, ?) WHERE number = ?',
      until,
      number,
    )
  }

  async saveNumber(entry: PoolNumber): Promise<void> {
    const { number, name, deskId, inFlightCap, cooldownMs } = entry
    this.#sql.exec(
      `INSERT INTO numbers (number, name, status, desk_id, in_flight_cap, cooldown_ms) VALUES (?, ?, 'active', ?, ?, ?)
       ON CONFLICT (number) DO UPDATE SET name = excluded.name, desk_id = excluded.desk_id, in_flight_cap = excluded.in_flight_cap, cooldown_ms = excluded.cooldown_ms`,
      number,
      name,
      deskId,
      inFlightCap,
      cooldownMs,
    )
  }

  async numbers(): Promise<Row[]> {
    return this.#sql.exec('SELECT * FROM numbers ORDER BY number').toArray()
  }

  /** The desk that answers this number; null: nobody's, undefined: not ours. */
  async ownerOf(number: string): Promise<string | null | undefined> {
    const [row] = this.#sql.exec('SELECT desk_id FROM numbers WHERE number = ?', number).toArray()
    return row ? (row.desk_id as string | null) : undefined
  }

  #pool(): CallerNumber[] {
    return this.#sql
      .exec('SELECT * FROM numbers')
      .toArray()
      .map(row => ({
        number: String(row.number),
        status: row.status as CallerNumber['status'],
        cooldownUntil: Number(row.cooldown_until),
        inFlight: Number(row.in_flight),
        inFlightCap: Number(row.in_flight_cap),
        lastUsedAt: Number(row.last_used),
        usageCount: Number(row.usage_count),
      }))
  }
}
