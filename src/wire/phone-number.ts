/** Converts numbers as people type them to E.164, and back (S3-15). */
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { z } from 'zod'

/** Returns null if the number cannot be dialled. A number without a plus is read as one of `country`. */
export function toE164(text: string, country: 'US' | 'GB' | 'DE' | 'FR' = 'US'): string | null {
  const parsed = parsePhoneNumberFromString(text, country)
  return parsed?.isPossible() ? parsed.number : null
}

/** A number that can be dialled, as people type it; `toE164` gives what is stored. */
export const dialable = z
  .string()
  .max(40)
  .refine(text => toE164(text) !== null, 'not a phone number that can be dialled')

/** The number as people of that country write it; an unreadable one is returned as it is. */
export function shownNumber(number: string): string {
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number
}
