/** Converts an agent's data to the texts of a form, and back to a body with numbers, lists and JSON, or to errors. */
import type { AiAgentBody, ToolName } from '../../../wire/ai-agent.ts'
import type { Problem } from '../../../wire/api.ts'

export type FieldError = NonNullable<Problem['fields']>[number]

export interface HttpToolDraft {
  name: string
  description: string
  method: 'GET' | 'POST'
  url: string
  /** JSON Schema, as text */
  input: string
  /** the server returns the values empty, and keeps the saved value if an empty one is sent */
  secretHeaders: { name: string; value: string }[]
}

export interface AgentDraft
  extends Omit<
    AiAgentBody,
    'hints' | 'neverSay' | 'httpTools' | 'limits' | 'turnSilenceMs' | 'silenceSeconds' | 'phrases'
  > {
  /** one per line */
  hints: string
  /** one per line */
  neverSay: string
  httpTools: HttpToolDraft[]
  durationMinutes: string
  costDollars: string
  /** empty: none */
  turnSilenceMs: string
  silenceSeconds: string
  phrases: Record<PhraseName, string>
}

export const PHRASES = ['wait', 'stillThere', 'goodbye', 'apology', 'timeUp'] as const
export type PhraseName = (typeof PHRASES)[number]

/** Title and explanation of each tool, in the order of the form. */
export const TOOL_WORDS: Record<ToolName, [title: string, words: string]> = {
  transfer_call: ['Transfer the call', 'Hands the caller to somebody of the directory below.'],
  end_call: ['End the call', 'Hangs up after its last words.'],
  leave_voicemail: ['Leave a voicemail', 'Speaks a message after the tone of an answering machine, then hangs up.'],
  opt_out: ['Do not call again', 'Puts the caller on the do-not-call list. It always has this one.'],
  book_callback: ['Note a callback', 'Writes down when the caller wants to be called back.'],
  lookup_contact: ['Look up the caller', 'Sees the contact of the person on the line, and nobody else.'],
  send_dtmf: ['Press keys', 'Finds its way through the menus of other systems.'],
  set_variable: ['Remember a value', 'Keeps a value for the rest of the call.'],
}

export const NEW_AGENT: AiAgentBody = {
  name: '',
  prompt: '',
  opening: '',
  openingUninterruptible: false,
  language: 'en-US',
  voice: '',
  driver: 'stream',
  model: '',
  hints: [],
  neverSay: [],
  tools: ['end_call', 'opt_out'],
  httpTools: [],
  directory: [],
  limits: { durationSeconds: 900, costCents: 500 },
  answering: { detect: true, voicemail: '' },
  trialContactId: '',
  record: true,
  turnSilenceMs: null,
  silenceSeconds: 12,
  phrases: {},
}

export const NEW_HTTP_TOOL: HttpToolDraft = {
  name: '',
  description: '',
  method: 'POST',
  url: 'https://',
  input: '{\n  "type": "object",\n  "properties": {}\n}',
  secretHeaders: [],
}

/** Makes the draft of a version. Fields that an older version lacks have the values of a new agent. */
export function draftOf(body: AiAgentBody): AgentDraft {
  const { hints, neverSay, httpTools, limits, turnSilenceMs, silenceSeconds, phrases, ...same } = {
    ...NEW_AGENT,
    ...body,
  }
  return {
    ...same,
    hints: hints.join('\n'),
    neverSay: neverSay.join('\n'),
    httpTools: httpTools.map(tool => ({
      ...tool,
      input: JSON.stringify(tool.input, null, 2),
      secretHeaders: Object.entries(tool.secretHeaders).map(([name, value]) => ({ name, value })),
    })),
    durationMinutes: String(limits.durationSeconds / 60),
    costDollars: String(limits.costCents / 100),
    turnSilenceMs: turnSilenceMs === null ? '' : String(turnSilenceMs),
    silenceSeconds: String(silenceSeconds),
    phrases: Object.fromEntries(PHRASES.map(name => [name, phrases[name] ?? ''])) as Record<PhraseName, string>,
  }
}

/** Makes the body to send. `errors` has only the fields that could not be converted; the server checks the others. */
export function bodyOf(draft: AgentDraft): { body: AiAgentBody; errors: FieldError[] } {
  const { hints, neverSay, httpTools, durationMinutes, costDollars, turnSilenceMs, silenceSeconds, phrases, ...same } =
    draft
  const errors: FieldError[] = []
  const number = (field: string, text: string) => numberIn(text, field, errors)
  const body: AiAgentBody = {
    ...same,
    hints: linesOf(hints),
    neverSay: linesOf(neverSay),
    httpTools: httpTools.map((tool, at) => ({
      ...tool,
      input: schemaOf(tool.input, `httpTools.${at}.input`, errors),
      secretHeaders: headersOf(tool.secretHeaders),
    })),
    limits: {
      durationSeconds: Math.round(number('limits.durationSeconds', durationMinutes) * 60),
      costCents: Math.round(number('limits.costCents', costDollars) * 100),
    },
    turnSilenceMs: turnSilenceMs.trim() === '' ? null : number('turnSilenceMs', turnSilenceMs),
    silenceSeconds: number('silenceSeconds', silenceSeconds),
    // Without a phrase of its own, an agent uses ours in its language.
    phrases: Object.fromEntries(Object.entries(phrases).filter(([, words]) => words.trim() !== '')),
  }
  return { body, errors }
}

/** Splits a text into lines, trimmed and without empty ones. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
}

function headersOf(headers: HttpToolDraft['secretHeaders']): Record<string, string> {
  return Object.fromEntries(
    headers.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value]),
  )
}

function schemaOf(text: string, field: string, errors: FieldError[]): Record<string, unknown> {
  const schema = objectIn(text)
  if (schema === null) errors.push({ field, message: 'a JSON Schema of an object is needed' })
  return schema ?? {}
}

/** Parses JSON; null: the text is not JSON of an object. */
export function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** Reads a number as people type it. If it is none, an error is added for this field. */
export function numberIn(text: string, field: string, errors: FieldError[]): number {
  const value = Number(text.trim().replace(',', '.'))
  if (text.trim() !== '' && Number.isFinite(value)) return value
  errors.push({ field, message: 'a number is needed' })
  return 0
}

/** The first error message about this field or a field inside it. */
export function errorAt(errors: readonly FieldError[], path: string): string | undefined {
  return errors.find(({ field }) => field === path || field.startsWith(`${path}.`))?.message
}

/** The variables (`{name}`) in these texts, each once. */
export function variablesIn(...texts: string[]): string[] {
  const found = texts.flatMap(text =>
    [...text.matchAll(/\{([A-Za-z][A-Za-z0-9_]{0,31})\}/g)].map(match => match[1] ?? ''),
  )
  return [...new Set(found)]
}

const PATH_WORDS: Record<string, string> = {
  name: 'name',
  prompt: 'prompt',
  opening: 'opening',
  openingUninterruptible: 'whether the opening may be interrupted',
  language: 'language',
  voice: 'voice',
  model: 'model',
  hints: 'words to listen for',
  neverSay: 'what it never says',
  tools: 'tools',
  httpTools: 'tools of your own',
  directory: 'directory',
  'limits.durationSeconds': 'longest call',
  'limits.costCents': 'cost limit',
  record: 'recording',
  'answering.detect': 'who answers',
  'answering.voicemail': 'voicemail',
  trialContactId: 'CRM contact of a trial',
  turnSilenceMs: 'end of a turn',
  silenceSeconds: 'silence',
}

/** Names the fields that differ between two versions, in words. */
export function changedWords(paths: readonly string[]): string {
  if (paths.length === 0) return 'first version'
  const words = paths.map(path => PATH_WORDS[path] ?? (path.startsWith('phrases') ? 'phrases' : path))
  return [...new Set(words)].join(', ')
}
