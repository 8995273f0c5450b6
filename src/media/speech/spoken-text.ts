/**
 * Makes what a voice can say of what a model writes. Models write Markdown and emoji although nobody sees them; keys of the telephone
 * and addresses contain the same characters, and must be heard.
 */
import type { Language } from '../turn/words.ts'
import { createHiddenParts } from './hidden-parts.ts'
import { createSentences, type Sentences } from './sentences.ts'

/** The sentences that a voice can say, of a text that streams in. */
export function createSpokenText(language: Language): Sentences {
  const hidden = createHiddenParts()
  const lines = createLines()
  const sentences = createSentences(language)
  const said = (found: string[]) => found.map(speakable).filter(sentence => sentence !== '')
  return {
    push: piece => said(sentences.push(lines.push(hidden.push(piece)))),
    flush: () => {
      const rest = lines.push(hidden.flush()) + lines.flush()
      return said([...sentences.push(rest), ...sentences.flush()])
    },
  }
}

/** Removes the marks of lists and headings at the beginnings of lines, while the text streams in. */
export interface Lines {
  push(piece: string): string
  flush(): string
}

const MARK = /^[ \t]*(?:[-*•]|#{1,6})[ \t]+/
/** Nothing but a mark so far, or what may become one. */
const MARK_BEGUN = /^[ \t]*(?:[-*•]|#{1,6})?[ \t]*$/

export function createLines(): Lines {
  let start = ''
  let atStart = true
  return {
    push(piece) {
      let out = ''
      for (const character of piece) {
        if (!atStart) {
          out += character
          atStart = character === '\n'
          continue
        }
        start += character
        if (MARK_BEGUN.test(start)) continue
        out += unmarked(start)
        atStart = character === '\n'
        start = ''
      }
      return out
    },
    flush() {
      // A mark alone is no list: "Which key? #"
      const rest = start
      start = ''
      atStart = true
      return rest
    },
  }
}

/** A line such as "# to go on" begins with a key: a heading begins with a capital letter. */
function unmarked(start: string): string {
  return /^[ \t]*#[ \t]+\p{Ll}$/u.test(start) ? start : start.replace(MARK, '')
}

/** Removes the Markdown and emoji of one sentence. Empty: nothing is left that a voice can say. */
export function speakable(sentence: string): string {
  const said = sentence
    .replace(/\[([^\]]+)\]\((?:[^)]+)\)/g, '$1')
    .replace(/`+/g, '')
    .replace(/\S+/g, plainWord)
    .replace(EMOJI, '')
    .replace(/[ \t]{2,}/g, ' ')
    .trim()
  return PRONOUNCED.test(said) ? said : ''
}

/** Marks of emphasis touch the word on one side; a key stands alone or before digits, and addresses keep all they have. */
function plainWord(word: string): string {
  if (ADDRESS.test(word)) return word.replace(/^\*+|\*+$/g, '')
  return word
    .replace(/\\([*_#])/g, (_, mark: string) => String.fromCharCode(ESCAPED + mark.charCodeAt(0)))
    .replace(/\*\*+|^__+|__+(?![\p{L}\p{N}_])/gu, '')
    .replace(/(?<=^["'“‘«(]*)[*_](?=\p{L})/u, '')
    .replace(/(?<=[\p{L}\p{N}.,!?;:%)])_(?![\p{L}\p{N}_])|(?<=[\p{L}.,!?;:%)])\*(?![\p{L}\p{N}*])/gu, '')
    .replace(/[\uE000-\uE07F]/g, mark => String.fromCharCode(mark.charCodeAt(0) - ESCAPED))
}

/** Marks that Markdown escapes are moved to private characters while the others are removed. */
const ESCAPED = 0xe000
const ADDRESS = /@|:\/\/|^www\./i
/** © ® ™ are said; a keycap keeps its digit. */
const EMOJI =
  /(?![©®™])\p{Extended_Pictographic}|[\u{1F1E6}-\u{1F1FF}\u{1F3FB}-\u{1F3FF}\u{E0020}-\u{E007F}]|\u{FE0F}|\u{20E3}|\u{200D}/gu
const PRONOUNCED = /[\p{L}\p{N}\p{Sc}#*%&@°§©®™]/u

const KEYS: Record<Language, { hash: string; star: string }> = {
  en: { hash: 'pound', star: 'star' },
  es: { hash: 'almohadilla', star: 'asterisco' },
  fr: { hash: 'dièse', star: 'étoile' },
  de: { hash: 'Raute', star: 'Stern' },
  it: { hash: 'cancelletto', star: 'asterisco' },
  pt: { hash: 'cerquilha', star: 'asterisco' },
}
/** Outside of North America the key is called after its shape. */
const HASH_ENGLISH = /^en-(?!US|CA)/i

/** Writes the keys # and * as words, because voices leave them out. `tag`: BCP-47. */
export function pronounced(text: string, language: Language, tag: string): string {
  const { hash, star } = KEYS[language]
  return text
    .replace(/(?<![\p{L}\p{N}_#])#(?![\p{L}\p{N}#])/gu, HASH_ENGLISH.test(tag) ? 'hash' : hash)
    .replace(/(?<![\p{L}\p{N}_*])\*(?=\d)/gu, `${star} `)
    .replace(/(?<![\p{L}\p{N}_*])\*(?![\p{L}*])/gu, star)
}
