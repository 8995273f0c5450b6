/** The verbs of flows: one table. A verb that is not here does not exist, neither at save nor in a running flow. */
import type { Json, Option } from '../flow.ts'
import { AI } from './ai.ts'
import { BRANCHING } from './branching.ts'
import { CALL } from './call.ts'
import { DIGITS } from './digits.ts'
import { OUTSIDE } from './outside.ts'
import { RECORDING } from './recording.ts'
import { ROOMS } from './rooms.ts'
import { SPEECH } from './speech.ts'
import type { Verb } from './verb.ts'

export const VERBS = { ...SPEECH, ...DIGITS, ...BRANCHING, ...CALL, ...ROOMS, ...RECORDING, ...OUTSIDE, ...AI }
export type VerbName = keyof typeof VERBS
type NotYet = { [Name in VerbName]: (typeof VERBS)[Name] extends { notYet: string } ? Name : never }[VerbName]
/** Verbs that a flow may have today. */
export type LiveVerb = Exclude<VerbName, NotYet>

/** Other names of verbs, as the seed's documents and older programs write them. */
export const ALIASES: Readonly<Record<string, VerbName>> = {
  conf_join: 'conference_join',
  record_start: 'recording_start',
  record_stop: 'recording_stop',
  originate: 'call',
}

/** The table's own name of a verb; null: there is no such verb. */
export function verbName(type: string): VerbName | null {
  const name = Object.hasOwn(ALIASES, type) ? ALIASES[type] : type
  return name !== undefined && Object.hasOwn(VERBS, name) ? (name as VerbName) : null
}

/** The row of a verb. */
export function verbOf(name: VerbName): Verb {
  return VERBS[name]
}

/** The option with the defaults of its verb where it says nothing. */
export function withDefaults(name: VerbName, option: Option): Option {
  return { ...(DEFAULTS.get(name) ?? defaultsOf(name)), ...option }
}

/** A running flow asks at every step, so they are gathered once for each verb. */
const DEFAULTS = new Map<VerbName, Option>()

function defaultsOf(name: VerbName): Option {
  const full: Record<string, Json> = {}
  for (const { name: key, default: value } of verbOf(name).fields) if (value !== undefined) full[key] = value
  DEFAULTS.set(name, full)
  return full
}
