/**
 * A machine put together from parts. Where one actor has several duties (a call: its life, the AI talk on it, its
 * recordings, its record in the CRM), each duty is a part with a slice of the state. A part is named by the prefix of its
 * own inputs and facts: it decides `<part>.…` and makes `<part>-…`. The prefix is a type, so a name without a
 * part does not compile.
 *
 * Every part sees every fact of the whole: it evolves its slice by it and may react to it. It makes only its own.
 */
import { type AboutTable, GIVEN_UP_ABOUT, type RecordedMachine, type SubjectKind } from './about.ts'
import {
  type AnyEffect,
  Draft,
  type GivenUpFact,
  type GivenUpInput,
  type Growing,
  givenUp,
  type OldFact,
  type Timed,
} from './machine.ts'

/** Inputs that every machine of parts has beside those of its parts. */
export type CommonInput = { type: 'clock.struck'; at: number } | GivenUpInput
export type InputOf<Name extends string, Input> = Extract<Input, { type: `${Name}.${string}` }>
export type FactOf<Name extends string, Fact> = Extract<Fact, { type: `${Name}-${string}` }>

/** The draft that a part decides in: it reads the state after the facts made so far and adds its own facts. */
export interface Making<State, Fact> {
  readonly at: number
  readonly state: State
  add(fact: Fact): void
}

export interface Part<Name extends string, State, Slice, Input, Fact, Effect> {
  readonly initial: Slice
  decide(making: Making<State, FactOf<Name, Fact>>, input: InputOf<Name, Input>): void
  /** the clock has struck; every part looks at its own deadline */
  strike?(making: Making<State, FactOf<Name, Fact>>): void
  /**
   * Comes after every input, whichever part it was for: another part's facts may be a reason for facts of this one. It looks at the
   * state, so it is asked once and need not know what has happened.
   */
  settle?(making: Making<State, FactOf<Name, Fact>>): void
  /** a delivery was given up after the time of its policy */
  gaveUp?(making: Making<State, FactOf<Name, Fact>>, input: GivenUpInput): void
  /** `before`: the whole state that the fact has not changed yet */
  evolve(slice: Slice, fact: Fact | GivenUpFact, before: State): Slice
  react(fact: Fact | GivenUpFact, state: State): Effect[]
  deadline(state: State): number | null
  /** whom each of the part's own facts is about, beside the actor */
  readonly about: AboutTable<FactOf<Name, Fact & Timed>>
}

type Parts<State, Input, Fact, Effect> = {
  readonly [Name in keyof State & string]: Part<Name, State, State[Name], Input, Fact, Effect>
}
/** Names whose prefix is not a part. This must be `never`, or the call of `combine` does not compile. */
type Orphan<State, Word> = Word extends `${keyof State & string}${'.' | '-'}${string}` ? never : Word
type NoOrphans<State, Input extends Timed, Fact extends Timed> = [
  Orphan<State, Input['type']> | Orphan<State, Fact['type']>,
] extends [never]
  ? unknown
  : { orphan: Orphan<State, Input['type']> | Orphan<State, Fact['type']> }

export function combine<State extends object, Input extends Timed, Fact extends Timed, Effect extends AnyEffect>(
  name: SubjectKind,
  version: number,
  parts: Parts<State, Input, Fact, Effect> & NoOrphans<State, Input, Fact>,
  upcast: (fact: OldFact) => Fact | GivenUpFact,
  growing?: Growing<State>,
): RecordedMachine<State, Input | CommonInput, Fact | GivenUpFact, Effect> {
  type Any = Part<string, State, unknown, Input, Fact, Effect>
  const all = Object.entries(parts) as unknown as [keyof State & string, Any][]
  const settling = all.flatMap(([, part]) => (part.settle === undefined ? [] : [part]))
  const ofWord = (word: string): Any => {
    const part = (parts as unknown as Record<string, Any>)[word.slice(0, word.indexOf('.'))]
    if (part === undefined) throw new Error(`${name}: no part decides ${word}`)
    return part
  }
  const evolve = (state: State, fact: Fact | GivenUpFact): State => {
    let next = state
    for (const [key, part] of all) {
      const slice = part.evolve(state[key], fact, state) as State[typeof key]
      if (slice === state[key]) continue
      if (next === state) next = { ...state }
      next[key] = slice
    }
    return next
  }
  const react = (fact: Fact | GivenUpFact, state: State): Effect[] => {
    const effects: Effect[] = []
    // Most parts have nothing to do about most facts.
    for (const [, part] of all) for (const effect of part.react(fact, state)) effects.push(effect)
    return effects
  }
  const deadline = (state: State): number | null => {
    let first: number | null = null
    for (const [, part] of all) {
      const at = part.deadline(state)
      if (at !== null && (first === null || at < first)) first = at
    }
    return first
  }
  return {
    name,
    version,
    initial: Object.fromEntries(all.map(([key, part]) => [key, part.initial])) as State,
    decide(state, input) {
      const draft = new Draft<State, Fact | GivenUpFact>(evolve, state)
      const making = {
        at: input.at,
        get state() {
          return draft.state
        },
        add: (fact: Fact) => draft.add(fact),
      } as Making<State, never>
      if (isStrike(input)) for (const [, part] of all) part.strike?.(making)
      else if (isGivenUp(input)) {
        draft.add(givenUp(input))
        for (const [, part] of all) part.gaveUp?.(making, input)
      } else ofWord(input.type).decide(making, input as never)
      for (const part of settling) part.settle?.(making)
      return draft.facts
    },
    evolve,
    react,
    deadline,
    upcast,
    ...(growing === undefined ? {} : { growing }),
    about: Object.assign({}, GIVEN_UP_ABOUT, ...all.map(([, part]) => part.about)) as AboutTable<Fact | GivenUpFact>,
  }
}

function isStrike(input: Timed): input is { type: 'clock.struck'; at: number } {
  return input.type === 'clock.struck'
}

function isGivenUp(input: Timed): input is GivenUpInput {
  return input.type === 'delivery.given-up'
}

/** Is this fact one of the part's own? Prefixes of types are compared only here. */
export function isOf<Name extends string, Fact extends { type: string }>(
  name: Name,
  fact: Fact,
): fact is Extract<Fact, { type: `${Name}-${string}` }> {
  // Asked of every fact by every part, so it makes no text.
  return fact.type.startsWith(name) && fact.type[name.length] === '-'
}
