/** What the characters of an outgoing document may be (XML 1.0, section 2.2); every carrier's document gets its words from here. */
import type { Instruction, Instructions } from './instruction.ts'

/** Control characters, halves of characters and the two that are none. */
const UNLAWFUL = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
/** Nearly every text is of these only, and needs no other look. */
const PLAIN = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd]*$/

/** How JSON writes control characters and halves of characters. */
const ODD_ESCAPE = /\\[bfu]/

/** Words come from people, from models and from what an older release has stored, so nothing may break on one of their characters. */
export function lawfulText(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNLAWFUL, ' ')
}

/** The same instructions with lawful texts, however deep those are. */
export function lawful(instructions: Instructions): Instructions {
  return isPlain(instructions) ? instructions : instructions.map(one => lawfulValue(one) as Instruction)
}

/**
 * Their JSON is looked at and not each of their texts: a walk through objects of many shapes was compiled and thrown away again and again.
 * In JSON a control character or half a character stands as `\\b`, `\\f` or `\\uXXXX`. A text with a backslash of its own is looked at closely.
 */
function isPlain(instructions: Instructions): boolean {
  const json = JSON.stringify(instructions)
  return PLAIN.test(json) && !ODD_ESCAPE.test(json)
}

function lawfulValue(value: unknown): unknown {
  if (typeof value === 'string') return lawfulText(value)
  if (Array.isArray(value)) return value.map(lawfulValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, lawfulValue(one)]))
}
