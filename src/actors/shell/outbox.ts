/**
 * Deliveries to the world: debts (effects of class `outbox`) and feeds (other actors that read our facts by cursor).
 * Only one drain runs at a time. A failed debt is put off before the alarm is set. An outcome comes back as an input, committed
 * in one transaction with the deletion of its debt (measured: without single flight 3 debts were paid 7 times).
 */
import {
  type AnyEffect,
  earliest,
  type GivenUpInput,
  type OnceOf,
  type OutboxEffect,
  type Timed,
} from '../../core/machine.ts'
import type { Alarm } from './alarm.ts'
import type { Journal, StoredFact } from './journal.ts'
import type { Debt, Reader } from './outbox-store.ts'
import type { Platform } from './platform.ts'
import { backoffMs, POLICIES } from './policies.ts'

export const LANES_AT_ONCE = 6
export const FEED_PAGE = 200
/** A page is waited for in memory so long at most; the alarm is only the guard of such a wait, and comes this much after it. */
export const WAIT_MS_MAX = 2_000
export const PAGE_GUARD_MS = 19_000
/** Most debts that one round of the drain takes. */
const DEBTS_PER_LOOK = 64

/** A performer throws this when nothing was done and the debt is to be tried again. `afterMs` overrides the backoff. */
export class Retry extends Error {
  readonly afterMs: number | null
  constructor(message: string, afterMs: number | null = null) {
    super(message)
    this.afterMs = afterMs
  }
}

export type Performer<Input, Effect> = AnyPerformer<Input, Effect> & OncePerformer<Input, Effect>
interface AnyPerformer<Input, Effect> {
  /**
   * Performs the effect; the inputs it returns are committed when the debt is settled. It throws `Retry` when nothing was
   * done. Any other error of a `once` effect counts as an outcome that was not seen.
   */
  perform(effect: Effect & OutboxEffect, key: string): Promise<Input[]>
  /** May this effect travel in one call with others of its lane? If so, `performAll` is called with two or more. */
  batchable?(effect: Effect & OutboxEffect): boolean
  performAll?(effects: { effect: Effect & OutboxEffect; key: string }[]): Promise<void>
}
/** The type requires this as soon as one effect of the machine is `once`. */
type OncePerformer<Input, Effect> = [OnceOf<Effect>] extends [never]
  ? { outcomeUnknown?: undefined }
  : {
      /** The inputs for an effect that was begun and whose end was not seen; it is never performed again. */
      outcomeUnknown(effect: OnceOf<Effect>): Input[]
    }
export interface Feed<Fact> {
  name: string
  /** how long a fact waits for later ones to travel with; with 0 they travel beside the debts, else after them */
  delayMs: number
  /** True: these facts, which are not delivered yet, do not wait. Absent: they always do. */
  hurries?(waiting: () => StoredFact<Fact>[]): boolean
  deliver(facts: StoredFact<Fact>[]): Promise<void>
}

export class Outbox<State, Input extends Timed, Fact extends Timed, Effect extends AnyEffect> {
  readonly #platform: Platform
  readonly #journal: Journal<State, Input, Fact, Effect>
  readonly #alarm: Alarm
  readonly #performer: Performer<Input, Effect>
  readonly #feedOf: (name: string) => Feed<Fact> | null
  readonly #lingerMs: number
  #draining: Promise<void> = Promise.resolve()
  #running = false
  #again = false
  /** a timer waits for the first page of a feed with a delay */
  #waiting = false

  constructor(
    platform: Platform,
    journal: Journal<State, Input, Fact, Effect>,
    alarm: Alarm,
    performer: Performer<Input, Effect>,
    feedOf: (name: string) => Feed<Fact> | null = () => null,
    lingerMs = 0,
  ) {
    this.#platform = platform
    this.#journal = journal
    this.#alarm = alarm
    this.#performer = performer
    this.#feedOf = feedOf
    this.#lingerMs = lingerMs
  }

  /** From now on `name` reads our facts after `cursor`. Idempotent. */
  addFeed(name: string, cursor = 0): void {
    this.#journal.owed.addFeed(name, cursor)
  }

  /** Starts a drain, or tells the running one to look once more. A reply never awaits it. */
  drain(): Promise<void> {
    this.#again = true
    // The loop may settle a debt, and so come here again, before its first `await`: the promise is not there yet.
    if (this.#running) return this.#draining
    this.#running = true
    this.#draining = this.#loop().finally(() => {
      this.#running = false
      // Without this, a commit that landed after the last look would wait for the alarm.
      if (this.#again) void this.drain()
    })
    return this.#draining
  }

  /** When the alarm has something to do. */
  nextDue(): number | null {
    const { owed, seq } = this.#journal
    const guardMs = this.#waiting ? PAGE_GUARD_MS : 0
    const pages = owed.feedsBehind(seq).map(reader => this.#dueOf(reader) + (this.#isFresh(reader) ? guardMs : 0))
    return earliest([owed.nextDebt(), ...pages])
  }

  hasUrgentFeed(): boolean {
    for (const { name } of this.#journal.owed.feeds()) if (this.#feedOf(name)?.delayMs === 0) return true
    return false
  }

  #delayOf(name: string, cursor: number): number {
    const feed = this.#feedOf(name)
    if (!feed || feed.delayMs === 0) return 0
    return feed.hurries?.(() => this.#journal.factsAfter(cursor, FEED_PAGE)) === true ? 0 : feed.delayMs
  }

  /** A page that waits for later facts, and that no failure has put off. */
  #isFresh({ name, cursor, attempts }: Reader): boolean {
    return attempts === 0 && this.#delayOf(name, cursor) > 0
  }

  /**
   * A short delay of a feed is waited for in memory, and costs no alarm: to set one is as dear as a commit (measured: 60 to 90 µs of
   * 600), and to be woken by it twice that.
   */
  #waitForPages(): void {
    if (this.#waiting) return
    const { owed, seq } = this.#journal
    const fresh = owed.feedsBehind(seq).filter(reader => this.#isFresh(reader))
    const due = earliest(fresh.map(reader => this.#dueOf(reader)))
    const waitMs = due === null ? 0 : due - this.#platform.now()
    if (waitMs <= 0 || waitMs > WAIT_MS_MAX) return
    this.#waiting = true
    const over = this.#platform.sleep(waitMs).then(() => {
      this.#waiting = false
      return this.drain()
    })
    this.#platform.keepAlive(over)
  }

  /** A feed is due when its first unread fact has waited, and not before the time to which a failure has put it off. */
  #dueOf(reader: Reader): number {
    const delayMs = this.#delayOf(reader.name, reader.cursor)
    if (delayMs === 0) return reader.due
    const [first] = this.#journal.factsAfter(reader.cursor, 1)
    return Math.max(reader.due, (first?.fact.at ?? 0) + delayMs)
  }

  async #loop(): Promise<void> {
    if (this.#lingerMs > 0) await this.#platform.sleep(this.#lingerMs)
    while (this.#again) {
      this.#again = false
      const now = this.#platform.now()
      const due = this.#journal.owed.dueDebts(now, DEBTS_PER_LOOK)
      const behind = this.#journal.owed.feedsBehind(this.#journal.seq)
      const ready = behind.filter(reader => this.#dueOf(reader) <= now)
      const urgent = ready.filter(reader => this.#delayOf(reader.name, reader.cursor) === 0)
      // Feeds with a delay wait until no debt is due, so that facts which come of the debts travel in the same call.
      const feeds = due.length === 0 && urgent.length === 0 ? ready : urgent
      if (due.length === 0 && feeds.length === 0) break
      const lanes = [...groupBy(due, debt => debt.lane).values()]
      const jobs = [...lanes.map(lane => () => this.#payLane(lane)), ...feeds.map(feed => () => this.#deliver(feed))]
      await inParallel(jobs, LANES_AT_ONCE)
      this.#again = true
    }
    this.#waitForPages()
    const next = this.nextDue()
    const { machine, state } = this.#journal
    const wanted = earliest([next, machine.deadline(state)])
    if (wanted !== null) this.#alarm.arm(wanted)
    // The page that is waited for is gone in a moment, and one change of the alarm after it is enough.
    if (!this.#waiting) this.#alarm.relax(wanted)
  }

  /** In order within a lane: after a failure the rest of the lane waits for it. */
  async #payLane(debts: Debt<Effect>[]): Promise<void> {
    for (let index = 0; index < debts.length; ) {
      const group = this.#group(debts, index)
      if (!(await (group.length > 1 ? this.#payAll(group) : this.#pay(debts[index] as Debt<Effect>)))) return
      index += group.length
    }
  }

  #group(debts: Debt<Effect>[], from: number): Debt<Effect>[] {
    const { batchable } = this.#performer
    const alone = debts.slice(from).findIndex(debt => debt.effect.delivery === 'once' || !batchable?.(debt.effect))
    return debts.slice(from, from + Math.max(1, alone < 0 ? debts.length - from : alone))
  }

  async #payAll(debts: Debt<Effect>[]): Promise<boolean> {
    try {
      await this.#performer.performAll?.(debts)
      this.#journal.settle(debts, [])
      return true
    } catch (error) {
      for (const debt of debts) this.#putOff(debt, error)
      return false
    }
  }

  async #pay(debt: Debt<Effect>): Promise<boolean> {
    const once = debt.effect.delivery === 'once'
    if (once && debt.started) return this.#settle(debt, this.#outcomeUnknown(debt))
    // Marked before it is sent: after a crash from here on, its outcome counts as not seen.
    if (once) this.#journal.owed.start(debt)
    try {
      return this.#settle(debt, await this.#performer.perform(debt.effect, debt.key))
    } catch (error) {
      if (once && !(error instanceof Retry)) return this.#settle(debt, this.#outcomeUnknown(debt))
      this.#putOff(debt, error)
      return false
    }
  }

  #outcomeUnknown(debt: Debt<Effect>): Input[] {
    const { outcomeUnknown } = this.#performer as { outcomeUnknown?: (effect: unknown) => Input[] }
    return outcomeUnknown?.(debt.effect) ?? []
  }

  #settle(debt: Debt<Effect>, inputs: Input[]): boolean {
    this.#journal.settle([debt], inputs)
    return true
  }

  /** Puts a debt off by its policy, or gives it up and tells the machine. */
  #putOff(debt: Debt<Effect>, error: unknown): void {
    const now = this.#platform.now()
    const { policy, type } = debt.effect
    if (now - debt.since >= POLICIES[policy].giveUpAfterMs) {
      const dead: GivenUpInput = { type: 'delivery.given-up', at: now, effect: type, attempts: debt.attempts + 1 }
      console.error(JSON.stringify({ message: 'a delivery was given up', actor: this.#journal.machine.name, type }))
      return void this.#settle(debt, [dead as Input & GivenUpInput])
    }
    const after = error instanceof Retry ? error.afterMs : null
    this.#journal.owed.putOff(
      debt,
      now + (after ?? backoffMs(policy, debt.attempts + 1, this.#platform.random())),
      false,
    )
  }

  async #deliver(reader: Reader): Promise<void> {
    const { owed } = this.#journal
    const feed = this.#feedOf(reader.name)
    const facts = this.#journal.factsAfter(reader.cursor, FEED_PAGE)
    const last = facts.at(-1)
    if (!feed || !last) return owed.dropFeed(reader.name)
    try {
      await feed.deliver(facts)
      owed.moveFeed({ ...reader, cursor: last.seq, attempts: 0, due: 0 })
    } catch {
      const attempts = reader.attempts + 1
      const wait = backoffMs('neighbour', attempts, this.#platform.random())
      owed.moveFeed({ ...reader, attempts, due: this.#platform.now() + wait })
    }
  }
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
