/** Checks the option of an action against the fields of its verb. */
import { isZone } from '../clearance/local-time.ts'
import { type Json, URL_CHARS_MAX } from './flow.ts'
import { isHoliday, wrongInterval } from './hours.ts'
import { isVariableName, nameOf } from './variables.ts'
import type { Field, FieldKind, Verb } from './verbs/verb.ts'

export interface FieldProblem {
  field: string
  message: string
}

/** Types of an address: who is called. Those of VoIPBIN that this house can reach. */
export const ADDRESS_TYPES = ['tel', 'sip', 'extension', 'agent', 'conference', 'queue', 'ai'] as const
const TEXT_CHARS = 32_768
const OBJECT_KEYS = 50

/** Everything that is wrong with the fields of one option. */
export function checkOption(verb: Verb, option: { readonly [field: string]: unknown }): FieldProblem[] {
  const problems: FieldProblem[] = []
  for (const name of Object.keys(option))
    if (!verb.fields.some(one => one.name === name)) problems.push({ field: name, message: 'there is no such option' })
  for (const one of verb.fields) {
    const value = Object.hasOwn(option, one.name) ? option[one.name] : undefined
    const message = value === undefined ? missing(one) : wrongValue(one, value)
    if (message !== null) problems.push({ field: one.name, message })
  }
  return problems
}

function missing({ required }: Field): string | null {
  return required ? 'it is missing' : null
}

function wrongValue(one: Field, value: unknown): string | null {
  const wrong = KINDS[one.kind](value, one)
  if (wrong !== null) return wrong
  // The default, and what is as good as nothing, asks for nothing that is not there yet.
  const idle = value === one.default || value === '' || value === false || value === 'no' || value === 'none'
  return one.notYet !== undefined && !idle ? `not yet: ${one.notYet}` : null
}

const KINDS: Record<FieldKind, (value: unknown, one: Field) => string | null> = {
  text: wrongText,
  integer: (value, one) => (Number.isSafeInteger(value) ? wrongSize(value as number, one) : 'it is a whole number'),
  number: (value, one) => (Number.isFinite(value) ? wrongSize(value as number, one) : 'it is a number'),
  'yes-no': value => (typeof value === 'boolean' ? null : 'it is true or false'),
  choice: (value, { choices = [] }) =>
    typeof value === 'string' && choices.includes(value) ? null : `it is one of ${shown(choices)}`,
  url: value => wrongUrl(value),
  urls: (value, one) => wrongList(value, one, wrongUrl),
  texts: (value, one) => wrongList(value, one, text => wrongText(text, { ...one, min: 0, max: 1_024 })),
  step: value => (typeof value === 'string' && value !== '' ? null : 'it is the id of a step'),
  'steps-by-value': (value, one) => wrongMap(value, one, id => (typeof id === 'string' && id !== '' ? null : 'a step')),
  variable: value =>
    typeof value === 'string' && isVariableName(nameOf(value)) ? null : 'it is the name of a variable',
  variables: (value, one) =>
    wrongMap(
      value,
      one,
      place => (typeof place === 'string' && place.length <= 200 ? null : 'a place'),
      isVariableName,
    ),
  address: value => wrongAddress(value),
  addresses: (value, one) => wrongList(value, one, wrongAddress),
  actions: (value, one) => wrongList(value, one, step => (isObject(step) ? null : 'each is an action')),
  integers: (value, one) =>
    Array.isArray(value) && value.every(day => Number.isInteger(day) && wrongSize(day as number, one) === null)
      ? null
      : `it is a list of numbers from ${one.min} to ${one.max}`,
  intervals: (value, one) => wrongList(value, one, wrongInterval),
  dates: (value, one) =>
    wrongList(value, one, day => (typeof day === 'string' && isHoliday(day) ? null : 'a day is 2026-12-25 or 12-25')),
  zone: value => (typeof value === 'string' && isZone(value) ? null : 'it is a zone such as Europe/Berlin'),
  object: value => (isObject(value) && Object.keys(value).length <= OBJECT_KEYS ? null : 'it is an object'),
}

function shown(choices: readonly string[]): string {
  return choices.map(choice => (choice === '' ? 'empty' : choice)).join(', ')
}

function wrongSize(value: number, { min = -Infinity, max = Infinity }: Field): string | null {
  if (value < min) return `it is at least ${min}`
  return value > max ? `it is at most ${max}` : null
}

function wrongText(value: unknown, { min = 0, max = TEXT_CHARS, pattern }: Field): string | null {
  if (typeof value !== 'string') return 'it is a text'
  if (value.length < min) return 'it is empty'
  if (value.length > max) return `it has at most ${max} characters`
  // A text with variables is what they make of it.
  if (pattern === undefined || value.includes('${')) return null
  return new RegExp(`^(?:${pattern.source})$`).test(value) || (value === '' && min === 0)
    ? null
    : `it is ${pattern.words}`
}

function wrongUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > URL_CHARS_MAX)
    return `an address has at most ${URL_CHARS_MAX} characters`
  return /^https?:\/\/[^\s/]+/.test(value) || /^\$\{[^}]+\}$/.test(value) ? null : 'an address begins with https://'
}

function wrongAddress(value: unknown): string | null {
  if (!isObject(value)) return 'an address is {type, target}'
  const { type, target } = value
  if (typeof type !== 'string' || !ADDRESS_TYPES.some(one => one === type))
    return `its type is one of ${ADDRESS_TYPES.join(', ')}`
  if (typeof target !== 'string' || target === '' || target.length > 255) return 'its target has 1 to 255 characters'
  const odd = Object.keys(value).find(key => !['type', 'target', 'target_name', 'name', 'detail'].includes(key))
  return odd === undefined ? null : `an address has no ${odd.slice(0, 40)}`
}

function wrongList(
  value: unknown,
  { min = 0, max = 100 }: Field,
  wrong: (one: unknown) => string | null,
): string | null {
  if (!Array.isArray(value)) return 'it is a list'
  if (value.length < min) return `it has at least ${min}`
  if (value.length > max) return `it has at most ${max}`
  for (const one of value as unknown[]) {
    const message = wrong(one)
    if (message !== null) return message
  }
  return null
}

function wrongMap(
  value: unknown,
  { min = 0, max = 100 }: Field,
  wrong: (one: unknown) => string | null,
  isKey: (key: string) => boolean = key => key.length <= 255,
): string | null {
  if (!isObject(value)) return 'it is a map'
  const entries = Object.entries(value)
  if (entries.length < min) return `it has at least ${min}`
  if (entries.length > max) return `it has at most ${max}`
  const odd = entries.find(([key, one]) => !isKey(key) || wrong(one) !== null)
  return odd === undefined
    ? null
    : `${odd[0].slice(0, 40)} does not lead to ${wrong(odd[1]) ?? 'anything under this name'}`
}

export function isObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
