/** What a number leads to, and how a choice in the page names it. */
import type { Answer } from '../../../wire/routes/row.ts'
import type { Routes } from '../../../wire/routes/table.ts'

export type Led = Answer<Routes['GET /v1.0/numbers/:number']>
/** The fields of the API, each with the word of its choice. */
export const KINDS = {
  flow: 'flow_id',
  queue: 'queue_id',
  ai: 'agent_id',
  desk: 'user_id',
  conference: 'conference_id',
  extension: 'extension_id',
} as const
export type Kind = keyof typeof KINDS

const kinds = Object.keys(KINDS) as Kind[]

/** `flow fl_1`, or `nobody`. */
export function choiceOf(led: Pick<Led, (typeof KINDS)[Kind]>): string {
  const kind = kinds.find(one => led[KINDS[one]] !== null)
  return kind === undefined ? 'nobody' : `${kind} ${led[KINDS[kind]]}`
}

/** What is sent for a choice: one thing, or nothing at all. */
export function leadOf(choice: string): { [Field in (typeof KINDS)[Kind]]?: string | null } {
  const [word = '', id = ''] = choice.split(' ', 2)
  const kind = kinds.find(one => one === word)
  if (kind !== undefined) return { [KINDS[kind]]: id }
  return Object.fromEntries(kinds.map(one => [KINDS[one], null]))
}
