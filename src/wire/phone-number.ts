/**
 * Converts numbers as people, spreadsheets and other programs write them to E.164, and back (S3-15). What cannot be dialled is refused
 * with what is wrong. Facts about numbers are libphonenumber's.
 */
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  Metadata,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import { z } from 'zod'

/** The country of numbers without a plus, until the workspace says another. */
export const DEFAULT_COUNTRY = 'US'
/** Longer texts are no phone numbers; the longest spelling of one with an extension is about half of this. */
export const NUMBER_TEXT_MAX = 64

export interface ReadNumber {
  /** E.164 */
  number: string
  /** digits to send after the answer; null: none were written */
  extension: string | null
  /** what a person should look at, although the number can be dialled; null: nothing */
  warning: string | null
}
export type NumberAnswer = ({ ok: true } & ReadNumber) | { ok: false; problem: string }

/**
 * Reads a number as it was written.
 * @param country ISO 3166 code by which a number without a plus is read
 */
export function readNumber(written: string, country: string = DEFAULT_COUNTRY): NumberAnswer {
  const text = written.normalize('NFKC').trim()
  if (text === '') return refuse('there is no number')
  if (text.length > NUMBER_TEXT_MAX) return refuse(`longer than ${NUMBER_TEXT_MAX} characters`)
  if (/^sips?:/i.test(text)) return refuse('a SIP address, not a phone number')
  if (text.includes('@')) return refuse('an e-mail address, not a phone number')
  const floating = readFloating(text)
  if (floating !== null) return floating
  const { main, extension } = splitExtension(text)
  if (/[a-z]/i.test(main.replace(/^tel:/i, ''))) return refuse('it has letters in it')
  return plain(main, extension, country)
}

/** Returns null if the number cannot be dialled. A number without a plus is read as one of `country`. */
export function toE164(text: string, country: string = DEFAULT_COUNTRY): string | null {
  const answer = readNumber(text, country)
  return answer.ok ? answer.number : null
}

/** A number that can be dialled, as people type it; `toE164` gives what is stored. */
export const dialable = z
  .string()
  .max(NUMBER_TEXT_MAX)
  .refine(text => toE164(text) !== null, 'not a phone number that can be dialled')

/** How a caller without a number is shown. */
export const WITHHELD_NAME = 'Withheld number'

/** A caller's number as people write it, or that there is none. */
export function shownCaller(number: string): string {
  return number === '' ? WITHHELD_NAME : shownNumber(number)
}

/** Can this be on a list of numbers? A name that stands for a number on a trial call cannot. */
export function isE164(number: string): boolean {
  return /^\+[1-9]\d{5,14}$/.test(number)
}

/** Codes of no country: free phones, satellites, networks. */
const WORLD_CODES = ['800', '808', '870', '878', '881', '882', '883', '888', '979']
let callingCodes: ReadonlySet<string> | null = null

/**
 * Digits that the numbers of an area must have behind the calling code of their country. In the North American plan those are the
 * area code, which is of a country of its own there; elsewhere one digit is an area already (Paris is +331).
 * @returns why these are not the first digits of an area; null: they are
 */
export function whyNoArea(digits: string): string | null {
  callingCodes ??= new Set([...getCountries().map(country => String(getCountryCallingCode(country))), ...WORLD_CODES])
  const known = callingCodes
  const code = [1, 2, 3].map(length => digits.slice(1, 1 + length)).find(one => known.has(one))
  if (code === undefined) return 'no country has this code'
  const least = 1 + code.length + (code === '1' ? 3 : 1)
  return digits.length < least
    ? `a whole country is not an area: write at least ${least - 1} digits, or set the countries of the calling rules`
    : null
}

/** The number as people of that country write it; an unreadable one is returned as it is. */
export function shownNumber(number: string): string {
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number
}

/** An ISO 3166 code of a country that has phone numbers. */
export const countryCode = z
  .string()
  .length(2)
  .refine((code): boolean => isSupportedCountry(code), 'not a country code (ISO 3166, two letters)')

export interface NumberFacts {
  /** ISO 3166; null: the number is of no country (satellite, international services) */
  country: string | null
  kind: 'ordinary' | 'premium' | 'invalid'
}

/** A caller pays for these, or cannot know the price: they are refused unless the workspace allows them. */
const COSTLY = new Set(['PREMIUM_RATE', 'SHARED_COST', 'UAN', 'PAGER', 'VOICEMAIL'])

/** What the clearance of a call needs to know of a number in E.164. */
export function numberFacts(e164: string): NumberFacts {
  const parsed = parsePhoneNumberFromString(e164)
  if (!parsed || !isAssignable(parsed)) return { country: null, kind: 'invalid' }
  const country = parsed.country ?? regionOf(parsed)
  // A number of no country is a satellite phone or an international service, whose price nobody expects.
  const costly = country === null || COSTLY.has(parsed.getType() ?? '')
  return { country, kind: costly ? 'premium' : 'ordinary' }
}

/** The caller whom the carrier names. `withheld`: the network gave words or a placeholder, not a number. */
export function callerOf(from: string): { number: string; withheld: boolean } {
  const digits = /^\+?\d{3,15}$/.test(from) && !WITHHELD.has(from.replace(/^\+?/, '+'))
  return digits ? { number: from, withheld: false } : { number: '', withheld: true }
}
/** Carriers send words, or the letters of a word on the keypad: ANONYMOUS, RESTRICTED, UNAVAILABLE, UNKNOWN, BLOCKED. */
const WITHHELD = new Set(['+266696687', '+7378742833', '+86282452253', '+8656696', '+2562533'])

function refuse(problem: string): NumberAnswer {
  return { ok: false, problem }
}

/** A spreadsheet has made a floating-point number of it: 1.4155550132E+10. */
function readFloating(text: string): NumberAnswer | null {
  const [, whole = '', fraction = '', exponent = ''] = /^\+?(\d)[.,]?(\d*)E\+?(\d{1,2})$/i.exec(text) ?? []
  if (exponent === '') return null
  const digits = whole + fraction
  if (Number(exponent) !== fraction.length)
    return refuse('a spreadsheet has rounded this number and digits are lost; format the column as text')
  const answer = plain(`+${digits}`, null, DEFAULT_COUNTRY)
  return answer.ok ? { ...answer, warning: 'a spreadsheet had made a decimal number of it' } : answer
}

const EXTENSION = /(?:\s*[;,]?\s*(?:extension|ext|extn|durchwahl|poste|x|#)[.:=]?\s*|\s*,{1,4}\s*)(\d{1,8})#?$/i

function splitExtension(text: string): { main: string; extension: string | null } {
  const found = EXTENSION.exec(text)
  if (found === null) return { main: text, extension: null }
  return { main: text.slice(0, found.index), extension: found[1] ?? null }
}

function plain(written: string, extension: string | null, country: string): NumberAnswer {
  const home = (isSupportedCountry(country) ? country : DEFAULT_COUNTRY) as CountryCode
  for (const text of spellings(written)) {
    const parsed = parsePhoneNumberFromString(text, home)
    if (parsed && isAssignable(parsed))
      return { ok: true, number: parsed.number, extension: extension ?? parsed.ext ?? null, warning: null }
  }
  return refuse('not a phone number that can be dialled')
}

/**
 * Numbers of the North American plan must be of a known area and exchange. Elsewhere new ranges are opened faster than the facts are
 * updated, so the shape of the country's numbers is enough.
 */
function isAssignable(parsed: PhoneNumber): boolean {
  if (parsed.isValid()) return true
  const country = regionOf(parsed)
  if (parsed.countryCallingCode === '1' || country === null || !parsed.isPossible()) return false
  const metadata = new Metadata()
  metadata.selectNumberingPlan(country)
  // The library's types leave this method out.
  const plan = metadata.numberingPlan as { nationalNumberPattern(): string } | undefined
  const shape = plan?.nationalNumberPattern()
  return shape !== undefined && new RegExp(`^(?:${shape})$`).test(parsed.nationalNumber)
}

/** The main country of the number's calling code. */
function regionOf(parsed: PhoneNumber): CountryCode | null {
  return parsed.country ?? parsed.getPossibleCountries()[0] ?? null
}

/** The trunk zero in brackets and `00` are for people who dial from inside; Mexico's old 1 after the country code is gone. */
function spellings(written: string): string[] {
  const digits = written.replace(/^tel:/i, '').trim()
  const international = digits.replace(/^00(?=[1-9])/, '+')
  if (!international.startsWith('+')) {
    // Fourteen digits without a plus: many programs leave it out.
    return [international, `+${international.replace(/\D/g, '')}`].filter(
      (_, index) => index === 0 || /^\D*[1-9]/.test(digits),
    )
  }
  const bare = international.replace(/\(0\)/, '')
  return [bare, international, bare.replace(/^\+52\s*1\s*/, '+52 ')]
}
