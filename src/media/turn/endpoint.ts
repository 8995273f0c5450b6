/**
 * Decides when the caller has finished. A fixed silence is wrong both ways: it cuts people off inside a telephone number and
 * makes them wait after "yes". So the wait depends on the words. The answer is a time, not an event: the turn ends at
 * `endOfTurnMs`, unless something new is heard before and gives a new time.
 */
import { asksForNumber } from './expected.ts'
import { ADDRESS_WORD, GOES_ON, type Language, NUMBER_WORD, WHOLE_ANSWER } from './words.ts'

export interface EndpointRules {
  /** silence after words that are whole */
  wholeMs: number
  /** silence after words that may go on */
  openMs: number
  /** silence inside numbers, spelling and addresses */
  spelledMs: number
  /** longest wait after the last new word, whatever is heard, because other people's voices can keep the gate open */
  capMs: number
}

export const ENDPOINT_RULES: EndpointRules = { wholeMs: 300, openMs: 800, spelledMs: 1_200, capMs: 3_000 }

/** The same silence after all words, for whoever wants it fixed. */
export function fixedSilence(ms: number): EndpointRules {
  return { wholeMs: ms, openMs: ms, spelledMs: ms, capMs: Math.max(ms, ENDPOINT_RULES.capMs) }
}

/** The answer that our last question asks for. `characters`: its number of digits or letters; null: not known. */
export type Expected = { type: 'anything' } | { type: 'number' | 'spelling'; characters: number | null }

export interface TurnHeard {
  language: Language
  expected: Expected
  /** the words of this turn so far, as the transcriber has them now, interim ones included */
  text: string
  /** when the words last changed; null if there are none yet */
  wordsAtMs: number | null
  /** when the present silence began; null while there is speech */
  quietSinceMs: number | null
}

export type Completeness = 'whole' | 'open' | 'spelled'

/** Returns when this turn ends if nothing else is heard; null: it does not end by itself (there is speech, and no words). */
export function endOfTurnMs(turn: TurnHeard, rules: EndpointRules = ENDPOINT_RULES): number | null {
  const cap = turn.wordsAtMs === null ? Number.POSITIVE_INFINITY : turn.wordsAtMs + rules.capMs
  const waits: Record<Completeness, number> = { whole: rules.wholeMs, open: rules.openMs, spelled: rules.spelledMs }
  const quiet =
    turn.quietSinceMs === null
      ? Number.POSITIVE_INFINITY
      : turn.quietSinceMs + Math.min(waits[completenessOf(turn)], rules.capMs)
  const end = Math.min(cap, quiet)
  return Number.isFinite(end) ? end : null
}

/** Tells by the words whether they are whole. No words, or words without an end, are `open`. */
export function completenessOf({
  text,
  language,
  expected,
}: Pick<TurnHeard, 'text' | 'language' | 'expected'>): Completeness {
  const words = wordsOf(text)
  const last = words.at(-1)
  if (last === undefined) return expected.type === 'anything' ? 'open' : 'spelled'
  if (expected.type !== 'anything') return spelledWhole(words, expected, language)
  if (isSpelled(words, language)) return 'spelled'
  if (/[.!?…]["'”»)]*\s*$/.test(text) && !/(\.\.\.|…)["'”»)]*\s*$/.test(text)) {
    // Transcribers put a full stop after every pause, also after "and".
    return GOES_ON[language].has(last) && words.length > 1 ? 'open' : 'whole'
  }
  return words.length <= 2 && WHOLE_ANSWER[language].has(last) ? 'whole' : 'open'
}

function spelledWhole(
  words: string[],
  expected: Exclude<Expected, { type: 'anything' }>,
  language: Language,
): Completeness {
  if (words.length <= 2 && WHOLE_ANSWER[language].has(words.at(-1) as string)) return 'whole'
  if (expected.characters === null) return 'spelled'
  return charactersIn(words, expected.type, language) >= expected.characters ? 'whole' : 'spelled'
}

/** Counts the digits or letters that were said: "555" is three, "double two" is two, and in spelling a single letter is one. */
function charactersIn(words: string[], type: 'number' | 'spelling', language: Language): number {
  let count = 0
  let times = 1
  for (const word of words) {
    const repeat = REPEATS[word]
    if (repeat !== undefined) {
      times = repeat
      continue
    }
    const digits = word.replace(/\D/g, '').length
    if (digits > 0) count += digits * times
    else if (SINGLE_DIGIT.has(word) && NUMBER_WORD[language].has(word)) count += times
    else if (type === 'spelling' && [...word].length === 1) count += times
    times = 1
  }
  return count
}

const REPEATS: Record<string, number> = { double: 2, doble: 2, doppel: 2, doppio: 2, duplo: 2, triple: 3, triplo: 3 }
/** The expression covers all languages; the language's own list decides which words count. */
const SINGLE_DIGIT = new Set(
  [
    'zero oh one two three four five six seven eight nine cero uno dos tres cuatro cinco seis siete ocho nueve',
    'zéro un deux trois quatre cinq six sept huit neuf null eins zwei zwo drei vier fünf sechs sieben acht neun',
    'due tre quattro cinque sei sette otto nove um dois três quatro meia sete oito nove',
  ].flatMap(line => line.split(' ')),
)

/** True if the words end in something spelled: two numbers or letters in a row, or the inside of an address. */
function isSpelled(words: string[], language: Language): boolean {
  const [before, last] = [words.at(-2), words.at(-1) as string]
  const item = (word: string) =>
    /^[+\d][\d.,:/-]*$/.test(word) || NUMBER_WORD[language].has(word) || /^[b-hj-np-tv-z]$/.test(word)
  if (before !== undefined && item(before) && item(last)) return true
  if (/^\d{3,}$/.test(last)) return true
  // After "my number is", a single digit is only the beginning of the number.
  if (item(last) && asksForNumber(words.join(' '), language)) return true
  return words.length > 1 && ADDRESS_WORD[language].has(last) && !GOES_ON[language].has(last)
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\s]+/)
    .map(word => word.replace(/^[^\p{L}\p{N}+]+|[^\p{L}\p{N}]+$/gu, ''))
    .filter(word => word !== '')
}
