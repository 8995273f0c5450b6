/** Reads the workspace's events behind its cursor and charges what they use up. A page and its place are one transaction, so each event counts once. */
import { BILLED_TYPES, type BilledCall, type BilledEvent, type Line, read } from '../../core/billing/usage.ts'
import type { EventPage, LogEvent } from '../../wire/api.ts'
import type { Env } from '../env.ts'
import { logOf } from '../stubs.ts'
import type { CarrierPrices } from './carrier-prices.ts'
import type { Holds } from './holds.ts'
import type { Ledger } from './ledger.ts'
import type { Prices } from './prices.ts'
import { CALLS_KEPT_MS, SINCE_MS } from './tables.ts'

const PAGE = 200
/** So many pages at one go; then others have their turn. */
const PAGES_MAX = 50

interface Parts {
  ledger: Ledger
  prices: Prices
  holds: Holds
  carrier: CarrierPrices
}

export class UsageReader {
  readonly #storage: DurableObjectStorage
  readonly #sql: SqlStorage
  readonly #env: Env
  readonly #workspaceId: string
  readonly #parts: Parts

  constructor(storage: DurableObjectStorage, env: Env, workspaceId: string, parts: Parts) {
    this.#storage = storage
    this.#sql = storage.sql
    this.#env = env
    this.#workspaceId = workspaceId
    this.#parts = parts
  }

  /** True: there is more to read. */
  async run(): Promise<boolean> {
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const { cursor } = this.#place()
      const json = await logOf(this.#env, this.#workspaceId).events({ cursor, limit: PAGE, types: [...BILLED_TYPES] })
      // The month of this place is not kept any more: what was in it can be charged by nobody.
      const page = json === null ? null : (JSON.parse(json) as EventPage)
      this.#storage.transactionSync(() => this.#take(page, cursor))
      if (page !== null && !page.more) return false
    }
    return true
  }

  #place(): { since: number; cursor: string | null } {
    const [row] = this.#sql.exec('SELECT since, cursor FROM reader').toArray()
    if (row !== undefined) return { since: Number(row.since), cursor: row.cursor === null ? null : String(row.cursor) }
    const since = Date.now() - SINCE_MS
    this.#sql.exec('INSERT INTO reader (id, since, cursor) VALUES (1, ?, NULL)', since)
    return { since, cursor: null }
  }

  #take(page: EventPage | null, readFrom: string | null): void {
    const { since, cursor } = this.#place()
    if (cursor !== readFrom) return
    const [calls, before]: [Calls, Calls] = [new Map(), new Map()]
    for (const event of page?.items ?? []) if (event.at >= since) this.#charge(event, calls, before)
    for (const [callId, call] of calls)
      if (call !== before.get(callId)) this.#remember(callId, call, before.get(callId))
    this.#sql.exec('UPDATE reader SET cursor = ? WHERE id = 1', page?.next ?? null)
    this.#sql.exec('DELETE FROM calls WHERE at < ?', Date.now() - CALLS_KEPT_MS)
  }

  /** A call is read and written once for all of its events on a page. */
  #charge({ id, at, type, about, data, personal }: LogEvent, calls: Calls, before: Calls): void {
    // What is recorded of a conference is nobody's call.
    const callId = about.call ?? about.room
    if (callId == null) return
    if (!before.has(callId)) before.set(callId, this.#known(callId))
    const event: BilledEvent = { id, at, type, callId, data, personal }
    const known = calls.has(callId) ? (calls.get(callId) ?? null) : (before.get(callId) ?? null)
    const { call, lines, unanswered } = read(known, event)
    calls.set(callId, call)
    const { ledger, prices, holds, carrier } = this.#parts
    const charging = prices.settings().mode !== 'off'
    const closes = lines.some(one => one.closes)
    for (const line of charging ? lines : []) {
      charge(callId, line, ledger, prices)
      if (line.providerId !== undefined) carrier.note(callId, line.providerId, Date.now())
    }
    if (type === 'call-answered') holds.answered(callId, at)
    // Where nothing is charged any more, the last line of a call gives its hold back all the same.
    if (unanswered || (closes && !charging)) holds.release(callId, Date.now())
  }

  #known(callId: string): BilledCall | null {
    const [row] = this.#sql.exec('SELECT body FROM calls WHERE call_id = ?', callId).toArray()
    return row === undefined ? null : (JSON.parse(String(row.body)) as BilledCall)
  }

  /** Of a call that nobody answered nothing more comes. */
  #remember(callId: string, call: BilledCall | null, before: BilledCall | null | undefined): void {
    if (call === null) return
    const isDone = call.overMs !== null && call.answeredMs === null
    if (!isDone)
      this.#sql.exec(
        'INSERT OR REPLACE INTO calls (call_id, body, at) VALUES (?, ?, ?)',
        ...[callId, JSON.stringify(call), call.overMs ?? call.createdMs],
      )
    else if (before != null) this.#sql.exec('DELETE FROM calls WHERE call_id = ?', callId)
  }
}

type Calls = Map<string, BilledCall | null>

/** What costs nothing is no entry, but it still ends the hold of its call. */
function charge(callId: string, line: Line, ledger: Ledger, prices: Prices): void {
  const price = prices.priceOf(line)
  const { costType, direction, quantity, atMs, closes } = line
  if (price === null || price.micros === 0) {
    if (closes) ledger.give(`${line.id}:free`, { do: 'void' }, { type: 'release', atMs: Date.now(), callId }, callId)
    return
  }
  const { micros, units, rateId, rate } = price
  ledger.give(
    line.id,
    { do: 'charge', micros, costType, closes },
    {
      ...{ type: 'usage' as const, atMs: Date.now(), callId, costType, direction, quantity, units, rateId },
      ...{ rateMicros: rate.rateMicros, beganMs: atMs },
      ...(costType === 'characters' ? {} : { endedMs: atMs + quantity * 1_000 }),
    },
    callId,
  )
}
