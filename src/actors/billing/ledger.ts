/** The ledger in SQL: reads what is on record about an order, has the rules decide, and writes it down. Callers bring the transaction. */
import {
  type Decision,
  decide,
  type Hold,
  type Leg,
  type Limits,
  type Order,
  type Refusal,
} from '../../core/billing/ledger.ts'
import type { LedgerFact } from '../../core/events/notices.ts'
import type { Notices } from '../shell/notices.ts'
import type { Audit, BillingSettings, Correction, DaySum, Entry, EntryQuery, EntryType } from './contract.ts'

const DAY_MS = 24 * 3_600_000

/** How an order stands in the list. */
export interface Noted {
  type: Entry['type']
  atMs: number
  callId?: string
  costType?: string
  direction?: string
  quantity?: number
  units?: number
  rateId?: string
  rateMicros?: number
  beganMs?: number
  endedMs?: number
  by?: string
  reason?: string
}

const PUT = `INSERT INTO transfers (id, type, at, call_id, cost_type, direction, quantity, units, rate_id, rate_micros, amount, uncovered, balance, began,
  ended, by_whom, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING n`
const MOVE = `INSERT INTO balances (account, micros) VALUES (?, ?)
  ON CONFLICT (account) DO UPDATE SET micros = micros + excluded.micros`
const COUNT = `INSERT INTO days (day, cost_type, micros, count, quantity) VALUES (?, ?, ?, 1, ?)
  ON CONFLICT (day, cost_type) DO UPDATE SET micros = micros + excluded.micros, count = count + 1, quantity = quantity + excluded.quantity`

export class Ledger {
  readonly #sql: SqlStorage
  readonly #settings: () => BillingSettings

  constructor(sql: SqlStorage, settings: () => BillingSettings) {
    this.#sql = sql
    this.#settings = settings
  }

  /** @param holdOf the call whose hold the order is about; null: none */
  give(id: string, order: Order, noted: Noted, holdOf: string | null = null): Decision {
    const credit = this.balance('credit')
    const hold = holdOf === null ? null : this.#hold(holdOf)
    const done = this.#sql.exec('SELECT 1 FROM transfers WHERE id = ?', id).toArray().length > 0
    const known = { done, credit, hold, spentToday: this.spentOn(dayOf(noted.atMs)) }
    const decision = decide(known, order, limitsOf(this.#settings()))
    if (decision.do === 'write') this.#write(id, order, noted, holdOf, decision)
    return decision
  }

  /** Money that a person gives or takes: booked and told once. */
  correct({ id, type, micros, reason, by }: Correction, atMs: number, notices: Notices<LedgerFact>): Decision {
    const order = type === 'top_up' ? { do: 'top-up' as const, micros } : { do: 'adjust' as const, micros }
    const decision = this.give(`request:${id}`, order, { type, atMs, by, reason })
    if (decision.do === 'write')
      notices.note({
        ...{ type: 'ledger-corrected', at: atMs, because: type },
        ...{ amountMicros: micros, balanceMicros: this.balance('credit') },
      })
    return decision
  }

  balance(account: string): number {
    const [row] = this.#sql.exec('SELECT micros FROM balances WHERE account = ?', account).toArray()
    return Number(row?.micros ?? 0)
  }

  /** Charged on that day, and held now. */
  spentOn(day: number): number {
    const [row] = this.#sql
      .exec("SELECT SUM(micros) AS micros FROM days WHERE day = ? AND cost_type <> 'carrier'", day)
      .toArray()
    return Number(row?.micros ?? 0) + this.balance('held')
  }

  entries({ before, limit, type, callId }: EntryQuery): Entry[] {
    return this.#sql
      .exec(
        `SELECT * FROM transfers WHERE type NOT IN ('hold', 'extension', 'release') AND n < ?1 AND (?2 IS NULL OR type = ?2)
         AND (?3 IS NULL OR call_id = ?3) ORDER BY n DESC LIMIT ?4`,
        before ?? Number.MAX_SAFE_INTEGER,
        type,
        callId,
        limit,
      )
      .toArray()
      .map(entryOf)
  }

  days(from: number): DaySum[] {
    return this.#sql
      .exec('SELECT * FROM days WHERE day >= ? ORDER BY day, cost_type', from)
      .toArray()
      .map(row => ({
        ...{ day: Number(row.day), costType: String(row.cost_type), micros: Number(row.micros) },
        ...{ count: Number(row.count), quantity: Number(row.quantity) },
      }))
  }

  audit(): Audit {
    const differing = this.#sql
      .exec(
        `SELECT account FROM (SELECT account, SUM(micros) AS micros FROM legs GROUP BY account) AS summed
         LEFT JOIN balances USING (account) WHERE COALESCE(balances.micros, 0) <> summed.micros
         UNION SELECT account FROM balances WHERE micros <> 0 AND account NOT IN (SELECT account FROM legs)`,
      )
      .toArray()
    const sum = this.#sql.exec('SELECT COALESCE(SUM(micros), 0) AS micros FROM legs').one()
    const count = this.#sql.exec('SELECT COUNT(*) AS count FROM transfers').one()
    return {
      entries: Number(count.count),
      sum: Number(sum.micros),
      differing: differing.map(row => String(row.account)),
    }
  }

  #hold(callId: string): Hold | null {
    const [row] = this.#sql.exec('SELECT micros, taken, over FROM holds WHERE call_id = ?', callId).toArray()
    return row === undefined ? null : { micros: Number(row.micros), taken: Number(row.taken), over: row.over === 1 }
  }

  #write(
    id: string,
    order: Order,
    noted: Noted,
    holdOf: string | null,
    { legs, hold, uncovered }: Extract<Decision, { do: 'write' }>,
  ): void {
    for (const { account, micros } of legs) this.#sql.exec(MOVE, account, micros)
    const amount = sumOf(legs, ['credit', 'held'])
    const values = [
      ...[id, noted.type, noted.atMs, noted.callId ?? null, noted.costType ?? null, noted.direction ?? null],
      ...[noted.quantity ?? null, noted.units ?? null, noted.rateId ?? null, noted.rateMicros ?? null],
      ...[order.do === 'carrier-cost' ? -order.micros : amount, uncovered],
      ...[this.balance('credit') + this.balance('held'), noted.beganMs ?? null, noted.endedMs ?? null],
      ...[noted.by ?? '', noted.reason ?? ''],
    ]
    const { n } = this.#sql.exec(PUT, ...values).one()
    for (const { account, micros } of legs)
      this.#sql.exec('INSERT INTO legs (n, account, micros) VALUES (?, ?, ?)', n ?? null, account, micros)
    if (hold !== null && holdOf !== null)
      this.#sql.exec(
        'UPDATE holds SET micros = ?1, taken = ?4, over = ?2, due = CASE WHEN ?2 THEN NULL ELSE due END WHERE call_id = ?3',
        ...[hold.micros, hold.over ? 1 : 0, holdOf, hold.taken],
      )
    if (order.do === 'charge' || order.do === 'carrier-cost')
      this.#sql.exec(
        COUNT,
        ...[dayOf(noted.beganMs ?? noted.atMs), order.do === 'charge' ? order.costType : 'carrier'],
        ...[order.micros, noted.quantity ?? 0],
      )
  }
}

export function limitsOf({ mode, creditLimitMicros, perDayMicros, perCallMicros }: BillingSettings): Limits {
  if (mode !== 'limited') return { floor: null, perDay: null, perCall: null }
  return { floor: creditLimitMicros === 0 ? 0 : -creditLimitMicros, perDay: perDayMicros, perCall: perCallMicros }
}

export function dayOf(atMs: number): number {
  return Math.floor(atMs / DAY_MS)
}

/** Why it was not written; null: it was, now or before. */
export function refusalOf(decision: Decision): Refusal | null {
  return decision.do === 'refuse' ? decision.because : null
}

function sumOf(legs: readonly Leg[], accounts: readonly string[]): number {
  return legs.reduce((sum, { account, micros }) => sum + (accounts.includes(account) ? micros : 0), 0)
}

function entryOf(row: Record<string, SqlStorageValue>): Entry {
  const text = (value: SqlStorageValue | undefined) => (value == null ? null : String(value))
  const number = (value: SqlStorageValue | undefined) => (value == null ? null : Number(value))
  return {
    n: Number(row.n),
    id: String(row.id),
    type: row.type as EntryType,
    atMs: Number(row.at),
    callId: text(row.call_id),
    costType: text(row.cost_type),
    direction: text(row.direction),
    quantity: number(row.quantity),
    units: number(row.units),
    rateId: text(row.rate_id),
    rateMicros: number(row.rate_micros),
    amountMicros: Number(row.amount),
    uncoveredMicros: Number(row.uncovered),
    balanceMicros: Number(row.balance),
    beganMs: number(row.began),
    endedMs: number(row.ended),
    by: String(row.by_whom),
    reason: String(row.reason),
  }
}
