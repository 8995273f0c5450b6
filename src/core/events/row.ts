/**
 * A row of the table from facts to public events. A table has a row for each fact of its machine, so a fact without one does not compile;
 * `null` is a fact that is nobody's business outside.
 */
import type { About } from '../about.ts'
import type { EventName } from './names.ts'

/** Fields of facts that public events may have. What is not here stays inside: PINs, steps of flows, prompts, ids of the carrier. */
export type Field =
  | 'activeflowId'
  | 'amountMicros'
  | 'announced'
  | 'answer'
  | 'balanceMicros'
  | 'because'
  | 'by'
  | 'cause'
  | 'code'
  | 'consequence'
  | 'contactId'
  | 'depth'
  | 'dueAt'
  | 'entryId'
  | 'flowId'
  | 'free'
  | 'from'
  | 'held'
  | 'label'
  | 'left'
  | 'level'
  | 'lines'
  | 'link'
  | 'mode'
  | 'moderator'
  | 'muted'
  | 'outcome'
  | 'outcomeId'
  | 'paused'
  | 'priority'
  | 'reason'
  | 'recordingId'
  | 'report'
  | 'role'
  | 'rule'
  | 'seconds'
  | 'sessionId'
  | 'side'
  | 'startMs'
  | 'status'
  | 'stepId'
  | 'supervisionId'
  | 'taskId'
  | 'talkedMs'
  | 'transferId'
  | 'timeZone'
  | 'to'
  | 'tries'
  | 'untilMs'
  | 'verb'
  | 'verdict'
  | 'version'
  | 'waitedMs'
  | 'who'
/** Personal values that public events may have. */
export type PersonalField = 'text' | 'number' | 'name' | 'table'

type Keys<Value> = Value extends unknown ? keyof Value : never
export interface EventRow<Fact> {
  readonly event: EventName
  readonly fields: readonly (Keys<Fact> & Field)[]
  readonly personal: readonly (Fact extends { personal: infer P } ? Keys<P> & PersonalField : never)[]
  /** values that take the place of those of the fact */
  readonly instead?: Instead
}
export type Instead = (fact: { about: About; data: { readonly [field: string]: unknown } }) => {
  readonly [F in Field]?: unknown
}
export type EventTable<Fact extends { type: string }> = {
  readonly [Type in Fact['type']]: EventRow<Extract<Fact, { type: Type }>> | null
}

/** `event` with these fields of the fact, and these of its personal values. */
export function as<const E extends EventName, const F extends Field = never, const P extends PersonalField = never>(
  event: E,
  fields: readonly F[] = [],
  personal: readonly P[] = [],
): { event: E; fields: readonly F[]; personal: readonly P[] } {
  return { event, fields, personal }
}
