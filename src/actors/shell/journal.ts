/**
 * Persist, then send. One input is one synchronous transaction: seen? → step → state, facts, debts, alarm. The memory
 * follows the disk only after the transaction has returned; effects leave only after that (measured: no
 * decision before an `await`, 0 double winners of 300; with one, 299).
 */
import { isId } from '../../core/ids.ts'
import {
  type AnyEffect,
  earliest,
  INPUT_REFUSED,
  type InputRefusedFact,
  type Machine,
  type OldFact,
  type OutboxEffect,
  step,
  type Timed,
} from '../../core/machine.ts'
import type { Alarm } from './alarm.ts'
import { type Debt, type NewDebt, OutboxStore } from './outbox-store.ts'
import type { Platform } from './platform.ts'
import { isSweepDue, QUARANTINE_KEPT, sweepRepeats } from './retention.ts'
import { migrate, type Schema } from './schema.ts'
import { growingSchema, StateStore, TooLarge } from './state-store.ts'
import { QUARANTINE_TABLE, SHELL_SCHEMA } from './tables.ts'

/** If the drain after a commit dies with its object, the alarm takes its debts up after this time. */
export const DRAIN_GRACE_MS = 2_000
/**
 * The same where nothing is owed but a page to a feed that waits anyway. It is longer, because each alarm costs as much as a commit, and
 * most objects have one for a time of their own that comes first.
 */
export const PAGE_GRACE_MS = 20_000
/** A statement may have 100 values, and a fact has five. */
const ROWS_AT_ONCE = 20
/** By the number of facts. */
const INSERTS = Array.from({ length: ROWS_AT_ONCE + 1 }, (_, rows) => {
  const values = Array.from({ length: rows }, () => '(?, ?, ?, ?, ?)').join(', ')
  return `INSERT INTO facts (seq, at, type, body, personal) VALUES ${values}`
})
/** The last facts stay in memory for the feeds, which read them a moment after the commit. */
const RECENT_MAX = 100

export interface StoredFact<Fact> {
  seq: number
  fact: Fact
}
export interface Committed<Fact> {
  facts: StoredFact<Fact>[]
  /** the input could not be stored, so nothing came of it: whoever asked for it must be told */
  refused?: true
}
export interface JournalOptions<State, Fact, Effect> {
  /** tables of this actor beside the shell's */
  schema?: Schema
  /** rows that grow, written in the same transaction */
  project?: (sql: SqlStorage, fact: Fact, state: State) => void
  /** the order in which debts are paid: same lane, same order; different lanes side by side */
  laneOf: (effect: Effect & OutboxEffect) => string
  /** Does a feed without delay read along? A commit is then urgent without a debt. Absent: none does */
  hasUrgentFeed?: () => boolean
  /** after a commit that made facts: socket pushes and the drain */
  committed?: (facts: StoredFact<Fact>[]) => void
}

/** An input that is refused over and over is told this seldom. */
export const ALERT_EVERY_MS = 60_000

/** Facts and debts that one transaction makes. */
interface Made<Fact, Effect> {
  facts: StoredFact<Fact>[]
  debts: NewDebt<Effect>[]
}

export class Journal<State, Input extends Timed, Fact extends Timed, Effect extends AnyEffect> {
  readonly machine: Machine<State, Input, Fact, Effect>
  readonly sql: SqlStorage
  readonly owed: OutboxStore<Effect>
  readonly #platform: Platform
  readonly #alarm: Alarm
  readonly #store: StateStore<State>
  readonly #options: JournalOptions<State, Fact, Effect>
  #state: State
  #seq: number
  #alertedAt = Number.NEGATIVE_INFINITY
  /** numbers of facts that were written together in this life of the object */
  readonly #sizes = new Set<number>()
  /** gap-free, up to `#seq`; up to twice as many as are kept */
  readonly #recent: StoredFact<Fact>[] = []
  /** made in the current transaction and not written yet: all its inputs are written together */
  #made: Made<Fact, Effect> = { facts: [], debts: [] }

  constructor(
    platform: Platform,
    alarm: Alarm,
    machine: Machine<State, Input, Fact, Effect>,
    options: JournalOptions<State, Fact, Effect>,
  ) {
    this.machine = machine
    const { store } = platform
    this.sql = store.sql
    this.owed = new OutboxStore<Effect>(store.sql, options.laneOf)
    this.#platform = platform
    this.#alarm = alarm
    this.#options = options
    migrate(store, {
      shell: SHELL_SCHEMA,
      ...growingSchema(machine),
      ...(options.schema ? { actor: options.schema } : {}),
    })
    this.#store = new StateStore(store.sql, machine)
    const stored = this.#store.read()
    this.#seq = stored?.seq ?? 0
    if (stored && stored.version === machine.version) this.#state = stored.state
    else this.#state = stored ? this.#refold() : machine.initial
  }

  get state(): State {
    return this.#state
  }
  get seq(): number {
    return this.#seq
  }

  /** A delivery of this name has been committed, so a repeat of it changes nothing. */
  hasSeen(inputId: string): boolean {
    return this.sql.exec('SELECT 1 FROM seen WHERE input_id = ?', inputId).toArray().length > 0
  }

  /** A delivery whose name begins like this has been committed. */
  hasSeenAny(prefix: string): boolean {
    const end = `${prefix}\u{10ffff}`
    return (
      this.sql.exec('SELECT 1 FROM seen WHERE input_id >= ? AND input_id < ? LIMIT 1', prefix, end).toArray().length > 0
    )
  }

  /** Null: this delivery was seen before. `inputId` names it, so that its repeat changes nothing, even after an eviction. */
  commit(input: Input, inputId: string | null = null): Committed<Fact> | null {
    return this.#guarded(input, input.at, () => {
      if (inputId !== null && !this.#firstTime(inputId, input.at)) return null
      return this.#apply(input)
    })
  }

  /** Commits several inputs of one sender in one transaction; if one of them throws, each is committed by itself. */
  commitAll(inputs: { input: Input; inputId: string | null }[]): void {
    try {
      this.transact(() => {
        const facts = inputs.flatMap(({ input, inputId }) =>
          inputId !== null && !this.#firstTime(inputId, input.at) ? [] : this.#apply(input).facts,
        )
        return { facts }
      })
    } catch {
      for (const { input, inputId } of inputs) this.commit(input, inputId)
    }
  }

  /**
   * Takes facts of another actor, each once and in order: facts at or below the last seq heard are dropped. If a page throws,
   * each of its facts is taken by itself, so that one bad fact costs no other.
   */
  hear<F>(source: string, facts: StoredFact<F>[], toInput: (fresh: F[]) => Input): void {
    const take = (page: StoredFact<F>[]) => () => {
      const [row] = this.sql.exec<{ seq: number }>('SELECT seq FROM heard WHERE source = ?', source).toArray()
      const fresh = page.filter(one => one.seq > (row?.seq ?? 0))
      const last = fresh.at(-1)
      if (!last) return null
      this.sql.exec(
        'INSERT OR REPLACE INTO heard (source, seq, at) VALUES (?, ?, ?)',
        source,
        last.seq,
        this.#platform.now(),
      )
      return this.#apply(toInput(fresh.map(one => one.fact)))
    }
    try {
      this.transact(take(facts))
    } catch {
      for (const fact of facts) this.#guarded({ source, fact }, this.#platform.now(), take([fact]))
    }
  }

  /** Debts that were performed are deleted in one transaction with the inputs that came of them. */
  settle(debts: readonly Debt<Effect>[], inputs: readonly Input[]): void {
    const strike = () => {
      for (const debt of debts) this.owed.settle(debt)
    }
    try {
      this.transact(() => {
        strike()
        return { facts: inputs.flatMap(input => this.#apply(input).facts) }
      })
    } catch {
      // An outcome that the machine cannot take must not bring its debt back: it would be performed again.
      this.transact(() => {
        strike()
        return null
      })
      for (const input of inputs) this.commit(input)
    }
  }

  /** A throw in the machine quarantines the input: nothing of it is written, and nothing loops on it. */
  #guarded(input: unknown, at: number, body: () => Committed<Fact> | null): Committed<Fact> | null {
    try {
      return this.transact(body)
    } catch (error) {
      this.#quarantine(input, error, at)
      return { facts: [], refused: true }
    }
  }

  /** One transaction, in which `apply` may stand beside rows of the actor's own. A throw rolls back all of it. */
  transact(body: () => Committed<Fact> | null): Committed<Fact> | null {
    const [state, seq, recent, rows] = [this.#state, this.#seq, this.#recent.length, this.#store.rows]
    try {
      const committed = this.#platform.store.transactionSync(() => {
        const made = body()
        this.#write()
        return made
      })
      if (this.#recent.length > 2 * RECENT_MAX) this.#recent.splice(0, this.#recent.length - RECENT_MAX)
      if (committed && committed.facts.length > 0) this.#options.committed?.(committed.facts)
      return committed
    } catch (error) {
      this.#state = state
      this.#seq = seq
      this.#recent.length = Math.min(recent, this.#recent.length)
      this.#store.forget(rows)
      this.#made = { facts: [], debts: [] }
      this.owed.forget()
      this.#alarm.forget()
      throw error
    }
  }

  /** Call it only inside `transact`. */
  apply(input: Input): Committed<Fact> {
    return this.#apply(input)
  }
  /** The same for a delivery that may be repeated. Null: it was seen before. */
  applyOnce(input: Input, inputId: string): Committed<Fact> | null {
    return this.#firstTime(inputId, input.at) ? this.#apply(input) : null
  }

  #apply(input: Input): Committed<Fact> {
    const result = step(this.machine, this.#state, input)
    if (result.facts.length === 0) return { facts: [] }
    const facts = result.facts.map((fact, index) => ({ seq: this.#seq + index + 1, fact }))
    for (const { fact } of facts) this.#options.project?.(this.sql, fact, result.state)
    this.#state = result.state
    this.#seq += facts.length
    this.#made.facts.push(...facts)
    const owed = result.effects.filter((effect): effect is Effect & OutboxEffect => effect.class === 'outbox')
    owed.forEach((effect, index) => {
      this.#made.debts.push({ effect, key: `${this.#seq}.${index}`, due: input.at })
    })
    const urgent = owed.length > 0 || this.#options.hasUrgentFeed?.() === true
    const graceMs = urgent ? DRAIN_GRACE_MS : PAGE_GRACE_MS
    const wake = earliest([this.machine.deadline(result.state), input.at + graceMs])
    if (wake !== null) this.#alarm.arm(wake)
    return { facts }
  }

  /** Runs once per transaction, whatever the number of its inputs. */
  #write(): void {
    const { facts, debts } = this.#made
    if (facts.length === 0) return
    this.#made = { facts: [], debts: [] }
    for (let at = 0; at < facts.length; at += ROWS_AT_ONCE) this.#writeFacts(facts.slice(at, at + ROWS_AT_ONCE))
    this.#store.write(this.#state, this.#seq)
    for (const debt of debts) this.owed.owe(debt)
    this.#recent.push(...facts)
    if (isSweepDue(this.#seq, facts.length)) sweepRepeats(this.sql, facts.at(-1)?.fact.at ?? 0)
  }

  /**
   * One statement for all of them, because each costs more than a row does; but a statement that is new to the object costs more than all of
   * its rows one by one, and most objects live for one call. So it is prepared when a number of facts comes for the second time.
   */
  #writeFacts(facts: readonly StoredFact<Fact>[]): void {
    const known = this.#sizes.has(facts.length)
    this.#sizes.add(facts.length)
    if (known) this.#insert(facts)
    else for (const one of facts) this.#insert([one])
  }

  #insert(facts: readonly StoredFact<Fact>[]): void {
    const values: (number | string | null)[] = []
    for (const { seq, fact } of facts) {
      const { type, at, personal } = fact as Fact & { personal?: unknown }
      // JSON leaves out what is undefined, and to copy a fact whole is cheaper than without some of its fields.
      const body = JSON.stringify({ ...fact, type: undefined, at: undefined, personal: undefined })
      values.push(seq, at, type, body, personal === undefined ? null : JSON.stringify(personal))
    }
    this.sql.exec(INSERTS[facts.length] ?? '', ...values)
  }

  #firstTime(inputId: string, at: number): boolean {
    const { rowsWritten } = this.sql.exec('INSERT OR IGNORE INTO seen (input_id, at) VALUES (?, ?)', inputId, at)
    return rowsWritten > 0
  }

  #quarantine(input: unknown, error: unknown, at: number): void {
    console.error(JSON.stringify({ message: 'input quarantined', actor: this.machine.name }))
    const words = error instanceof Error ? error.message : String(error)
    this.sql.exec(QUARANTINE_TABLE)
    this.sql.exec(
      'INSERT INTO quarantine (at, input, error) VALUES (?, ?, ?)',
      at,
      JSON.stringify(shapeOf(input)).slice(0, 4000),
      words.slice(0, 400),
    )
    this.sql.exec('DELETE FROM quarantine WHERE id <= (SELECT MAX(id) FROM quarantine) - ?', QUARANTINE_KEPT)
    this.#alert(input, error instanceof TooLarge ? 'too-large' : 'broken', at)
  }

  /** Tells whoever reads the facts that an input was refused, at most once a minute. The state stays what it was. */
  #alert(input: unknown, because: InputRefusedFact['because'], at: number): void {
    if (at < this.#alertedAt + ALERT_EVERY_MS) return
    this.#alertedAt = at
    const type = String((input as { type?: unknown }).type ?? 'batch.reported').slice(0, 60)
    const fact: InputRefusedFact = { type: INPUT_REFUSED, at, input: type, because }
    try {
      this.transact(() => {
        this.#seq += 1
        const one = { seq: this.#seq, fact: fact as unknown as Fact }
        this.#made.facts.push(one)
        return { facts: [one] }
      })
    } catch {
      console.error(JSON.stringify({ message: 'an alert was not stored', actor: this.machine.name }))
    }
  }

  /** Facts after `seq`, oldest first, for feeds and timelines. */
  factsAfter(seq: number, limit: number): StoredFact<Fact>[] {
    const recent = seq + 1 - (this.#recent[0]?.seq ?? Number.POSITIVE_INFINITY)
    if (recent >= 0 && recent < this.#recent.length) return this.#recent.slice(recent, recent + limit)
    return this.sql
      .exec<{ seq: number; at: number; type: string; body: string; personal: string | null }>(
        'SELECT seq, at, type, body, personal FROM facts WHERE seq > ? ORDER BY seq LIMIT ?',
        seq,
        limit,
      )
      .toArray()
      .map(row => ({ seq: row.seq, fact: this.#inflate(row) }))
  }

  /** How many inputs stand in quarantine. Its table is made with the first of them. */
  refused(): number {
    const made = this.sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'quarantine'").toArray()
    return made.length === 0 ? 0 : Number(this.sql.exec('SELECT COUNT(*) AS n FROM quarantine').one().n)
  }

  /** A stored fact in today's words, whatever release wrote it. */
  #inflate(row: { at: number; type: string; body: string; personal: string | null }): Fact {
    const personal = row.personal === null ? {} : { personal: JSON.parse(row.personal) }
    const fact: OldFact = { type: row.type, at: row.at, ...JSON.parse(row.body), ...personal }
    return this.machine.upcast?.(fact) ?? (fact as unknown as Fact)
  }

  /** A new version of the machine folds the old facts again. */
  #refold(): State {
    let state = this.machine.initial
    for (let after = 0; ; ) {
      const page = this.factsAfter(after, 500)
      // What the shell itself has written is no fact of the machine.
      for (const { fact } of page) if (fact.type !== INPUT_REFUSED) state = this.machine.evolve(state, fact)
      const last = page.at(-1)
      if (!last) return state
      after = last.seq
    }
  }
}

/** An input without personal values: types, ids and numbers stay, every other text becomes its length. */
function shapeOf(value: unknown): unknown {
  if (typeof value === 'string')
    return isId(value) || /^[a-z]+[.-][a-z.-]{1,40}$/.test(value) ? value : `(${value.length})`
  if (Array.isArray(value)) return value.slice(0, 20).map(shapeOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key === 'personal' ? '(personal)' : shapeOf(one)]),
  )
}
