/**
 * What is owed to the world: debts (effects of class `outbox`) and feeds (other actors that read our facts by cursor).
 * One drain at a time; a failed debt is put off before the alarm is set; an outcome comes back as an input in the same
 * transaction that strikes the debt (design §2, measured: without single flight 3 debts were paid 7 times).
 */
import { earliest, type OutboxEffect, type Timed } from '../../core/machine.ts'
import type { Alarm } from './alarm.ts'
import type { Ledger, StoredFact } from './ledger.ts'

export const BACKOFF_FIRST_MS = 250
export const BACKOFF_MAX_MS = 30_000
export const LANES_AT_ONCE = 6
export const FEED_PAGE = 200

/** Thrown by a performer: try again later. `notBeforeMs` overrides the backoff. */
export class Retry extends Error {
  readonly afterMs: number | null
  constructor(message: string, afterMs: number | null = null) {
    super(message)
    this.afterMs = afterMs
  }
}

export interface Performer<Input, Effect> {
  /** Does it; the inputs it returns are committed with the struck debt. Throws `Retry` (or anything) to be called again. */
  perform(effect: Effect & OutboxEffect, key: string): Promise<Input[]>
  /** May this effect and those of its lane behind it go in one call? Then `performAll` is called with two or more. */
  together?(effect: Effect & OutboxEffect): boolean
  performAll?(effects: { effect: Effect & OutboxEffect; key: string }[]): Promise<void>
  /** Effects that must not be sent twice: null if it may be repeated, else what to believe when we did not see the end. */
  unseen?(effect: Effect & OutboxEffect): Input[] | null
}
export interface Feed<Fact> {
  name: string
  /** how long facts may wait to travel together; with 0 they travel beside the debts, else after them */
  delayMs: number
  deliver(facts: StoredFact<Fact>[]): Promise<void>
}

interface Row {
  id: number
  key: string
  type: string
  lane: string
  body: string
  due: number
  attempts: number
  started: number
  [column: string]: SqlStorageValue
}

export class Outbox<
  State,
  Input extends Timed,
  Fact extends Timed,
  Effect extends { class: 'now' | 'outbox'; type: string },
> {
  readonly #ledger: Ledger<State, Input, Fact, Effect>
  readonly #alarm: Alarm
  readonly #performer: Performer<Input, Effect>
  readonly #feedOf: (name: string) => Feed<Fact> | null
  readonly #lingerMs: number
  #draining: Promise<void> | null = null
  #again = false

  constructor(
    ledger: Ledger<State, Input, Fact, Effect>,
    alarm: Alarm,
    performer: Performer<Input, Effect>,
    feedOf: (name: string) => Feed<Fact> | null = () => null,
    lingerMs = 0,
  ) {
    this.#ledger = ledger
    this.#alarm = alarm
    this.#performer = performer
    this.#feedOf = feedOf
    this.#lingerMs = lingerMs
  }

  /** From now on `name` reads our facts after `cursor`. Idempotent. */
  addFeed(name: string, cursor = 0): void {
    this.#ledger.sql.exec('INSERT OR IGNORE INTO feeds (name, cursor, due) VALUES (?, ?, 0)', name, cursor)
  }

  /** Starts, or tells the running drain to look once more. Never awaited by a reply. */
  drain(): Promise<void> {
    this.#again = true
    this.#draining ??= this.#loop().finally(() => {
      this.#draining = null
      // A commit that landed after the last look would otherwise wait for the alarm.
      if (this.#again) void this.drain()
    })
    return this.#draining
  }

  nextDue(): number | null {
    const { sql } = this.#ledger
    const [debt] = sql.exec<{ due: number | null }>('SELECT MIN(due) AS due FROM outbox').toArray()
    const [feed] = sql
      .exec<{ due: number | null }>('SELECT MIN(due) AS due FROM feeds WHERE cursor < ?', this.#ledger.seq)
      .toArray()
    return earliest([debt?.due ?? null, feed?.due ?? null])
  }

  async #loop(): Promise<void> {
    if (this.#lingerMs > 0) await new Promise(resolve => setTimeout(resolve, this.#lingerMs))
    while (this.#again) {
      this.#again = false
      const due = this.#due()
      const ready = this.#dueFeeds()
      const urgent = ready.filter(row => this.#feedOf(row.name)?.delayMs === 0)
      // History waits for the debts at hand: what they bring about travels in the same call.
      const feeds = due.length === 0 && urgent.length === 0 ? ready : urgent
      if (due.length === 0 && feeds.length === 0) break
      const lanes = [...groupBy(due, row => row.lane).values()]
      const jobs = [...lanes.map(lane => () => this.#payLane(lane)), ...feeds.map(feed => () => this.#deliver(feed))]
      await inParallel(jobs, LANES_AT_ONCE)
      this.#again = true
    }
    const next = this.nextDue()
    const { machine, state } = this.#ledger
    const wanted = earliest([next, machine.deadline(state)])
    if (wanted !== null) this.#alarm.arm(wanted)
    this.#alarm.relax(wanted)
  }

  #due(): Row[] {
    return this.#ledger.sql.exec<Row>('SELECT * FROM outbox WHERE due <= ? ORDER BY id LIMIT 64', Date.now()).toArray()
  }

  /** In order within a lane: after a failure the rest of the lane waits for it. */
  async #payLane(rows: Row[]): Promise<void> {
    for (let index = 0; index < rows.length; ) {
      const group = this.#group(rows, index)
      if (!(await (group.length > 1 ? this.#payAll(group) : this.#pay(rows[index] as Row)))) return
      index += group.length
    }
  }

  #group(rows: Row[], from: number): Row[] {
    const { together } = this.#performer
    const alone = rows.slice(from).findIndex(row => !together?.(this.#effectOf(row)))
    return rows.slice(from, from + Math.max(1, alone < 0 ? rows.length - from : alone))
  }

  async #payAll(rows: Row[]): Promise<boolean> {
    try {
      await this.#performer.performAll?.(rows.map(row => ({ effect: this.#effectOf(row), key: row.key })))
      for (const row of rows) this.#settle(row, [])
      return true
    } catch (error) {
      for (const row of rows) this.#putOff(row, error, false)
      return false
    }
  }

  #effectOf(row: Row): Effect & OutboxEffect {
    return { class: 'outbox', type: row.type, ...JSON.parse(row.body) } as Effect & OutboxEffect
  }

  async #pay(row: Row): Promise<boolean> {
    const effect = this.#effectOf(row)
    const unseen = this.#performer.unseen?.(effect) ?? null
    if (unseen && row.started === 1) return this.#settle(row, unseen)
    // Written before it is sent: a crash from here on is an outcome that we have not seen.
    if (unseen) this.#ledger.sql.exec('UPDATE outbox SET started = 1 WHERE id = ?', row.id)
    try {
      return this.#settle(row, await this.#performer.perform(effect, row.key))
    } catch (error) {
      this.#putOff(row, error, unseen !== null)
      return false
    }
  }

  #settle(row: Row, inputs: Input[]): boolean {
    this.#ledger.sql.exec('DELETE FROM outbox WHERE id = ?', row.id)
    for (const input of inputs) this.#ledger.commit(input)
    return true
  }

  #putOff(row: Row, error: unknown, once: boolean): void {
    const attempts = row.attempts + 1
    const after = error instanceof Retry ? error.afterMs : null
    const due = Date.now() + (after ?? backoffMs(attempts))
    const started = once ? 0 : row.started
    this.#ledger.sql.exec(
      'UPDATE outbox SET attempts = ?, due = ?, started = ? WHERE id = ?',
      attempts,
      due,
      started,
      row.id,
    )
    this.#ledger.sql.exec('UPDATE outbox SET due = ? WHERE lane = ? AND due < ?', due, row.lane, due)
  }

  #dueFeeds(): { name: string; cursor: number; attempts: number }[] {
    return this.#ledger.sql
      .exec<{ name: string; cursor: number; attempts: number }>(
        'SELECT name, cursor, attempts FROM feeds WHERE cursor < ? AND due <= ?',
        this.#ledger.seq,
        Date.now(),
      )
      .toArray()
  }

  async #deliver(row: { name: string; cursor: number; attempts: number }): Promise<void> {
    const { sql } = this.#ledger
    const feed = this.#feedOf(row.name)
    const facts = this.#ledger.factsAfter(row.cursor, FEED_PAGE)
    const last = facts.at(-1)
    if (!feed || !last) return void sql.exec('DELETE FROM feeds WHERE name = ?', row.name)
    try {
      await feed.deliver(facts)
      sql.exec(
        'UPDATE feeds SET cursor = ?, attempts = 0, due = ? WHERE name = ?',
        last.seq,
        Date.now() + feed.delayMs,
        row.name,
      )
    } catch {
      const attempts = row.attempts + 1
      sql.exec(
        'UPDATE feeds SET attempts = ?, due = ? WHERE name = ?',
        attempts,
        Date.now() + backoffMs(attempts),
        row.name,
      )
    }
  }
}

/** Full jitter: a carrier that comes back is not met by everyone at once. */
export function backoffMs(attempts: number): number {
  const most = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempts, 12))
  return Math.ceil(most / 2 + Math.random() * (most / 2))
}

function groupBy<T>(items: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

async function inParallel(jobs: (() => Promise<unknown>)[], atOnce: number): Promise<void> {
  const queue = [...jobs]
  const worker = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) await job()
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, jobs.length) }, worker))
}
