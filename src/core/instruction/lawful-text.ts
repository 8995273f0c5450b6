/** What the characters of an outgoing document may be (XML 1.0, section 2.2); every carrier's document gets its words from here. */
import type { Instruction, Instructions } from './instruction.ts'

/** Control characters, halves of characters and the two that are none. */
const UNLAWFUL = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
/** Nearly every text is of these only, and needs no other look. */
const PLAIN = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd]*$/

/** Words come from people, from models and from what an older release has stored, so nothing may break on one of their characters. */
export function lawfulText(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNLAWFUL, ' ')
}

/** The same instructions with lawful texts, however deep those are. */
export function lawful(instructions: Instructions): Instructions {
  return instructions.every(isPlain) ? instructions : instructions.map(one => lawfulValue(one) as Instruction)
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return PLAIN.test(value)
  if (typeof value !== 'object' || value === null) return true
  for (const key in value) if (!isPlain((value as Record<string, unknown>)[key])) return false
  return true
}

function lawfulValue(value: unknown): unknown {
  if (typeof value === 'string') return lawfulText(value)
  if (Array.isArray(value)) return value.map(lawfulValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, lawfulValue(one)]))
}
