import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { SOUNDS } from './grammar.ts'
import { fit, mayFit, type Net, netOf, sightings } from './matching.ts'
import { type Phrase, PhraseError, partsOf, readPhrase } from './phrase.ts'
import { BUILT_IN, type Slot } from './slots.ts'
import { spokenWords } from './spoken-text.ts'

/** Scripts of the guided demo: JSON files, checked when they are loaded. How to write one: packages/phone-network/docs/speech.md. */

export interface ToolCall {
  tool: string
  /** JSON of any depth; `{name}` in its texts is filled in */
  arguments: Record<string, unknown>
  /** said when the tool has succeeded, and when it has failed; '' says nothing */
  done: string
  failed: string
  /** said when the request does not offer the tool */
  missing: string
}

export interface Rule {
  phrases: readonly Phrase[]
  nets: readonly Net[]
  answer: string
  call: ToolCall | null
  /** null: stays */
  next: string | null
}

export interface State {
  rules: readonly Rule[]
  /** said when nothing fits, to tell what can be understood here */
  unclear: string
}

export interface Script {
  name: string
  about: string
  /** `obey` does what it is told instead of following states */
  responder: 'states' | 'obey'
  greeting: string
  start: string
  variables: Readonly<Record<string, string>>
  slots: Readonly<Record<string, Slot>>
  /** word → its sounds, for words that the recogniser's dictionary does not have */
  pronunciations: Readonly<Record<string, string>>
  /** every word of every phrase */
  vocabulary: ReadonlySet<string>
  /** rules of every state, tried after its own */
  anywhere: readonly Rule[]
  states: ReadonlyMap<string, State>
}

/** A script that is refused; the message says which part and why. */
export class DialogueError extends Error {}

export const SCRIPTS_DIRECTORY = path.resolve(import.meta.dirname, '../scripts')
const PHRASES_MAX = 500
const STATES_MAX = 60
const TEXT_CHARS_MAX = 1_000

type Fields = Record<string, unknown>

function objectOf(value: unknown, where: string, keys: readonly string[] | null): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DialogueError(`${where} must be an object`)
  const unknown = keys === null ? undefined : Object.keys(value).find(key => !keys.includes(key))
  if (unknown !== undefined) throw new DialogueError(`${where} has no "${unknown}"; it may have ${keys?.join(', ')}`)
  return value as Fields
}

function textOf(value: unknown, where: string, otherwise?: string): string {
  if (value === undefined && otherwise !== undefined) return otherwise
  if (typeof value !== 'string') throw new DialogueError(`${where} must be a text`)
  if (value.length > TEXT_CHARS_MAX) throw new DialogueError(`${where} is longer than ${TEXT_CHARS_MAX} characters`)
  return value
}

function listOf(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw new DialogueError(`${where} must be a list`)
  return value
}

function textsOf(value: unknown, where: string): Record<string, string> {
  const entries = Object.entries(objectOf(value ?? {}, where, null))
  return Object.fromEntries(entries.map(([key, text]) => [key, textOf(text, `${where}.${key}`)]))
}

function phraseOf(value: unknown, where: string): Phrase {
  try {
    return readPhrase(textOf(value, where))
  } catch (error) {
    if (error instanceof PhraseError) throw new DialogueError(`${where}: ${error.message}`)
    throw error
  }
}

/** `{"sales": "sales [team]"}`: a value and the ways to say it. */
function slotOf(value: unknown, where: string): Slot {
  const entries = Object.entries(objectOf(value, where, null)).map(
    ([meant, said]) => [meant, phraseOf(said, `${where}.${meant}`)] as const,
  )
  if (entries.length === 0) throw new DialogueError(`${where} is empty`)
  const waysToSay = entries.map(([meant, phrase]) => [meant, new Set(expansionsOf(phrase))] as const)
  return {
    phrase: { type: 'one', parts: entries.map(([, phrase]) => phrase) },
    value: words => waysToSay.find(([, ways]) => ways.has(words.join(' ')))?.[0] ?? words.join(' '),
  }
}

const EXPANSIONS_MAX = 200

/** All texts of a phrase without slots. */
function expansionsOf(phrase: Phrase): string[] {
  const join = (left: string[], right: string[]): string[] => {
    if (left.length * right.length > EXPANSIONS_MAX)
      throw new DialogueError(`a slot with over ${EXPANSIONS_MAX} ways to say it`)
    return left.flatMap(one => right.map(other => `${one} ${other}`.trim()))
  }
  if (phrase.type === 'word') return [phrase.word]
  if (phrase.type === 'one') return phrase.parts.flatMap(expansionsOf)
  if (phrase.type === 'maybe') return ['', ...expansionsOf(phrase.part)]
  if (phrase.type === 'all') return phrase.parts.map(expansionsOf).reduce(join, [''])
  throw new DialogueError('the words of a slot cannot name slots')
}

function pronunciationsOf(value: unknown, where: string): Record<string, string> {
  const entries = Object.entries(objectOf(value ?? {}, where, null)).map(([word, said]) => {
    const sounds = textOf(said, `${where}.${word}`).trim()
    const unknown = sounds.split(/ +/).find(sound => !SOUNDS.includes(sound))
    if (unknown !== undefined) throw new DialogueError(`${where}.${word}: "${unknown}" is none of ${SOUNDS.join(' ')}`)
    return [word, sounds] as const
  })
  return Object.fromEntries(entries)
}

function callOf(value: unknown, where: string): ToolCall | null {
  if (value === undefined) return null
  const raw = objectOf(value, where, ['tool', 'arguments', 'done', 'failed', 'missing'])
  return {
    tool: textOf(raw.tool, `${where}.tool`),
    arguments: objectOf(raw.arguments ?? {}, `${where}.arguments`, null),
    done: textOf(raw.done, `${where}.done`, ''),
    failed: textOf(raw.failed, `${where}.failed`, 'I am sorry, that did not work.'),
    missing: textOf(raw.missing, `${where}.missing`, 'I am sorry, I cannot do that here.'),
  }
}

function ruleOf(value: unknown, where: string, slots: Readonly<Record<string, Slot>>): Rule {
  const raw = objectOf(value, where, ['say', 'answer', 'call', 'next'])
  const phrases = listOf(raw.say, `${where}.say`).map((said, index) => phraseOf(said, `${where}.say[${index}]`))
  if (phrases.length === 0) throw new DialogueError(`${where}.say is empty`)
  for (const part of phrases.flatMap(phrase => [...partsOf(phrase)])) {
    if (part.type === 'slot' && !Object.hasOwn(slots, part.name))
      throw new DialogueError(`${where}: there is no slot {${part.name}}`)
  }
  const call = callOf(raw.call, `${where}.call`)
  const answer = textOf(raw.answer, `${where}.answer`, '')
  if (answer === '' && call === null) throw new DialogueError(`${where} neither answers nor calls`)
  const next = raw.next === undefined ? null : textOf(raw.next, `${where}.next`)
  return { phrases, nets: phrases.map(phrase => netOf(phrase, slots)), answer, call, next }
}

function rulesOf(value: unknown, where: string, slots: Readonly<Record<string, Slot>>): Rule[] {
  return listOf(value ?? [], where).map((rule, index) => ruleOf(rule, `${where}[${index}]`, slots))
}

function statesOf(raw: Fields, where: string, slots: Readonly<Record<string, Slot>>): Map<string, State> {
  const unclear = textOf(raw.unclear, `${where}.unclear`, 'I am sorry, I did not understand.')
  const states = Object.entries(objectOf(raw.states ?? {}, `${where}.states`, null)).map(([name, value]) => {
    const state = objectOf(value, `${where}.states.${name}`, ['rules', 'unclear'])
    const rules = rulesOf(state.rules, `${where}.states.${name}.rules`, slots)
    return [name, { rules, unclear: textOf(state.unclear, `${where}.states.${name}.unclear`, unclear) }] as const
  })
  if (states.length > STATES_MAX) throw new DialogueError(`${where} has more than ${STATES_MAX} states`)
  return new Map(states)
}

const KEYS = [
  'about',
  'responder',
  'greeting',
  'start',
  'variables',
  'slots',
  'pronunciations',
  'anywhere',
  'states',
  'unclear',
]

/** Checks a script from outside. Throws `DialogueError`. */
export function readScript(name: string, value: unknown): Script {
  const raw = objectOf(value, name, KEYS)
  const responder = textOf(raw.responder, `${name}.responder`, 'states')
  if (responder !== 'states' && responder !== 'obey') throw new DialogueError(`${name}.responder is states or obey`)
  const own = Object.entries(objectOf(raw.slots ?? {}, `${name}.slots`, null)).map(
    ([slot, ways]) => [slot, slotOf(ways, `${name}.slots.${slot}`)] as const,
  )
  const slots = { ...BUILT_IN, ...Object.fromEntries(own) }
  const states = statesOf(raw, name, slots)
  const anywhere = rulesOf(raw.anywhere, `${name}.anywhere`, slots)
  const start = textOf(raw.start, `${name}.start`, 'start')
  const rules = [...anywhere, ...[...states.values()].flatMap(state => state.rules)]
  for (const next of [start, ...rules.map(rule => rule.next ?? start)]) {
    if (responder === 'states' && !states.has(next)) throw new DialogueError(`${name} has no state "${next}"`)
  }
  if (rules.reduce((sum, rule) => sum + rule.phrases.length, 0) > PHRASES_MAX) {
    throw new DialogueError(`${name} has more than ${PHRASES_MAX} phrases`)
  }
  return {
    name,
    about: textOf(raw.about, `${name}.about`, ''),
    responder,
    greeting: textOf(raw.greeting, `${name}.greeting`),
    start,
    variables: textsOf(raw.variables, `${name}.variables`),
    slots,
    pronunciations: pronunciationsOf(raw.pronunciations, `${name}.pronunciations`),
    vocabulary: new Set(rules.flatMap(rule => rule.nets.flatMap(net => [...net.words]))),
    anywhere,
    states,
  }
}

/** All scripts of a folder, by file name. Throws `DialogueError` for the first that is wrong. */
export function loadScripts(directory = SCRIPTS_DIRECTORY): Map<string, Script> {
  const scripts = new Map<string, Script>()
  for (const file of readdirSync(directory).sort()) {
    if (!file.endsWith('.json')) continue
    const name = path.basename(file, '.json')
    let value: unknown
    try {
      value = JSON.parse(readFileSync(path.join(directory, file), 'utf8'))
    } catch (error) {
      throw new DialogueError(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
    scripts.set(name, readScript(name, value))
  }
  return scripts
}

/** Phrases of a state with those of everywhere, or of all states. Throws `DialogueError` for a state that is not there. */
export function phrasesOf(script: Script, state: string | null): Phrase[] {
  const found = state === null ? [...script.states.values()] : [script.states.get(state)]
  if (found.includes(undefined)) throw new DialogueError(`${script.name} has no state "${state}"`)
  return [...script.anywhere, ...found.flatMap(each => each?.rules ?? [])].flatMap(rule => rule.phrases)
}

export interface Found {
  rule: Rule
  /** slot → value */
  values: Record<string, string>
}

/** Matches are cached per script, because every request walks through the whole conversation again. */
const FOUND_MAX = 5_000
const found = new WeakMap<Script, Map<string, Found | null>>()

/** The best rule of a state for a text, with the values of its slots; null when none fits. */
export function ruleFor(script: Script, state: string, text: string): Found | null {
  const words = spokenWords(text)
  const known = found.get(script) ?? new Map<string, Found | null>()
  found.set(script, known)
  const key = `${state} ${words.join(' ')}`
  const before = known.get(key)
  if (before !== undefined) return before
  const [oldest] = known.keys()
  if (known.size >= FOUND_MAX && oldest !== undefined) known.delete(oldest)
  const now = bestRule(script, state, words)
  known.set(key, now)
  return now
}

function bestRule(script: Script, state: string, words: readonly string[]): Found | null {
  const heard = sightings(words, script.vocabulary)
  let best: { rule: Rule; cost: number; weight: number; slots: Record<string, string[]> } | null = null
  for (const rule of [...(script.states.get(state)?.rules ?? []), ...script.anywhere]) {
    for (const net of rule.nets) {
      const found = mayFit(net, heard) ? fit(net, words) : null
      if (!found || (best && (found.cost > best.cost || (found.cost === best.cost && found.weight <= best.weight))))
        continue
      best = { rule, ...found }
    }
  }
  if (!best) return null
  const values = Object.entries(best.slots).map(
    ([slot, said]) => [slot, script.slots[slot]?.value(said) ?? said.join(' ')] as const,
  )
  return { rule: best.rule, values: Object.fromEntries(values) }
}
