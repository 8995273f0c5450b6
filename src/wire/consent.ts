/** Words about consents: where a person agreed to be called. */
import { plainText } from './text.ts'

const SOURCE_CHARS_MAX = 300
const STATED_CHARS_MIN = 12

/** As a supervisor records it. */
export const consentSource = plainText(SOURCE_CHARS_MAX).trim().min(3)

/**
 * As it is stated with the request for one call, which an agent may send. Nobody else looks at it before the call goes out, so one word
 * is not enough: it says where or when, and whoever reads the consent later can look it up.
 */
export const statedConsent = plainText(SOURCE_CHARS_MAX)
  .trim()
  .min(STATED_CHARS_MIN, `say where or when they agreed, in at least ${STATED_CHARS_MIN} characters`)
  .refine(text => /\S\s+\S/.test(text), 'say where or when they agreed, in words')

/** The source of a consent that was stated with a call: whoever reads it sees that nobody had recorded it before. */
export function statedWithCall(words: string): string {
  return `stated with a call: ${words}`
}
