/**
 * What a row of the verbs table says. The schema of the wire, the page of the docs, the palette and forms of the editor and the check at save
 * are made from these rows, so everything that they need stands here as plain data.
 */

/** What a field takes. `step`: the id of a step of this flow; `steps-by-value`: a value → such an id. */
export type FieldKind =
  | 'text'
  | 'integer'
  | 'number'
  | 'yes-no'
  | 'choice'
  | 'url'
  | 'urls'
  | 'texts'
  | 'step'
  | 'steps-by-value'
  | 'variable'
  | 'variables'
  | 'address'
  | 'addresses'
  | 'actions'
  | 'integers'
  | 'intervals'
  | 'dates'
  | 'zone'
  | 'object'

/** One option of a verb. */
export interface Field {
  name: string
  kind: FieldKind
  help: string
  required?: true
  default?: string | number | boolean
  /** of a number: its value; of a text, a list, a map: its length */
  min?: number
  max?: number
  /** of a `choice` */
  choices?: readonly string[]
  /** what a text must look like, as a pattern for the whole of it and in words */
  pattern?: { source: string; words: string }
  /** why a value other than the default is refused at save */
  notYet?: string
}

/**
 * What a verb does to the caller and to the world.
 * `speaks`: the caller hears something and the flow goes on by itself. `listens`: it waits for the caller. `waits`: time passes.
 * `branches`: it chooses the next step at once. `sets`: it changes variables at once. `asks-outside`: it waits for an answer of another actor or of
 * somebody else's server. `connects`: as `asks-outside`, and what comes back is a stack of steps that connects the caller. `owes`: an
 * effect that nobody waits for. `ends`: nothing comes after it.
 */
export type VerbClass =
  | 'speaks'
  | 'listens'
  | 'waits'
  | 'branches'
  | 'sets'
  | 'asks-outside'
  | 'connects'
  | 'owes'
  | 'ends'

/** What ends a verb, for the docs. */
export type VerbEnd =
  | 'at-once'
  | 'spoken'
  | 'time'
  | 'keys-or-time'
  | 'message-or-time'
  | 'answer-or-time'
  | 'party-gone'
  | 'never'

export interface Verb {
  label: string
  help: string
  /** the group in the palette of the editor */
  group: 'speech' | 'keys' | 'branching' | 'call' | 'rooms' | 'recording' | 'outside' | 'ai'
  class: VerbClass
  ends: VerbEnd
  /** `yes`: only on a call; `no`: anywhere; `never`: only where there is no call */
  call: 'yes' | 'no' | 'never'
  fields: readonly Field[]
  /** VoIPBIN's name for it, or ours */
  origin: 'voipbin' | 'trunkline'
  /** an error of it is noted and the flow goes on (reference A1); absent: an error ends the flow or takes its error branch */
  tolerant?: true
  /** how long the outside may take to answer, ms */
  answerMs?: number
  /** why a flow with it cannot be saved yet */
  notYet?: string
  /** VoIPBIN has it and says what to use instead */
  deprecated?: string
  /** only in a stack that one of our own actors has answered with, never in a flow that is saved */
  internal?: true
  /** the order of what the caller hears matters to it, so everything before it is heard first */
  afterSound?: true
}

type Rest = Omit<Field, 'name' | 'kind' | 'help'>
/** A field as one line. */
export function field(name: string, kind: FieldKind, help: string, rest: Rest = {}): Field {
  return { name, kind, help, ...rest }
}

/** Where a step goes when it fails. Every verb that can fail has it; without it the caller hears an apology. */
export const ERROR_TARGET = field('error_target_id', 'step', 'The step to go to when this one fails.')
export const LANGUAGE = field('language', 'text', 'Language of the voice, as en-US.', {
  default: 'en-US',
  max: 35,
  pattern: { source: '[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*', words: 'a language such as en-US' },
})
export const HOUR_MS = 3_600_000
export const MINUTE_MS = 60_000
/** The longest call of the carrier, 4 h: nothing on a call lasts longer. */
export const TALK_MS_MAX = 4 * HOUR_MS

/** How a caller is asked for a PIN. `asks`, `wrong`: what the two texts are for. */
export function pinFields(asks: string, text: string, wrong: string): Field[] {
  const words = { min: 1, max: 4_096 }
  return [
    field('pin_text', 'text', asks, { default: text, ...words }),
    field('pin_wrong_text', 'text', wrong, { default: 'This PIN is not right. Please try again.', ...words }),
    field('pin_timeout', 'integer', 'How long the keys are waited for, ms.', {
      default: 15_000,
      min: 3_000,
      max: 60_000,
    }),
    field('language', 'text', 'Language of the voice, as en-US.', { default: 'en-US', max: 35 }),
  ]
}
