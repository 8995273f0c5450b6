/** The parts of a simulated actor: its machine, the performer of its debts, and the laws that judge its steps. */
import type { AnyEffect, Machine, Timed } from '../../src/core/machine.ts'

/** The outcome of a commit for its caller, who cannot know after a crash whether it was stored. */
export type Fate = 'done' | 'crashed'

/** Facts of one actor in order; the first of them has the number `after + 1`. */
export interface FactPage<Fact> {
  after: number
  facts: Fact[]
}
/** The performer's answer: inputs to commit with the struck debt, or "again" (after so many ms, else by backoff). */
export type Paid<Input> = Input[] | { again: number | null }
export interface Judged<State, Input, Fact, Effect> {
  before: State
  input: Input
  facts: Fact[]
  effects: Effect[]
  after: State
}
export interface Part<State, Input extends Timed, Fact extends Timed, Effect extends AnyEffect> {
  machine: Machine<State, Input, Fact, Effect>
  strike(at: number): Input
  laneOf(effect: Effect): string
  /** `key`: the same at every try, and no other debt of any actor has it */
  perform(effect: Effect, key: string, done: (paid: Paid<Input>) => void): void
  outcomeUnknown?(effect: Effect): Input[]
  /** may go in one call with those of its lane behind it */
  batchable?(effect: Effect): boolean
  performAll?(effects: { effect: Effect; key: string }[], done: (fate: Fate) => void): void
  /** how long the drain waits for further debts, so that they go together */
  lingerMs?: number
  /** rows in the same transaction */
  project?(fact: Fact, state: State): void
  /** after a commit that made facts */
  committed?(): void
  /** throws on a broken law */
  judge(step: Judged<State, Input, Fact, Effect>): void
}

export interface Debt<Effect> {
  key: string
  lane: string
  effect: Effect
  due: number
  attempts: number
  started: boolean
}
export interface Feed<Fact> {
  name: string
  deliver(page: FactPage<Fact>, done: (fate: Fate) => void): void
  /** a feed with a delay waits until no debt is due */
  delayMs: number
  cursor: number
  due: number
  attempts: number
}

/** The debts of this lane among the jobs of a drain; null: it has none yet. */
export function laneIn<Effect, Fact>(jobs: (Debt<Effect>[] | Feed<Fact>)[], lane: string): Debt<Effect>[] | null {
  for (const job of jobs) if (Array.isArray(job) && job[0]?.lane === lane) return job
  return null
}
