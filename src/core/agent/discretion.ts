/**
 * Keeps an agent from saying confidential words aloud. A caller can talk a model into reciting its prompt, so its sentences
 * are checked before they become sound, as its tool calls are. This catches verbatim recitals, not paraphrases or hints: do not put
 * secrets into a prompt.
 */
import { plainWords } from './plain-words.ts'

export interface Confidential {
  /** never said, wherever they stand in a sentence: codes, conditions, names */
  terms: readonly string[]
  /** sentences of the prompt; a reply that contains one of them recites it */
  lines: readonly string[]
}

/** This many consecutive words of a line cannot be coincidence. */
const RECITED_WORDS = 8

/** Judges one reply, sentence by sentence. After a forbidden sentence the rest of the reply is forbidden as well. */
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

/** Words without case, punctuation and accents. */
function simple(text: string): string {
  return plainWords(text.normalize('NFKD').replace(/\p{M}/gu, ''))
}
