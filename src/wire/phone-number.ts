/** Numbers as people type them, to E.164 and back (S3-15). */
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** Null: not a number that can be dialled. Numbers without a plus are read as of `country`. */
export function toE164(text: string, country: 'US' | 'GB' | 'DE' | 'FR' = 'US'): string | null {
  const parsed = parsePhoneNumberFromString(text, country)
  return parsed?.isPossible() ? parsed.number : null
}

/** As people of that country write it; an unreadable one stays as it is. */
export function shownNumber(number: string): string {
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number
}
