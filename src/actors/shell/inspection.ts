/**
 * What an actor is about to do, and what holds it back: its debts, its readers, its alarm. For whoever asks why a call is in its state. It has
 * types and ids only: what a debt or a fact says may be personal or secret.
 */
import type { AnyEffect, Timed } from '../../core/machine.ts'
import type { ActorInspection } from '../../wire/inspection.ts'
import type { Alarm } from './alarm.ts'
import type { Journal } from './journal.ts'

const FACTS_SHOWN = 12
const DEBTS_SHOWN = 50
const FOR_EVER = Number.MAX_SAFE_INTEGER

export type Inspection = Omit<ActorInspection, 'id'>

/** What an actor that keeps a journal offers to whoever asks about it. */
export interface Inspected extends Rpc.DurableObjectBranded {
  inspect(): Promise<Inspection>
}

export function inspectionOf<State, Input extends Timed, Fact extends Timed, Effect extends AnyEffect>(
  journal: Journal<State, Input, Fact, Effect>,
  alarm: Alarm,
): Inspection {
  const { machine, owed, seq, state } = journal
  const facts = journal.factsAfter(Math.max(0, seq - FACTS_SHOWN), FACTS_SHOWN) as { seq: number; fact: Named }[]
  const debts = owed.dueDebts(FOR_EVER, DEBTS_SHOWN)
  return {
    kind: machine.name,
    seq,
    deadlineMs: machine.deadline(state),
    alarmMs: alarm.at,
    facts: facts.map(({ seq: n, fact }) => ({ seq: n, at: fact.at, type: fact.type })),
    debts: debts.map(({ effect, due, attempts }) => ({ type: effect.type, dueMs: due, attempts })),
    readers: [...owed.feeds()].map(({ name, cursor, due, attempts }) => ({
      ...{ name, behind: seq - cursor, attempts },
      dueMs: attempts > 0 ? due : null,
    })),
    refused: journal.refused(),
  }
}

interface Named {
  readonly type: string
  readonly at: number
}
