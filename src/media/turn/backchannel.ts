/** Recognises words such as "mhm": a sign that somebody listens, not a wish to speak. */
import type { Sense } from '../../core/turn/state.ts'
import type { Language } from './words.ts'

const list = (words: string) => new Set(words.split(' '))

/** These sounds mean the same in all languages. */
const SOUNDS = list('mhm mm mmm hm hmm uhuh uh-huh uh huh aha ah oh um eh')
const SIGNS: Record<Language, ReadonlySet<string>> = {
  en: list('okay ok yeah yep yes right sure i see alright gotcha cool'),
  es: list('sí si vale claro ya bueno ok okay ajá entiendo'),
  fr: list("oui ouais ok okay daccord d’accord d'accord bien voilà"),
  de: list('ja okay ok genau gut klar aha verstehe mhm'),
  it: list('sì si ok okay va bene certo già capito'),
  pt: list('sim ok okay certo tá está bem claro pois entendi'),
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

/** True for one to three words that only say "go on"; false for no words at all. */
export function isBackchannel(text: string, language: Language): boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .map(word => word.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, ''))
    .filter(word => word !== '')
  if (words.length === 0 || words.length > WORDS_MAX || /[?]/.test(text)) return false
  return words.every(word => SOUNDS.has(word) || SIGNS[language].has(word))
}
