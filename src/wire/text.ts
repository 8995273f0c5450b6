/** Longer texts as people write them: scripts and notes. */
import { z } from 'zod'

/** Control characters but the tab and the ends of lines. */
const CONTROLS = /[^\P{Cc}\t\n\r]/u

/**
 * It may be empty. A control character or half a character takes six bytes in what is stored, so without this a text within its
 * limit could break the limit of whoever stores it.
 */
export function plainText(charsMax: number) {
  return z
    .string()
    .max(charsMax)
    .refine(text => !CONTROLS.test(text), 'has a control character')
    .refine(text => text.isWellFormed(), 'has half a character')
}
