/**
 * The kernel. A machine is four pure, synchronous, total functions; the shell (`src/actors/shell`) runs them.
 *
 * Contract, kept by every machine here:
 * - time is an input: each input carries `at` (ms since the epoch, from the shell's clock) and ids made outside;
 * - a stale, duplicate or late input is normal and yields no facts; an impossible state throws;
 * - only `evolve` makes new state; it never mutates the old one;
 * - there are no timer effects: the shell keeps one alarm at `deadline(state)`.
 */
export interface Machine<State, Input extends Timed, Fact extends Timed, Effect extends AnyEffect> {
  /** also the name in logs and in the store */
  readonly name: string
  /** raised when the shape of State changes; the shell then folds the stored facts again */
  readonly version: number
  readonly initial: State
  /** what has happened, in the past tense */
  decide(state: State, input: Input): Fact[]
  evolve(state: State, fact: Fact): State
  /** what the world must now do about a fact; `state` is the one that the fact has made */
  react(fact: Fact, state: State): Effect[]
  /** when to wake with `clock.struck`, ms since the epoch; null: never */
  deadline(state: State): number | null
  /** the part of the state that grows with people or time, which is stored as rows; absent: the state is one small value */
  readonly growing?: Growing<State>
  /** a stored fact of any release in today's words; absent: no release has changed one */
  upcast?(fact: OldFact): Fact
}

/**
 * A state must stay small, because it is written whole with every commit. What grows is named here: the shell writes a row where
 * its value is another object than before, and holds each row to the same limit as a whole state.
 */
export interface Growing<State> {
  /** Is there anything that grows? While there is not, no row is read and no table made. Absent: there always is. */
  grows?(rest: State): boolean
  /** by key, in the order in which they came */
  rowsOf(state: State): ReadonlyMap<string, unknown>
  /** the state without its rows */
  rest(state: State): State
  /** The state again. A state that an older release has written has everything in `rest` and no rows. */
  whole(rest: State, rows: ReadonlyMap<string, unknown>): State
}

/** A fact as some release has written it. Only its type and time are certain. */
export interface OldFact extends Timed {
  readonly [field: string]: unknown
}

export interface Timed {
  readonly type: string
  readonly at: number
}

/**
 * There are two classes of effect. `now`: in memory, may be lost. `outbox`: written with
 * the facts and performed after the commit, in order within a lane.
 */
export type AnyEffect = { readonly class: 'now'; readonly type: string } | OutboxEffect

/**
 * `repeat`: performed at least once; a crash between performing and settling performs it again.
 * `once`: never performed a second time unless it is certain that the first try did nothing. The performer must then
 * say what to believe when the outcome was not seen (`outcomeUnknown`, required by its type).
 */
export type Delivery = 'repeat' | 'once'
/** A row of `src/actors/shell/policies.ts`: pace of the retries, and when they end. */
export type PolicyName = 'neighbour' | 'carrier' | 'subscriber'
export interface OutboxEffect {
  readonly class: 'outbox'
  readonly type: string
  readonly delivery: Delivery
  readonly policy: PolicyName
}
export type Repeat<P extends PolicyName, Body> = Body & { class: 'outbox'; delivery: 'repeat'; policy: P }
export type Once<P extends PolicyName, Body> = Body & { class: 'outbox'; delivery: 'once'; policy: P }
/** The effects of a union that must not be performed twice. */
export type OnceOf<Effect> = Extract<Effect, { class: 'outbox'; delivery: 'once' }>

export function repeat<P extends PolicyName, const Body extends { type: string }>(policy: P, body: Body) {
  return { class: 'outbox' as const, delivery: 'repeat' as const, policy, ...body }
}

/** An effect for another actor of ours, at least once. This is the most frequent delivery. */
export function tell<const Body extends { type: string }>(body: Body) {
  return repeat('neighbour', body)
}

export function once<P extends PolicyName, const Body extends { type: string }>(policy: P, body: Body) {
  return { class: 'outbox' as const, delivery: 'once' as const, policy, ...body }
}

/** The dead letter as an input and as a fact: the shell has given up an effect after the time of its policy. */
export interface GivenUpInput extends Timed {
  readonly type: 'delivery.given-up'
  /** type of the effect */
  readonly effect: string
  readonly attempts: number
}
export interface GivenUpFact extends Timed {
  readonly type: 'delivery-given-up'
  readonly effect: string
  readonly attempts: number
}

export function givenUp({ at, effect, attempts }: GivenUpInput): GivenUpFact {
  return { type: 'delivery-given-up', at, effect, attempts }
}

/**
 * The shell could not store what an input would have made (a machine threw, or a state passed its limit). The shell writes this fact
 * itself, without the machine, which knows nothing of it: whatever is wrong with a machine, people see that something was refused.
 */
export interface InputRefusedFact extends Timed {
  readonly type: 'input-refused'
  /** type of the input */
  readonly input: string
  readonly because: 'too-large' | 'broken'
}
export const INPUT_REFUSED = 'input-refused'

export interface Step<State, Fact, Effect> {
  state: State
  facts: Fact[]
  effects: Effect[]
}

export function step<State, Input extends Timed, Fact extends Timed, Effect extends AnyEffect>(
  machine: Machine<State, Input, Fact, Effect>,
  state: State,
  input: Input,
): Step<State, Fact, Effect> {
  const facts = machine.decide(state, input)
  const effects: Effect[] = []
  const trail = lastTrail
  const known =
    trail?.facts === facts && trail.from === state && trail.evolve === machine.evolve ? (trail.after as State[]) : []
  lastTrail = null
  let next = state
  facts.forEach((fact, index) => {
    next = known[index] ?? machine.evolve(next, fact)
    for (const effect of machine.react(fact, next)) effects.push(effect)
  })
  return { state: next, facts, effects }
}

/** What a draft has evolved to decide its facts, so that `step` need not do the same once more. */
interface Trail {
  facts: unknown
  from: unknown
  evolve: unknown
  after: unknown[]
}
/** Of the draft that was written last, which nearly always is that of `step`. A map by the list of facts made the collector's work dear. */
let lastTrail: Trail | null = null

/** Collects facts, so that each is decided against the state which the facts before it have made. */
export class Draft<State, Fact> {
  readonly facts: Fact[] = []
  state: State
  readonly #evolve: (state: State, fact: Fact) => State
  readonly #trail: Trail

  constructor(evolve: (state: State, fact: Fact) => State, state: State) {
    this.#evolve = evolve
    this.state = state
    this.#trail = { facts: this.facts, from: state, evolve, after: [] }
  }

  add(fact: Fact): void {
    this.facts.push(fact)
    this.state = this.#evolve(this.state, fact)
    this.#trail.after.push(this.state)
    lastTrail = this.#trail
  }
}

/** Ends every switch: a forgotten case does not compile, and a value from outside the type throws. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}

/** Throws on a programmer's error; it is on in production. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`impossible state: ${message}`)
}

/** The earliest of some wake-up times, null when there is none. */
export function earliest(times: Iterable<number | null>): number | null {
  let first: number | null = null
  for (const time of times) if (time !== null && (first === null || time < first)) first = time
  return first
}
