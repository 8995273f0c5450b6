/**
 * The real shell's contract (`src/actors/shell`) in memory and in virtual time: one input is one atomic commit of state,
 * facts, debts and cursors; debts are paid in order per lane, put off with backoff, at most once where `unseen` says so;
 * feeds go by cursor; one alarm. A crash loses the memory and whatever was in flight, and keeps the disk.
 * Immutable state is shared between "disk" and memory; nothing here mutates it.
 */

import { LOG_DELAY_MS } from '../../src/actors/feeds.ts'
import { DRAIN_GRACE_MS, PAGE_GRACE_MS } from '../../src/actors/shell/journal.ts'
import { FEED_PAGE, LANES_AT_ONCE } from '../../src/actors/shell/outbox.ts'
import { backoffMs } from '../../src/actors/shell/policies.ts'
import { STALE_ALARM_MS } from '../../src/actors/shell/shell.ts'
import { type AnyEffect, earliest, type PolicyName, step, type Timed } from '../../src/core/machine.ts'
import { Alarm } from './alarm.ts'
import { isFresh, PageWait } from './page-wait.ts'
import { type Debt, type FactPage, type Fate, type Feed, laneIn, type Paid, type Part } from './part.ts'
import { isAsking, isQuestion } from './rest.ts'
import type { World } from './world.ts'

/** Shared by the looks that find nothing due, which are most, so that they make no list. */
const NOTHING: never[] = []

export class Actor<State, Input extends Timed, Fact extends Timed, Effect extends AnyEffect> {
  readonly id: string
  readonly tenant: string
  readonly world: World
  readonly #part: Part<State, Input, Fact, Effect>
  // The disk.
  state: State
  readonly facts: Fact[] = []
  debts: Debt<Effect>[] = []
  readonly feeds: Feed<Fact>[] = []
  readonly #seen = new Set<string>()
  /** made when the first facts of another actor come, because most actors get none */
  #heard: Map<string, number> | null = null
  readonly #alarm: Alarm
  readonly #pages: PageWait
  // The memory.
  #epoch = 0
  #awake = true
  #draining = false
  #again = false
  /** lanes and feeds that wait for their turn, the next one last */
  #jobs: (Debt<Effect>[] | Feed<Fact>)[] = NOTHING
  #running = 0

  constructor(world: World, id: string, part: Part<State, Input, Fact, Effect>) {
    this.world = world
    this.id = id
    this.tenant = id.split('.', 1)[0] ?? ''
    this.#part = part
    this.state = part.machine.initial
    this.#alarm = new Alarm(world, () => this.#rung())
    this.#pages = new PageWait(world, () => this.drain())
  }

  get seq(): number {
    return this.facts.length
  }
  /** Changes with every crash. Callbacks of work in memory compare it, and do nothing when it has changed. */
  get epoch(): number {
    return this.#epoch
  }
  get isQuiet(): boolean {
    const { now } = this.world
    const told = this.feeds.every(({ cursor }) => this.facts.slice(cursor).every(fact => isQuestion(fact, now)))
    return told && this.debts.every(debt => isAsking(debt, now))
  }

  addFeed(name: string, deliver: Feed<Fact>['deliver'], delayMs = 0): void {
    if (this.feeds.some(feed => feed.name === name)) return
    this.feeds.push({ name, deliver, delayMs, cursor: 0, due: 0, attempts: 0 })
  }

  /** No log is in these worlds: it takes every page at once. */
  addLogFeed(): void {
    this.addFeed('log', (_page, done) => done('done'), LOG_DELAY_MS)
  }

  hasSeen(inputId: string): boolean {
    return this.#seen.has(inputId)
  }

  commit(input: Input, inputId: string | null = null): Fate {
    this.wakeUp()
    const { faults } = this.world
    if (faults.strikes('crash-before-commit')) return this.crash()
    const { seq } = this
    if (inputId === null || !this.#seen.has(inputId)) {
      if (inputId !== null) this.#seen.add(inputId)
      this.#apply(input)
    }
    if (faults.strikes('crash-after-commit')) return this.crash()
    return this.#done(seq)
  }

  /** Several inputs of one sender in one transaction. */
  commitAll(inputs: { input: Input; inputId: string }[]): Fate {
    this.wakeUp()
    const { faults } = this.world
    if (faults.strikes('crash-before-commit')) return this.crash()
    const { seq } = this
    for (const { input, inputId } of inputs) {
      if (this.#seen.has(inputId)) continue
      this.#seen.add(inputId)
      this.#apply(input)
    }
    if (faults.strikes('crash-after-commit')) return this.crash()
    return this.#done(seq)
  }

  /** Facts of another actor, each once and in order. */
  hear<F>(source: string, { after, facts }: FactPage<F>, toInput: (fresh: F[]) => Input): Fate {
    this.wakeUp()
    const { faults } = this.world
    if (faults.strikes('crash-before-commit')) return this.crash()
    const known = this.#heard?.get(source) ?? 0
    const last = after + facts.length
    const { seq } = this
    if (last > known) {
      if (after > known) this.world.broken(`gap in the facts of ${source} after ${known}`)
      this.#heard ??= new Map()
      this.#heard.set(source, last)
      this.#apply(toInput(after === known ? facts : facts.slice(known - after)))
    }
    if (faults.strikes('crash-after-commit')) return this.crash()
    return this.#done(seq)
  }

  /** The caller hears nothing of a commit whose drain has at once brought the object down. */
  #done(seqBefore: number): Fate {
    const epoch = this.#epoch
    if (this.seq > seqBefore) this.#committed()
    return epoch === this.#epoch ? 'done' : 'crashed'
  }

  /** After a commit that made facts: the screens, and the drain. */
  #committed(): void {
    this.#part.committed?.()
    this.drain()
  }

  #apply(input: Input): void {
    const { machine, laneOf, project, judge } = this.#part
    const before = this.state
    const { state, facts, effects } = step(machine, before, input)
    if (this.world.trace) this.world.traceCommit(this.id, input, facts, effects)
    if (facts.length === 0) return judge({ before, input, facts, effects, after: state })
    for (const fact of facts) {
      this.facts.push(fact)
      project?.(fact, state)
    }
    let index = 0
    for (const effect of effects) {
      const lane = laneOf(effect)
      const key = `${this.id}:${this.facts.length}.${index}`
      this.debts.push({ key, lane, effect, due: this.#laneDue(lane, input.at), attempts: 0, started: false })
      index += 1
    }
    this.state = state
    const urgent = effects.some(one => one.class === 'outbox') || this.feeds.some(feed => feed.delayMs === 0)
    const wake = earliest([machine.deadline(state), input.at + (urgent ? DRAIN_GRACE_MS : PAGE_GRACE_MS)])
    if (wake !== null) this.#alarm.arm(wake)
    judge({ before, input, facts, effects, after: state })
  }

  /** Not before what is owed already in its lane. */
  #laneDue(lane: string, at: number): number {
    let due = at
    for (const debt of this.debts) if (debt.lane === lane && debt.due > due) due = debt.due
    return due
  }

  crash(): Fate {
    this.world.trace?.(`      ${this.id} crashes`)
    this.#epoch += 1
    this.#awake = false
    this.#draining = false
    this.#again = false
    this.#pages.crash()
    this.#jobs = NOTHING
    this.#running = 0
    this.#alarm.crash()
    return 'crashed'
  }

  /**
   * The constructor: if work is owed and no alarm comes in time for it, the alarm is set now. Every call wakes the object,
   * also one that changes nothing.
   */
  wakeUp(): void {
    if (this.#awake) return
    this.#awake = true
    const { at } = this.#alarm
    const next = this.#next()
    const { now } = this.world
    if (next !== null && (at === null || at < now - STALE_ALARM_MS || next < at)) this.#alarm.arm(Math.max(next, now))
  }

  #next(): number | null {
    const deadline = this.#part.machine.deadline(this.state)
    const due = this.#nextDue()
    return deadline === null ? due : due === null ? deadline : Math.min(deadline, due)
  }

  #nextDue(): number | null {
    let next: number | null = null
    for (const { due } of this.debts) if (next === null || due < next) next = due
    for (const feed of this.feeds) {
      if (feed.cursor >= this.seq) continue
      const due = this.#dueOf(feed) + this.#pages.guardMs(feed)
      if (next === null || due < next) next = due
    }
    return next
  }

  /** A feed with a delay is due when its first unread fact has waited so long. */
  #dueOf({ delayMs, cursor, due }: Feed<Fact>): number {
    return delayMs === 0 ? due : Math.max(due, (this.facts[cursor]?.at ?? 0) + delayMs)
  }

  /** The alarm's handler. */
  #rung(): void {
    this.wakeUp()
    const { world } = this
    const { machine, strike } = this.#part
    world.trace?.(`      ${this.id} wakes`)
    this.#alarm.ring()
    const deadline = machine.deadline(this.state)
    if (deadline !== null && deadline <= world.now && this.commit(strike(world.now)) === 'crashed') return
    this.drain()
  }

  /** Only one drain runs at a time. A commit while it runs makes it look once more. */
  drain(): void {
    this.#again = true
    if (this.#draining) return
    this.#draining = true
    const { lingerMs = 0 } = this.#part
    if (lingerMs === 0) return this.#loop()
    const epoch = this.#epoch
    this.world.later(lingerMs, () => {
      if (epoch === this.#epoch) this.#loop()
    })
  }

  #loop(): void {
    while (this.#again) {
      this.#again = false
      this.#jobs = this.#due()
      if (this.#jobs.length === 0) break
      this.#running = 0
      for (let job = 0; job < LANES_AT_ONCE && this.#jobs.length > 0; job += 1) this.#startJob()
      return
    }
    this.#draining = false
    const waiting = this.feeds.filter(feed => feed.cursor < this.seq && isFresh(feed))
    this.#pages.wait(earliest(waiting.map(feed => this.#dueOf(feed))))
    const next = this.#next()
    if (this.#alarm.isRinging) return this.#alarm.rest(next)
    if (next !== null) this.#alarm.arm(next)
    if (!this.#pages.isWaiting) this.#alarm.relax(next)
  }

  #startJob(): void {
    const job = this.#jobs.pop()
    if (!job) return
    this.#running += 1
    if (Array.isArray(job)) this.#pay(job, 0)
    else this.#feed(job)
  }

  #jobDone(): void {
    this.#running -= 1
    if (this.#jobs.length > 0) return this.#startJob()
    if (this.#running > 0) return
    this.#again = true
    this.#loop()
  }

  /**
   * The jobs that are due, the first one last. A lane is in order: a debt that is put off holds back those owed after it.
   */
  #due(): (Debt<Effect>[] | Feed<Fact>)[] {
    const { now } = this.world
    let jobs: (Debt<Effect>[] | Feed<Fact>)[] = NOTHING
    for (const debt of this.debts) {
      if (debt.due > now) continue
      const lane = laneIn(jobs, debt.lane)
      if (lane) lane.push(debt)
      else if (jobs === NOTHING) jobs = [[debt]]
      else jobs.push([debt])
    }
    for (const feed of this.feeds) {
      if (feed.cursor >= this.seq || feed.delayMs > 0 || feed.due > now) continue
      if (jobs === NOTHING) jobs = [feed]
      else jobs.push(feed)
    }
    if (jobs === NOTHING) return this.feeds.filter(feed => feed.cursor < this.seq && this.#dueOf(feed) <= now)
    return jobs.length < 2 ? jobs : jobs.reverse()
  }

  #pay(lane: Debt<Effect>[], index: number): void {
    const debt = lane[index]
    if (!debt) return this.#jobDone()
    const group = this.#group(lane, index)
    if (group.length > 1) return this.#payAll(lane, index, group)
    const once = debt.effect.class === 'outbox' && debt.effect.delivery === 'once'
    // Nothing is asked, so it is settled in the same turn; what follows in its lane comes after the other lanes have begun.
    if (once && debt.started) {
      const goOn = this.#later(() => this.#pay(lane, index + 1))
      return this.#settle(debt, this.#part.outcomeUnknown?.(debt.effect) ?? [], () => goOn(undefined))
    }
    if (once) debt.started = true
    const done = this.#later((paid: Paid<Input>) => {
      if (Array.isArray(paid)) return this.#settle(debt, paid, () => this.#pay(lane, index + 1))
      debt.started = false
      this.#putOff(debt, paid.again)
      this.#jobDone()
    })
    this.#part.perform(debt.effect, debt.key, done)
  }

  #putOff(debt: Debt<Effect>, afterMs: number | null): void {
    debt.attempts += 1
    debt.due =
      this.world.now +
      (afterMs ?? this.#backoffMs(debt.effect.class === 'outbox' ? debt.effect.policy : 'neighbour', debt.attempts))
    for (const other of this.debts) if (other.lane === debt.lane && other.due < debt.due) other.due = debt.due
  }

  #group(lane: Debt<Effect>[], from: number): Debt<Effect>[] {
    const { batchable } = this.#part
    if (!batchable) return []
    let to = from
    while (to < lane.length && batchable((lane[to] as Debt<Effect>).effect)) to += 1
    return lane.slice(from, to)
  }

  #payAll(lane: Debt<Effect>[], index: number, group: Debt<Effect>[]): void {
    const done = this.#later((fate: Fate) => {
      if (fate === 'done') return this.#settleAll(lane, index, group)
      for (const debt of group) this.#putOff(debt, null)
      this.#jobDone()
    })
    this.#part.performAll?.(group, done)
  }

  #settleAll(lane: Debt<Effect>[], index: number, group: Debt<Effect>[]): void {
    const { faults } = this.world
    if (faults.strikes('crash-before-commit')) return void this.crash()
    this.debts = this.debts.filter(debt => !group.includes(debt))
    if (faults.strikes('crash-after-commit')) return void this.crash()
    this.#pay(lane, index + group.length)
  }

  #settle(debt: Debt<Effect>, inputs: Input[], goOn: () => void): void {
    const { faults } = this.world
    if (faults.strikes('crash-before-commit')) return void this.crash()
    // The debt is nearly always the oldest.
    if (this.debts[0] === debt) this.debts.shift()
    else this.debts.splice(this.debts.indexOf(debt), 1)
    const { seq } = this
    for (const input of inputs) this.#apply(input)
    if (faults.strikes('crash-after-commit')) return void this.crash()
    if (this.seq > seq) this.#committed()
    goOn()
  }

  #feed(feed: Feed<Fact>): void {
    const { cursor } = feed
    const page = { after: cursor, facts: this.facts.slice(cursor, cursor + FEED_PAGE) }
    const done = this.#later((fate: Fate) => {
      if (fate === 'done') {
        feed.cursor = cursor + page.facts.length
        feed.attempts = 0
        feed.due = 0
      } else {
        feed.attempts += 1
        feed.due = this.world.now + this.#backoffMs('neighbour', feed.attempts)
      }
      this.#jobDone()
    })
    feed.deliver(page, done)
  }

  /** What comes after an `await`: later in the event, and never in another life of this object. */
  #later<T>(run: (value: T) => void): (value: T) => void {
    const epoch = this.#epoch
    return value =>
      this.world.soon(() => {
        if (epoch === this.#epoch) run(value)
      })
  }

  #backoffMs(policy: PolicyName, attempts: number): number {
    return backoffMs(policy, attempts, this.world.random.next())
  }
}
