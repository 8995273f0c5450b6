/** Names as people write them: of people, companies, workspaces, campaigns and numbers. */
import { z } from 'zod'

/** Control characters and line separators: no name has one, and a log, a file or a carrier's request may break on it. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029]/u

/** It may be empty. */
export function optionalName(charsMax: number) {
  return z
    .string()
    .trim()
    .max(charsMax)
    .refine(text => !UNPRINTABLE.test(text), 'has a control character')
    .refine(text => text.isWellFormed(), 'has half a character')
}

export function nameText(charsMax: number) {
  return optionalName(charsMax).min(1)
}
