/**
 * What an agent may not say aloud. A model that a caller has talked over recites what it was told; so its sentences are
 * measured before they become sound, as its tool calls are. This catches recitals, not riddles: a prompt is no place for secrets.
 */
import { plainWords } from './plain-words.ts'

export interface Confidential {
  /** never said, wherever they stand in a sentence: codes, conditions, names */
  terms: readonly string[]
  /** sentences of which nobody but the model is to know: whoever says one of them recites its prompt */
  lines: readonly string[]
}

/** Chance does not put so many words of a line in a row. */
const RECITED_WORDS = 8

/** A reply, sentence by sentence. After the first sentence that may not be said nothing more of it may. */
export interface Discretion {
  /** `first`: this is the sentence at which the reply ends */
  judge(sentence: string): 'said' | 'first' | 'after'
}

export function createDiscretion({ terms, lines }: Confidential): Discretion {
  const forbidden = [...terms.map(simple), ...lines.flatMap(line => runsOf(simple(line)))].filter(one => one !== '')
  let ended = false
  return {
    judge(sentence) {
      if (ended) return 'after'
      const text = ` ${simple(sentence)} `
      ended = forbidden.some(one => text.includes(` ${one} `))
      return ended ? 'first' : 'said'
    },
  }
}

/** May these words be said at all? */
export function mayBeSaid(text: string, confidential: Confidential): boolean {
  return createDiscretion(confidential).judge(text) === 'said'
}

function runsOf(line: string): string[] {
  const words = line.split(' ')
  const count = Math.max(1, words.length - RECITED_WORDS + 1)
  return Array.from({ length: count }, (_, at) => words.slice(at, at + RECITED_WORDS).join(' '))
}

/** As a voice says it, and without accents. */
function simple(text: string): string {
  return plainWords(text.normalize('NFKD').replace(/\p{M}/gu, ''))
}
