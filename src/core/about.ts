/**
 * Says whom a fact is about. The answer is a projection of the fact and is not stored with it, so facts of every release have it. The
 * log, webhooks and erasure find facts by it.
 */
import type { AnyEffect, GivenUpFact, Machine, Timed } from './machine.ts'

export type SubjectKind =
  | 'call'
  | 'batch'
  | 'campaign'
  | 'contact'
  | 'room'
  | 'desk'
  | 'queue'
  | 'webhook'
  | 'mask'
  | 'ledger'
  | 'report'
export type About = { readonly [Kind in SubjectKind]?: string }
/** The subjects of one fact, as a table gives them; a subject that is null is left out. */
export type Named = { readonly [Kind in SubjectKind]?: string | null }

/** One row per type of fact, so a new fact without a row does not compile. `self`: nobody but the actor that made it. */
export type AboutTable<Fact extends { type: string }> = {
  readonly [Type in Fact['type']]: 'self' | ((fact: Extract<Fact, { type: Type }>) => Named)
}

/** A machine whose facts the log reads. Its name is the kind of its actor, and its facts are about that actor as well. */
export interface RecordedMachine<State, Input extends Timed, Fact extends Timed, Effect extends AnyEffect>
  extends Machine<State, Input, Fact, Effect> {
  readonly name: SubjectKind
  readonly about: AboutTable<Fact>
}

/** The row of every machine for a delivery that was given up. */
export const GIVEN_UP_ABOUT: AboutTable<GivenUpFact> = { 'delivery-given-up': 'self' }

/** Completes a fact's subjects with the actor that made it. A fact of an unknown type is about that actor alone. */
export function aboutOf<Fact extends Timed>(
  machine: { readonly name: SubjectKind; readonly about: AboutTable<Fact> },
  fact: Fact,
  actorId: string,
): About {
  const row = (machine.about as Record<string, 'self' | ((fact: Fact) => Named)>)[fact.type]
  const about: { [Kind in SubjectKind]?: string } = { [machine.name]: actorId }
  if (row === undefined || row === 'self') return about
  for (const [kind, id] of Object.entries(row(fact)))
    if (id !== null && id !== undefined && kind !== machine.name) about[kind as SubjectKind] = id
  return about
}
