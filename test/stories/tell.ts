/**
 * A story is a transcript: what happens, line by line, and below each line the facts and effects that the machine must
 * answer with. `STORIES=rewrite` writes those lines anew; a change of behaviour is then read as a change of prose.
 *
 * ```
 * # A sentence that says what the story shows.
 * machine batch
 *
 * round of ada: ann, bob
 *   fact   batch-opened
 * +2s ann answers
 * ```
 */
import { type AnyEffect, type Machine, step, type Timed } from '../../src/core/machine.ts'

export const T0 = 1_000_000_000

/** A line of a story in the machine's own words; null: not this phrase. `ask` reads the state and changes nothing. */
export interface Phrase<State, Input> {
  pattern: RegExp
  input?: (words: string[], now: number, state: State) => Input
  ask?: (words: string[], state: State, now: number) => string[]
  /** a reason not to commit the input, as a screen would be told */
  refuse?: (input: Input, state: State) => string | null
}
export interface Tongue<State, Input extends Timed, Fact extends Timed, Effect extends AnyEffect> {
  machine: Machine<State, Input, Fact, Effect>
  phrases: Phrase<State, Input>[]
}

/** The whole story again, with what the machine answers now. Throws on a line that no phrase matches. */
export function retell<State, Input extends Timed, Fact extends Timed, Effect extends AnyEffect>(
  text: string,
  tongue: Tongue<State, Input, Fact, Effect>,
): string {
  let state = tongue.machine.initial
  let now = T0
  const out: string[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('  ')) continue
    out.push(line)
    if (line === '' || line.startsWith('#') || line.startsWith('machine ')) continue
    const [, wait = '', words = line] = /^\+([\d.]+)s (.*)$/.exec(line) ?? []
    now += Math.round(Number(wait) * 1_000)
    const said = say(tongue, state, words, now)
    state = said.state
    out.push(...said.lines.map(one => `  ${one}`))
  }
  return out.join('\n')
}

function say<State, Input extends Timed, Fact extends Timed, Effect extends AnyEffect>(
  { machine, phrases }: Tongue<State, Input, Fact, Effect>,
  state: State,
  line: string,
  now: number,
): { state: State; lines: string[] } {
  for (const { pattern, input, ask, refuse } of phrases) {
    const found = pattern.exec(line)
    if (!found) continue
    const words = found.slice(1).map(word => word ?? '')
    if (ask) return { state, lines: ask(words, state, now) }
    if (!input) break
    const heard = input(words, now, state)
    const refusal = refuse?.(heard, state) ?? null
    if (refusal !== null) return { state, lines: [`refused ${refusal}`] }
    const next = step(machine, state, heard)
    const lines = [
      ...next.facts.map(fact => `fact   ${told(fact)}`),
      ...next.effects.map(effect => `effect ${toldEffect(effect)}`),
    ]
    return { state: next.state, lines: lines.length > 0 ? lines : ['(nothing)'] }
  }
  throw new Error(`nobody understands the line "${line}"`)
}

/** Fields that stories leave out, because they are long and the same in every story. */
const UNTOLD = new Set([
  'type',
  'at',
  'class',
  'personal',
  'policy',
  'delivery',
  'settings',
  'links',
  'party',
  'options',
  'agent',
])

function told(value: object): string {
  const { type } = value as { type: string }
  const rest = Object.entries(value).filter(([key, one]) => !UNTOLD.has(key) && one !== null)
  return [type, ...rest.map(([key, one]) => `${key}=${word(one)}`)].join(' ')
}

function word(value: unknown): string {
  if (typeof value === 'number') return value >= T0 ? `+${(value - T0) / 1_000}s` : String(value)
  if (Array.isArray(value)) return `[${value.map(word).join(' ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  if ('leaseId' in value) return String(value.leaseId)
  if ('callId' in value) return String(value.callId)
  if ('askId' in value) return String(value.askId)
  const fields = Object.entries(value).filter(([, one]) => one !== null && typeof one !== 'object')
  return `{${fields.map(([key, one]) => `${key}=${word(one)}`).join(' ')}}`
}

/** `once`: it must not be performed twice; every other effect may be. */
function toldEffect(effect: object): string {
  return 'delivery' in effect && effect.delivery === 'once' ? `once ${told(effect)}` : told(effect)
}

/** `ann, bob and cy` */
export function names(list: string): string[] {
  return list.split(/, | and /).filter(name => name !== '')
}
