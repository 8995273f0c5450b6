/** Recognises words such as "mhm": a sign that somebody listens, not a wish to speak. */
import type { Sense } from '../../core/turn/state.ts'
import type { Language } from './words.ts'

const list = (words: string) => new Set(words.split('|').map(plain))

/**
 * Sounds that mean the same in all languages, with each run of a letter written once: "Mhmm", "Mm-hmm", "Hmmm" and "Mmh" are
 * spellings of one sound by different transcribers.
 */
const SOUNDS = new Set(
  'm mh mhm mhmh hm hmhm hum uh uhu uhuh huh um eh ah ach aha aham oh oho ahan uhum mjm'.split(' '),
)
/** These look like sounds of listening and say no. */
const NO = /^(?:n?uh-uh|mm-mm|nuh-?uh|hm-mm)$/
const SIGNS: Record<Language, ReadonlySet<string>> = {
  en: list(
    'okay|ok|okey|yeah|yea|yah|ya|yep|yup|yes|right|sure|i|see|alright|gotcha|got it|cool|exactly|true|great|nice|wow',
  ),
  es: list('sí|vale|claro|ya|bueno|ok|okay|ajá|entiendo|exacto|eso|perfecto'),
  fr: list("oui|ouais|ok|okay|d'accord|d'acc|bien|voilà|exact|exactement|je vois|ah bon|tout à fait"),
  de: list('ja|jo|joa|jap|okay|ok|genau|gut|klar|verstehe|stimmt|richtig|so|ach so|achso'),
  it: list('sì|ok|okay|va|bene|certo|già|capito|esatto|ho capito|giusto'),
  pt: list('sim|ok|okay|certo|tá|está|bem|claro|pois|entendi|isso|exato|é'),
}
/** More words than this say something of their own. */
const WORDS_MAX = 3

export function senseOf(text: string, final: boolean, language: Language): Sense {
  if (isBackchannel(text, language)) return 'backchannel'
  return !final && isGuess(text) ? 'guess' : 'words'
}

/**
 * True for a single word that is not final yet. It decides nothing, because recognisers take noise or half a syllable for a word
 * and change their minds. Our speech is paused meanwhile, so waiting for the second word costs the caller nothing.
 */
export function isGuess(text: string): boolean {
  return text.trim().split(/\s+/).length < 2
}

/** False for punctuation alone, which transcribers write for a noise. */
export function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text)
}

/** True for one to three words that only say "go on"; false for no words at all. */
export function isBackchannel(text: string, language: Language): boolean {
  if (!hasWords(text) || /[?]/.test(text)) return false
  const words = text
    .split(/\s+/)
    .map(word => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
    .filter(word => word !== '')
  if (words.length > WORDS_MAX) return false
  const signs = SIGNS[language]
  if (signs.has(words.map(plain).join(' '))) return true
  return words.every(word => isSound(word) || signs.has(plain(word)))
}

function isSound(word: string): boolean {
  const lower = word.toLowerCase()
  if (NO.test(lower)) return false
  return SOUNDS.has(plain(lower).replace(/(\p{L})\1+/gu, '$1'))
}

/** In lower case, without accents, apostrophes and hyphens: transcribers do not agree about them. */
function plain(word: string): string {
  return word
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\p{M}'’‘ʼ-]+/gu, '')
}
