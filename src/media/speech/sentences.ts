/**
 * Cuts text that streams in into sentences, so that the first can be spoken while the rest is still being written.
 * A stop ends a sentence only if the text after it begins one, so "$3.50", "Dr. Smith", "jane@example.com" and
 * "www.example.com" stay in one piece. The result does not depend on how the text is cut into pieces on its way here.
 */
import type { Language } from '../turn/words.ts'
import { MAY_END, NEVER_ENDS } from './abbreviations.ts'

/** Longer sentences are cut at a space: speech services refuse long texts, and a caller should not wait for one. */
export const SENTENCE_CHARS_MAX = 300

export interface Sentences {
  /** Adds a piece of the text. Returns the sentences that are complete now, trimmed. */
  push(piece: string): string[]
  /** The text is over. Returns the rest; the next `push` begins a new text. */
  flush(): string[]
}

const STOP = /[.!?…]/
const CLOSER = /["'”’»)\]]/

export function createSentences(language: Language): Sentences {
  let text = ''
  // Runs of white space become one space (or one line end), so that no decision has to wait for the end of a run.
  const add = (piece: string) => {
    for (const character of piece) {
      const space = /\s/.test(character)
      if (!space) text += character
      else if (character === '\n') text = `${text.replace(/[ \n]$/, '')}\n`
      else if (text !== '' && !/[ \n]$/.test(text)) text += ' '
    }
  }
  const cut = (whole: boolean): string[] => {
    const found: string[] = []
    for (;;) {
      const end = endOf(text, language, whole)
      if (end === null) return found
      const sentence = text.slice(0, end).trim()
      if (sentence !== '') found.push(sentence)
      text = text.slice(end).trimStart()
      if (text === '') return found
    }
  }
  return {
    push(piece) {
      const found: string[] = []
      // Adds the piece in parts, so that the waiting text stays short however long the piece is.
      for (let at = 0; at < piece.length; at += SENTENCE_CHARS_MAX) {
        add(piece.slice(at, at + SENTENCE_CHARS_MAX))
        found.push(...cut(false))
      }
      return found
    },
    flush: () => cut(true),
  }
}

/** The end of the first sentence; null: not known yet. */
function endOf(text: string, language: Language, whole: boolean): number | null {
  for (let at = 0; at < text.length && at < SENTENCE_CHARS_MAX; at += 1) {
    const character = text[at] as string
    if (character === '\n' && text.slice(0, at).trim() !== '') return at
    if (!STOP.test(character)) continue
    const end = pastRun(text, at, language)
    if (end >= SENTENCE_CHARS_MAX) break
    // The run, or the space after it, may still be on its way.
    if (end >= text.length) return whole ? text.length : null
    if (text[end] === '\n') return end
    if (text[end] === ' ') {
      const next = text.slice(end + 1)
      if (next === '') return whole ? text.length : null
      if (ends(text.slice(0, at), text.slice(at, end), next, language)) return end
    }
    at = end - 1
  }
  if (text.length > SENTENCE_CHARS_MAX) return forced(text)
  return whole && text !== '' ? text.length : null
}

/** The position after all stops and closing marks: "?!", '."', "...)". French puts a space before its closing mark. */
function pastRun(text: string, at: number, language: Language): number {
  let end = at
  while (
    end < text.length &&
    end < SENTENCE_CHARS_MAX &&
    (STOP.test(text[end] as string) || CLOSER.test(text[end] as string))
  ) {
    end += 1
  }
  return language === 'fr' && text.startsWith(' »', end) ? end + 2 : end
}

function ends(before: string, run: string, next: string, language: Language): boolean {
  const first = next[0] as string
  if (/^[!?]/.test(run)) return !/^\p{Ll}/u.test(first) || run.length === 1
  if (/^\p{Ll}/u.test(first)) return false
  if (run !== '.') return true
  const word = /[^\s("'“‘«[]*$/.exec(before)?.[0] ?? ''
  const bare = word.toLowerCase()
  if (NEVER_ENDS[language].has(bare)) return false
  if (MAY_END[language].has(bare)) return /^[\p{Lu}¿¡"“«]/u.test(first)
  // "J. Smith" goes on, but "So do I. Then" does not.
  if (/^\p{Lu}$/u.test(word)) return language === 'en' && word === 'I'
  // "J.R.R. Tolkien" goes on.
  if (/^(\p{Lu}\.)+\p{Lu}$/u.test(word)) return false
  // "1. First": a number alone is a place in a list.
  if (/^\d{1,3}$/.test(word) && before.trim() === word) return false
  // German writes ordinal numbers with a stop: "am 3. Mai".
  if (language === 'de' && /^\d{1,2}$/.test(word)) return false
  return true
}

/** Cuts at the last space that fits, else in the middle of a word, but never between the halves of a character. */
function forced(text: string): number {
  const space = Math.max(text.lastIndexOf(' ', SENTENCE_CHARS_MAX), text.lastIndexOf('\n', SENTENCE_CHARS_MAX))
  if (space > 0) return space
  const half = /[\uD800-\uDBFF]/.test(text[SENTENCE_CHARS_MAX - 1] as string)
  return half ? SENTENCE_CHARS_MAX - 1 : SENTENCE_CHARS_MAX
}
