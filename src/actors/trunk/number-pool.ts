/** The numbers of a workspace that calls are made from: leases, cool-down, and the desk whose phone each one rings. */
import { type CallerNumber, type Choice, chooseNumbers, cooledFrom } from '../../core/caller-id/caller-id.ts'
import type { PoolNumber } from './contract.ts'

type Row = Record<string, SqlStorageValue>

export class NumberPool {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /**
   * Leases up to `count` numbers for one round; with none ready, it says when the next one is. "None" is stored as well:
   * a slow repeat of a question that was answered must not lease numbers that nobody would free. A preferred number that is
   * ours and ready comes first.
   */
  lease(askId: string, count: number, preferred: string | null = null): Choice {
    const [known] = this.#sql.exec('SELECT answer FROM leases WHERE ask_id = ?', askId).toArray()
    if (known) return JSON.parse(String(known.answer)) as Choice
    const now = Date.now()
    const pool = this.#pool()
    const wanted = chooseNumbers(
      pool.filter(one => one.number === preferred),
      count,
      now,
    )
    const choice = wanted.numbers.length > 0 ? wanted : chooseNumbers(pool, count, now)
    for (const number of choice.numbers) {
      this.#sql.exec(
        'UPDATE numbers SET in_flight = in_flight + 1, last_used = ?, usage_count = usage_count + 1 WHERE number = ?',
        now,
        number,
      )
    }
    this.#sql.exec('INSERT INTO leases (ask_id, answer, at) VALUES (?, ?, ?)', askId, JSON.stringify(choice), now)
    return choice
  }

  /** A leg from this number is over, so the number's cool-down starts. `leg` makes a repeat a no-op. */
  free(number: string, leg: string, used: boolean, rejected = false): void {
    if (!this.#first(`${leg}|${number}`)) return
    const [row] = this.#sql.exec('SELECT cooldown_ms FROM numbers WHERE number = ?', number).toArray()
    const until = used ? cooledFrom(Date.now(), Number(row?.cooldown_ms ?? 0)) : 0
    this.#sql.exec(
      'UPDATE numbers SET in_flight = MAX(0, in_flight - 1), cooldown_until = MAX(cooldown_until, ?), rejected = rejected + ? WHERE number = ?',
      until,
      rejected ? 1 : 0,
      number,
    )
  }

  /** The carrier took a call from this number. A leg that was never placed is no attempt. */
  placed(number: string, leg: string): void {
    if (this.#first(`placed|${leg}`))
      this.#sql.exec('UPDATE numbers SET attempted = attempted + 1 WHERE number = ?', number)
  }

  /** False: this was told before. */
  #first(key: string): boolean {
    return this.#sql.exec('INSERT OR IGNORE INTO freed (call_id, at) VALUES (?, ?)', key, Date.now()).rowsWritten > 0
  }

  save(entry: PoolNumber): void {
    const { number, name, deskId, inFlightCap, cooldownMs } = entry
    this.#sql.exec(
      `INSERT INTO numbers (number, name, status, desk_id, in_flight_cap, cooldown_ms) VALUES (?, ?, 'active', ?, ?, ?)
       ON CONFLICT (number) DO UPDATE SET name = excluded.name, desk_id = excluded.desk_id,
       unanswered_queue = CASE WHEN excluded.desk_id IS NULL THEN NULL ELSE unanswered_queue END, in_flight_cap = excluded.in_flight_cap, cooldown_ms = excluded.cooldown_ms, status = 'active', refused_code = NULL`,
      number,
      name,
      deskId,
      inFlightCap,
      cooldownMs,
    )
  }

  /** The carrier does not take calls from it: nothing is dialled from it until somebody saves it again. */
  setAside(number: string, code: number): void {
    this.#sql.exec(
      "UPDATE numbers SET status = 'refused', refused_code = ?, rejected = rejected + 1 WHERE number = ?",
      code,
      number,
    )
  }

  /** The desk that this number rings from now on, and the queue for callers whom it does not take; null: none. */
  ring(number: string, deskId: string | null, unanswered: string | null): void {
    this.#sql.exec(
      'UPDATE numbers SET desk_id = ?, unanswered_queue = ? WHERE number = ?',
      deskId,
      deskId === null ? null : unanswered,
      number,
    )
  }

  /** Nobody sits at this desk any more, so no number rings it. */
  forgetDesk(deskId: string): void {
    this.#sql.exec('UPDATE numbers SET desk_id = NULL, unanswered_queue = NULL WHERE desk_id = ?', deskId)
  }

  /** Nobody can wait in this queue any more, so callers who are not answered are asked for a message. */
  forgetQueue(queueId: string): void {
    this.#sql.exec('UPDATE numbers SET unanswered_queue = NULL WHERE unanswered_queue = ?', queueId)
  }

  /** False: there is no such number. */
  remove(number: string): boolean {
    return this.#sql.exec('DELETE FROM numbers WHERE number = ?', number).rowsWritten > 0
  }

  all(): Row[] {
    return this.#sql.exec('SELECT * FROM numbers ORDER BY number').toArray()
  }

  /** The desk that this number rings, and the queue for callers whom it does not take; null when it rings none. */
  deskOf(number: string): { deskId: string; unanswered: string | null } | null {
    const [row] = this.#sql.exec('SELECT desk_id, unanswered_queue FROM numbers WHERE number = ?', number).toArray()
    if (row === undefined || row.desk_id === null) return null
    return { deskId: String(row.desk_id), unanswered: row.unanswered_queue as string | null }
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
