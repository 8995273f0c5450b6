/** Numbers of people who must not be seen by each other. What leaves the call of a mask goes through here. */

/** `+65…67`: the country and the last two digits, enough to tell two people apart in a list. Empty stays empty. */
export function hiddenNumber(number: string): string {
  const digits = number.replace(/\D/g, '')
  return digits === '' ? '' : `+${digits.slice(0, 2)}…${digits.slice(-2)}`
}

/** A number as people and carriers write it, and no part of a word, so that ids stay whole: a plus or two zeros or nothing, and 7 to 15 digits with single separators. */
const WRITTEN = /(?<!\w)(?:\+|\b00)?\d(?:[ .()/-]{0,2}\d){6,14}\b/g

/** Every number in a text but `shown`, which is the mask's own. */
export function withoutNumbers(text: string, shown: string): string {
  const own = shown.replace(/\D/g, '')
  return text.replace(WRITTEN, found => (found.replace(/\D/g, '') === own ? found : hiddenNumber(found)))
}

/** The same for every text in a value, at any depth; keys stay. */
export function hideNumbers<T>(value: T, shown: string): T {
  if (typeof value === 'string') return withoutNumbers(value, shown) as T
  if (Array.isArray(value)) return value.map(one => hideNumbers(one, shown)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, hideNumbers(one, shown)])) as T
}
