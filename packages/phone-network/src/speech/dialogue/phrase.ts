/**
 * A sentence of a caller in a script's notation: `i (want|would like) to book [an] appointment on {day}`. `[…]` may be left
 * out, `(…|…)` is one of several, `{name}` is a slot. A phrase gives both the recogniser's grammar and the text matcher.
 */

export type Phrase =
  | { type: 'word'; word: string }
  | { type: 'slot'; name: string }
  | { type: 'all'; parts: Phrase[] }
  | { type: 'one'; parts: Phrase[] }
  | { type: 'maybe'; part: Phrase }
  /** once or more; only slots are made of it */
  | { type: 'many'; part: Phrase }

/** A phrase that cannot be read; the message says where. */
export class PhraseError extends Error {}

export const PHRASE_CHARS_MAX = 400
const NESTING_MAX = 8
const TOKEN = /\s*([[\]()|]|\{[a-z][a-z0-9_]*\}|[a-z][a-z']*)/y

function tokensOf(text: string): string[] {
  if (text.length > PHRASE_CHARS_MAX) throw new PhraseError(`a phrase is longer than ${PHRASE_CHARS_MAX} characters`)
  const tokens: string[] = []
  const end = text.trimEnd().length
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex
    const found = TOKEN.exec(text)
    if (!found)
      throw new PhraseError(`"${text}": only small letters, [ ], ( | ) and {slot}, not "${text.slice(at, at + 8)}"`)
    tokens.push(found[1] ?? '')
  }
  return tokens
}

/** Throws `PhraseError`. */
export function readPhrase(text: string): Phrase {
  const tokens = tokensOf(text)
  let at = 0
  const fail = (why: string): never => {
    throw new PhraseError(`"${text}": ${why}`)
  }

  function choice(closing: string | null, depth: number): Phrase {
    if (depth > NESTING_MAX) fail(`brackets deeper than ${NESTING_MAX}`)
    const parts = [sequence(depth)]
    while (tokens[at] === '|') {
      at += 1
      parts.push(sequence(depth))
    }
    if ((tokens[at] ?? null) !== closing)
      fail(closing === null ? `"${tokens[at]}" closes nothing` : `${closing} is missing`)
    at += 1
    return parts.length === 1 ? (parts[0] as Phrase) : { type: 'one', parts }
  }

  function sequence(depth: number): Phrase {
    const parts: Phrase[] = []
    for (let token = tokens[at]; token !== undefined && !/^[\])|]$/.test(token); token = tokens[at]) {
      at += 1
      if (token === '[') parts.push({ type: 'maybe', part: choice(']', depth + 1) })
      else if (token === '(') parts.push(choice(')', depth + 1))
      else if (token.startsWith('{')) parts.push({ type: 'slot', name: token.slice(1, -1) })
      else parts.push({ type: 'word', word: token })
    }
    if (parts.length === 0) fail('an empty place')
    return parts.length === 1 ? (parts[0] as Phrase) : { type: 'all', parts }
  }

  const phrase = choice(null, 0)
  if (canBeEmpty(phrase)) fail('all of it may be left out')
  return phrase
}

function canBeEmpty(phrase: Phrase): boolean {
  if (phrase.type === 'maybe') return true
  if (phrase.type === 'all') return phrase.parts.every(canBeEmpty)
  if (phrase.type === 'one') return phrase.parts.some(canBeEmpty)
  return false
}

/** Every phrase inside, itself first. */
export function* partsOf(phrase: Phrase): Generator<Phrase> {
  yield phrase
  if (phrase.type === 'all' || phrase.type === 'one') for (const part of phrase.parts) yield* partsOf(part)
  if (phrase.type === 'maybe' || phrase.type === 'many') yield* partsOf(phrase.part)
}
