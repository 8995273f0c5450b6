/** Converts a scenario to the lines and texts of a form, for people who write no JSON, and back to a body or errors. */
import type { CallerAct, RehearsalBody, Scenario } from '../../../wire/scenario.ts'
import { type FieldError, linesOf, numberIn, objectIn } from './agent-draft.ts'

export type ActKind = 'listen' | 'say' | 'pause' | 'press' | 'hangUp'
export interface ActDraft {
  kind: ActKind
  /** words, seconds or keys */
  text: string
}

export type ExpectKind = 'agent' | 'caller' | 'tool' | 'note'
export interface ExpectDraft {
  kind: ExpectKind
  /** words, a tool's name, or a happening */
  text: string
  withinMs: string
  interrupted: '' | 'yes' | 'no'
  wordsMax: string
  /** JSON: arguments of a tool, data of a happening */
  data: string
}

export interface ScenarioDraft {
  name: string
  about: string
  persona: string
  voice: string
  acts: ActDraft[]
  expect: ExpectDraft[]
  /** one per line */
  neverSaid: string
  neverHeard: string
  neverTools: string[]
  neverNotes: string[]
  end: RehearsalBody['end']
  atMostSeconds: string
  /** JSON by tool name */
  answers: string
}

export const ACT_WORDS: readonly (readonly [ActKind, string])[] = [
  ['listen', 'Listens'],
  ['say', 'Says'],
  ['pause', 'Waits, seconds'],
  ['press', 'Presses keys'],
  ['hangUp', 'Hangs up'],
]
export const EXPECT_WORDS: readonly (readonly [ExpectKind, string])[] = [
  ['agent', 'The AI says'],
  ['caller', 'Understood as'],
  ['tool', 'It uses a tool'],
  ['note', 'It happens that'],
]
export const NOTE_WORDS: readonly (readonly [string, string])[] = [
  ['interrupted', 'the caller interrupts'],
  ['resumed', 'it goes on after a false alarm'],
  ['silence-prompted', 'nobody speaks and the AI asks'],
  ['keys-pressed', 'keys are pressed'],
  ['failed', 'a provider fails'],
  ['closing', 'the AI says goodbye'],
]
export const END_WORDS: readonly (readonly [RehearsalBody['end'], string])[] = [
  ['none', 'Somebody hangs up, or the AI hands over'],
  ['goodbye', 'The AI says goodbye'],
  ['silence', 'The AI gives up on a silent caller'],
  ['limit', 'The AI reaches a limit'],
  ['failure', 'The AI apologises for a failure'],
]

export const NEW_EXPECT: ExpectDraft = {
  kind: 'agent',
  text: '',
  withinMs: '',
  interrupted: '',
  wordsMax: '',
  data: '',
}

/** The draft of a new scenario: a question and its answer, as most scenarios have. */
export const NEW_SCENARIO: ScenarioDraft = {
  name: '',
  about: '',
  persona: '',
  voice: '',
  acts: [
    { kind: 'listen', text: '' },
    { kind: 'say', text: '' },
    { kind: 'listen', text: '' },
    { kind: 'hangUp', text: '' },
  ],
  expect: [NEW_EXPECT],
  neverSaid: '',
  neverHeard: '',
  neverTools: [],
  neverNotes: [],
  end: 'none',
  atMostSeconds: '60',
  answers: '',
}

export function draftOf({ name, body }: Pick<Scenario, 'name' | 'body'>): ScenarioDraft {
  const { about, caller, expect, never, end, atMostSeconds, answers } = body
  return {
    name,
    about,
    persona: caller.persona,
    voice: caller.voice,
    acts: caller.acts.map(actDraft),
    expect: expect.map(expectDraft),
    neverSaid: never.said.join('\n'),
    neverHeard: never.heard.join('\n'),
    neverTools: never.tools,
    neverNotes: never.notes,
    end,
    atMostSeconds: String(atMostSeconds),
    answers: Object.keys(answers).length === 0 ? '' : JSON.stringify(answers, null, 2),
  }
}

function actDraft(act: CallerAct): ActDraft {
  if ('say' in act) return { kind: 'say', text: act.say }
  if ('pauseMs' in act) return { kind: 'pause', text: String(act.pauseMs / 1000) }
  if ('press' in act) return { kind: 'press', text: act.press }
  return { kind: 'listen' in act ? 'listen' : 'hangUp', text: '' }
}

function expectDraft(one: RehearsalBody['expect'][number]): ExpectDraft {
  const text = (value: unknown) => (value === undefined ? '' : typeof value === 'number' ? String(value) : json(value))
  if ('agent' in one) {
    const interrupted = one.interrupted === undefined ? '' : one.interrupted ? 'yes' : 'no'
    const [withinMs, wordsMax] = [text(one.withinMs), text(one.wordsMax)]
    return { ...NEW_EXPECT, text: one.agent, interrupted, withinMs, wordsMax }
  }
  if ('caller' in one) return { ...NEW_EXPECT, kind: 'caller', text: one.caller }
  if ('tool' in one)
    return { ...NEW_EXPECT, kind: 'tool', text: one.tool, withinMs: text(one.withinMs), data: text(one.arguments) }
  return { ...NEW_EXPECT, kind: 'note', text: one.note, data: text(one.data) }
}

function json(value: unknown): string {
  return JSON.stringify(value)
}

/** Makes the body to send. `errors` has only the fields that could not be converted; the server checks the others. */
export function bodyOf(draft: ScenarioDraft): { body: RehearsalBody; errors: FieldError[] } {
  const errors: FieldError[] = []
  const object = (field: string, text: string): Record<string, unknown> => {
    if (text.trim() === '') return {}
    const value = objectIn(text)
    if (value === null) errors.push({ field, message: 'JSON is needed, like {"name": "value"}' })
    return value ?? {}
  }
  const number = (field: string, text: string) => numberIn(text, field, errors)
  const body: RehearsalBody = {
    about: draft.about,
    caller: {
      persona: draft.persona,
      voice: draft.voice,
      acts: draft.acts.map((act, at) => actOf(act, text => number(`caller.acts.${at}`, text))),
    },
    expect: draft.expect.map((one, at) => expectOf(one, `expect.${at}`, number, object)),
    never: {
      said: linesOf(draft.neverSaid),
      heard: linesOf(draft.neverHeard),
      tools: draft.neverTools,
      notes: draft.neverNotes,
    },
    end: draft.end,
    atMostSeconds: number('atMostSeconds', draft.atMostSeconds),
    answers: object('answers', draft.answers),
  }
  return { body, errors }
}

function actOf({ kind, text }: ActDraft, number: (text: string) => number): CallerAct {
  switch (kind) {
    case 'listen':
      return { listen: true }
    case 'say':
      return { say: text }
    case 'pause':
      return { pauseMs: Math.round(number(text) * 1000) }
    case 'press':
      return { press: text.trim() }
    case 'hangUp':
      return { hangUp: true }
  }
}

function expectOf(
  { kind, text, withinMs, interrupted, wordsMax, data }: ExpectDraft,
  field: string,
  number: (field: string, text: string) => number,
  object: (field: string, text: string) => Record<string, unknown>,
): RehearsalBody['expect'][number] {
  const within = withinMs.trim() === '' ? {} : { withinMs: number(field, withinMs) }
  switch (kind) {
    case 'agent':
      return {
        agent: text,
        ...within,
        ...(interrupted === '' ? {} : { interrupted: interrupted === 'yes' }),
        ...(wordsMax.trim() === '' ? {} : { wordsMax: number(field, wordsMax) }),
      }
    case 'caller':
      return { caller: text }
    case 'tool':
      return { tool: text, ...within, ...(data.trim() === '' ? {} : { arguments: object(field, data) }) }
    case 'note':
      return { note: text, ...(data.trim() === '' ? {} : { data: object(field, data) }) }
  }
}

/** The scenario as JSON, in the format of the files in `scenarios/`. */
export function jsonOf(draft: ScenarioDraft): string {
  return JSON.stringify(bodyOf(draft).body, null, 2)
}

/** Parses typed JSON; null: it is not JSON of an object. The server checks its fields. */
export function bodyOfJson(text: string): RehearsalBody | null {
  return objectIn(text) as RehearsalBody | null
}

/** Makes a draft of JSON; null: the form cannot show it, so it stays JSON. */
export function draftOfJson(name: string, text: string): ScenarioDraft | null {
  const body = objectIn(text) as Partial<RehearsalBody> | null
  if (body === null) return null
  try {
    const plain = bodyOf(NEW_SCENARIO).body
    const caller = { ...plain.caller, ...body.caller }
    return draftOf({ name, body: { ...plain, ...body, caller, never: { ...plain.never, ...body.never } } })
  } catch {
    return null
  }
}
