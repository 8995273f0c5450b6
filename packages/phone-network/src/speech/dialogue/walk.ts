import { type Rule, ruleFor, type Script } from './script-file.ts'

/**
 * The state of a conversation, computed from its messages alone, because the server keeps nothing. Each message of the
 * caller is one step through the script, and each result of a tool fills in variables.
 */

export interface Turn {
  role: 'system' | 'user' | 'assistant' | 'tool'
  text: string
}

export interface Reply {
  text: string
  calls: { tool: string; arguments: Record<string, unknown> }[]
}

export interface Standing {
  state: string
  variables: Record<string, string>
  /** what has just happened, and is to be answered */
  event:
    | { type: 'opening' }
    | { type: 'said'; rule: Rule }
    | { type: 'unclear' }
    | { type: 'called'; rule: Rule; failed: boolean }
}

const TRANSFER = 'transfer_call'
const TRANSFER_LOST = /\btransfer came to nothing\b/gi
const VARIABLES_MAX = 100
const VALUE_CHARS_MAX = 300
const NAME = /^[a-z][a-z0-9_]*$/
const WENT_WRONG = /\b(came to nothing|failed|did not work|nobody (answered|is there))\b/i

function keep(variables: Record<string, string>, name: string, value: unknown): void {
  const key = name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
  const simple = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  if (!simple || !NAME.test(key) || (!(key in variables) && Object.keys(variables).length >= VARIABLES_MAX)) return
  variables[key] = String(value).trim().slice(0, VALUE_CHARS_MAX)
}

/** `name: value` lines of a system prompt, with or without a dash before them. */
export function promptVariables(prompt: string): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const [, name = '', value = ''] of prompt.matchAll(/^[-* ]*([A-Za-z][A-Za-z0-9_ -]{0,30}):[ \t]+(\S.*)$/gm)) {
    keep(variables, name, value.replace(/^"(.*)"$/, '$1'))
  }
  return variables
}

function resultOf(text: string): { values: Record<string, unknown>; failed: boolean } {
  let value: unknown = text
  try {
    value = JSON.parse(text)
  } catch {
    // A result may be plain words.
  }
  if (typeof value !== 'object' || value === null) {
    return {
      values: {},
      failed: value === false || /^\W*(error|fail|not |no |denied|refused|unknown)/i.test(String(value)),
    }
  }
  const values = value as Record<string, unknown>
  const status = String(values.result ?? values.status ?? '')
  const no = [values.ok, values.success, values.found].includes(false)
  return {
    values,
    failed: no || ('error' in values && values.error !== null) || /^(fail|error|refused|denied|not\b)/i.test(status),
  }
}

/** Walks through all messages; `{said_before}` is what the caller said before the last words. `offers`: does the request know this tool? */
export function walk(script: Script, turns: readonly Turn[], offers: (tool: string) => boolean): Standing {
  const variables: Record<string, string> = { ...script.variables }
  let state = script.start
  let event: Standing['event'] = { type: 'opening' }
  let waiting: Rule | null = null
  let said = ''
  let transfers = 0
  for (const turn of turns) {
    if (turn.role === 'system') Object.assign(variables, promptVariables(turn.text))
    if (turn.role === 'user') {
      variables.said_before = said === '' ? 'nothing else' : said
      // Text in brackets was not spoken: some models need a first message of the user.
      said = /^[([]/.test(turn.text.trim()) ? said : turn.text.trim().slice(0, VALUE_CHARS_MAX)
      const found = ruleFor(script, state, turn.text)
      waiting = found?.rule.call && offers(found.rule.call.tool) ? found.rule : null
      event = found ? { type: 'said', rule: found.rule } : { type: 'unclear' }
      Object.assign(variables, found?.values)
      state = found?.rule.next ?? state
    }
    if (turn.role === 'tool') {
      const { values, failed } = resultOf(turn.text)
      for (const [name, value] of Object.entries(values)) keep(variables, name, value)
      if (waiting) event = { type: 'called', rule: waiting, failed }
      if (waiting?.call?.tool === TRANSFER) transfers += 1
      waiting = null
    }
  }
  // A transfer may fail after its tool has reported that it rings; then the system prompt says so.
  const lost = turns.filter(turn => turn.role === 'system').flatMap(turn => turn.text.match(TRANSFER_LOST) ?? []).length
  if (event.type === 'called' && event.rule.call?.tool === TRANSFER && lost >= transfers) event.failed = true
  // The request comes without new words of the caller: the system prompt tells how the tool ended.
  const isNews =
    turns.at(-1)?.role === 'assistant' && turns.some(turn => turn.role === 'system' && WENT_WRONG.test(turn.text))
  if (event.type === 'called' && isNews) event = { ...event, failed: true }
  return { state, variables, event }
}

/** `{name}` → its value; a name without a value → nothing. */
export function filled(text: string, variables: Readonly<Record<string, string>>): string {
  return text
    .replace(/\{([a-z][a-z0-9_]*)\}/g, (_, name: string) =>
      Object.hasOwn(variables, name) ? (variables[name] ?? '') : '',
    )
    .replace(/ {2,}/g, ' ')
    .replace(/ ([.,!?])/g, '$1')
    .trim()
}

/** The same in every text of a JSON value. */
export function filledDeep(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return filled(value, variables)
  if (Array.isArray(value)) return value.map(each => filledDeep(each, variables))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filledDeep(each, variables)]))
}

/** The script's reply. The same messages always give the same reply. */
export function replyOf(script: Script, turns: readonly Turn[], offers: (tool: string) => boolean): Reply {
  const { state, variables, event } = walk(script, turns, offers)
  const say = (text: string): Reply => ({ text: filled(text, variables), calls: [] })
  switch (event.type) {
    case 'opening':
      return say(script.greeting)
    case 'unclear':
      return say(script.states.get(state)?.unclear ?? '')
    case 'called':
      return say((event.failed ? event.rule.call?.failed : event.rule.call?.done) ?? '')
    case 'said': {
      const { answer, call } = event.rule
      if (call === null) return say(answer)
      if (!offers(call.tool)) return say(call.missing)
      const values = filledDeep(call.arguments, variables) as Record<string, unknown>
      return { text: filled(answer, variables), calls: [{ tool: call.tool, arguments: values }] }
    }
  }
}
