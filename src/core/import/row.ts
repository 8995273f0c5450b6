/** What is said of one row of a list by itself: it is good, good after a correction that is named, or refused with the field and why. */
import { zoneNamed } from '../clearance/zones.ts'
import type { Field, Mapping } from './fields.ts'

/** Longest texts of a contact, in characters. */
export const CONTACT_CHARS = { firstName: 80, lastName: 80, company: 120, timeZone: 60, postcode: 16 } as const
export const CONTACT_ID = /^[A-Za-z0-9_-]{1,48}$/
export const CONTACT_ID_WORDS = 'letters, digits, - and _, at most 48'

export type ReadsNumber = (
  written: string,
) => { ok: true; number: string; extension: string | null; warning: string | null } | { ok: false; problem: string }

export interface Person {
  /** null: the list gives none */
  contactId: string | null
  firstName: string
  lastName: string
  company: string
  timeZone: string | null
  postcode: string | null
  aiConsent: boolean
}
export interface Judged {
  verdict: 'ok' | 'fixed' | 'refused'
  /** the field that the words are about; null: nothing is to be said */
  field: Field | null
  message: string
  number: string | null
  extension: string | null
}

/** A spreadsheet writes a text that begins like a formula with an apostrophe in front, and so do our own exports. */
const APOSTROPHE = /^'(?=[=+\-@\t\r\d(])/
const SPACES = /\s+/gu
/** Control characters and line separators, as in every name (`src/wire/name.ts`). */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029]/u
/** What a decoder puts for bytes that are no text, and half a character. */
const UNREADABLE = /[\uFFFD\uD800-\uDFFF]/u

/** Where each field stands. It is made once for a list, because a list has many rows. */
export interface Places {
  readonly phones: readonly number[]
  readonly of: { readonly [field in Field]?: number }
}
export function placesOf(mapping: Mapping): Places {
  const of: { [field in Field]?: number } = {}
  const phones: number[] = []
  for (const [column, field] of mapping.entries()) {
    if (field === 'phone') phones.push(column)
    else if (field !== null) of[field] ??= column
  }
  return { phones, of }
}

function cellOf(cells: readonly string[], column: number): string {
  return (cells[column] ?? '').trim().replace(APOSTROPHE, '')
}

function textOf(cells: readonly string[], { of }: Places, field: Field): string {
  const column = of[field]
  return column === undefined ? '' : cellOf(cells, column).replace(SPACES, ' ')
}

const YES = new Set('yes y true 1 x ja j wahr oui o vrai si sí s verdadero sim'.split(' '))
const NO = new Set(['', ...'no n false 0 nein falsch non faux'.split(' ')])

/** The person of a row that was taken, without the number. */
export function personOf(cells: readonly string[], places: Places): Person {
  const text = (field: Field) => textOf(cells, places, field)
  const whole = places.of.fullName === undefined ? NO_NAME : splitName(text('fullName'))
  const zone = text('timeZone')
  return {
    contactId: text('contactId') || null,
    firstName: text('firstName') || whole.firstName,
    lastName: text('lastName') || whole.lastName,
    company: text('company'),
    timeZone: zone === '' ? null : zoneNamed(zone),
    postcode: text('postcode') || null,
    aiConsent: YES.has(text('aiConsent').toLowerCase()),
  }
}

const NO_NAME = { firstName: '', lastName: '' }

/** "Okafor, Ada" is the last name first; of other names the last word is. */
function splitName(name: string): { firstName: string; lastName: string } {
  const [last = '', first, ...rest] = name.split(',').map(part => part.trim())
  if (first !== undefined && rest.length === 0) return { firstName: first, lastName: last }
  const words = name.split(' ')
  return { firstName: words.slice(0, -1).join(' ') || name, lastName: words.length > 1 ? (words.at(-1) ?? '') : '' }
}

export function judgeRow(cells: readonly string[], places: Places, readsNumber: ReadsNumber): Judged {
  const wrong = whyNot(cells, places)
  if (wrong !== null) return refused(wrong.field, wrong.message)
  if (places.phones.length === 0) return refused('phone', 'no column of the list is the phone number')
  let problem: string | null = null
  for (const column of places.phones) {
    const written = cellOf(cells, column)
    if (written === '') continue
    const answer = isDate(written) ? { ok: false as const, problem: DATE_WORDS } : readsNumber(written)
    if (answer.ok) return taken(cells, places, answer, problem)
    problem = answer.problem
  }
  return refused('phone', problem ?? 'there is no number')
}

/** `before`: why the number of a column before this one was not taken; null: none was written there */
function taken(
  cells: readonly string[],
  places: Places,
  answer: { number: string; extension: string | null; warning: string | null },
  before: string | null,
): Judged {
  const notes: { field: Field; message: string }[] = []
  if (answer.warning !== null) notes.push({ field: 'phone', message: answer.warning })
  if (before !== null) notes.push({ field: 'phone', message: `the number before it was left out: ${before}` })
  const zone = textOf(cells, places, 'timeZone')
  const named = zone === '' ? null : zoneNamed(zone)
  if (named !== null && named !== zone) notes.push({ field: 'timeZone', message: `read as ${named}` })
  const message = notes.map(one => one.message).join('; ')
  const { number, extension } = answer
  return { verdict: notes.length === 0 ? 'ok' : 'fixed', field: notes[0]?.field ?? null, message, number, extension }
}

function refused(field: Field, message: string): Judged {
  return { verdict: 'refused', field, message, number: null, extension: null }
}

/** What is wrong with a row apart from its number. */
function whyNot(cells: readonly string[], places: Places): { field: Field; message: string } | null {
  for (const name in places.of) {
    const field = name as Exclude<Field, 'phone'>
    const message = whyNotText(field, textOf(cells, places, field))
    if (message !== null) return { field, message }
  }
  if (places.of.fullName === undefined) return null
  // A whole name is stored in two parts.
  const { firstName, lastName } = personOf(cells, places)
  if (firstName.length > CONTACT_CHARS.firstName || lastName.length > CONTACT_CHARS.lastName)
    return { field: 'fullName', message: `longer than ${CONTACT_CHARS.firstName} characters` }
  return null
}

function whyNotText(field: Exclude<Field, 'phone'>, text: string): string | null {
  if (UNREADABLE.test(text)) return 'has a character that could not be read'
  if (UNPRINTABLE.test(text)) return 'has a control character'
  switch (field) {
    case 'contactId':
      return text === '' || CONTACT_ID.test(text) ? null : CONTACT_ID_WORDS
    case 'aiConsent':
      return YES.has(text.toLowerCase()) || NO.has(text.toLowerCase()) ? null : 'neither yes nor no'
    case 'timeZone':
      return text === '' || zoneNamed(text) !== null ? null : 'not the name of a time zone'
    case 'fullName':
      return text.length <= CONTACT_CHARS.firstName + CONTACT_CHARS.lastName ? null : 'too long for a name'
    default:
      return text.length <= CONTACT_CHARS[field] ? null : `longer than ${CONTACT_CHARS[field]} characters`
  }
}

const DATE_WORDS = 'a spreadsheet has made a date of it; format the column as text'
const MONTHS = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|okt|dez|mrz'
const DATES = [
  /^(19|20)\d\d[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12]\d|3[01])([T ]\d\d:\d\d.*)?$/,
  /^(0?[1-9]|[12]\d|3[01])[-/.](0?[1-9]|1[0-2])[-/.](19|20)\d\d( \d\d?:\d\d.*)?$/,
  /^(0?[1-9]|1[0-2])\/(0?[1-9]|[12]\d|3[01])\/((19|20)\d\d|\d\d)$/,
  new RegExp(`^(\\d{1,2}[-. ]{1,2})?(${MONTHS})[a-z]*\\.?[- ]\\d{1,4}$`, 'i'),
  new RegExp(`^\\d{1,2}[-. ]{1,2}(${MONTHS})[a-z]*\\.?([- ]\\d{1,4})?$`, 'i'),
]

/** Is it a date in the place of a number? Its digits may be a number of some country, which is nobody's. */
function isDate(written: string): boolean {
  return DATES.some(form => form.test(written))
}
