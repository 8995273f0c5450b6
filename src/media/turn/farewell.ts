/**
 * Recognises an utterance that is a farewell and nothing else. A call ends by rule only then: "No, that's all wrong" and "Please
 * don't end the call" contain the same words and mean the opposite, so everything longer is for the model to judge.
 */
import type { Language } from './words.ts'

interface Farewells {
  /** phrases that end a conversation by themselves */
  ends: string
  /** may stand before one of them */
  opens: string
  /** may stand after one of them */
  closes: string
  /** these greet as well as part, so as the caller's first words they end nothing */
  greets: string
}

/** Phrases without accents and apostrophes, as `plain` writes them: transcribers leave out both. */
const FAREWELLS: Record<Language, Farewells> = {
  en: {
    ends: 'goodbye|good bye|bye|bye bye|thats all|that is all|thatll be all|that will be all|nothing else|end the call|hang up|you can hang up|good night|see you|see you later|talk to you later|speak to you later|take care|have a nice day|have a good day|have a great day|have a good one|have a nice evening',
    opens:
      'no|nope|ok|okay|alright|all right|well|great|perfect|good|so|thanks|thanks a lot|thank you|thank you so much|thank you very much|many thanks|cheers|please|and|then|right|yes|yeah|oh',
    closes:
      'thanks|thanks a lot|thank you|thank you so much|thank you very much|many thanks|cheers|please|now|then|for now|for today|for your help|i need|i needed|i wanted|from me|i think|you too|and',
    greets: 'ciao',
  },
  es: {
    ends: 'adios|hasta luego|hasta pronto|hasta manana|hasta la vista|eso es todo|eso seria todo|nada mas|chao|chau|que tenga un buen dia|que tenga buen dia|buen dia y hasta luego',
    opens: 'no|si|bueno|vale|ok|okay|muy bien|perfecto|gracias|muchas gracias|pues|y|entonces|ya|por favor',
    closes: 'gracias|muchas gracias|por ahora|por hoy|entonces|y|por favor|igualmente',
    greets: 'ciao',
  },
  fr: {
    ends: 'au revoir|cest tout|ce sera tout|rien dautre|rien d autre|c est tout|a bientot|bonne journee|bonne soiree|adieu|raccrochez|vous pouvez raccrocher',
    opens:
      'non|oui|ok|okay|daccord|d accord|bien|tres bien|bon|parfait|merci|merci beaucoup|merci bien|et|alors|voila|eh bien',
    closes:
      'merci|merci beaucoup|merci bien|pour aujourdhui|pour aujourd hui|pour linstant|pour l instant|alors|et|monsieur|madame|a vous aussi',
    greets: 'salut|ciao',
  },
  de: {
    ends: 'auf wiederhoren|auf wiedersehen|auf wiederschauen|wiederhoren|wiedersehen|tschuss|tschuess|tschau|das wars|das war s|das war es|das war alles|das ist alles|sonst nichts|nichts weiter|bis dann|bis bald|bis morgen|schonen tag noch|einen schonen tag noch|einen schonen tag|schonen abend noch|legen sie auf|ade',
    opens:
      'nein|ja|ok|okay|gut|sehr gut|alles klar|klar|super|prima|danke|danke schon|vielen dank|besten dank|dann|also|na dann|und|nee|bitte',
    closes: 'danke|danke schon|vielen dank|besten dank|fur heute|dann|schon|auch|und|ihnen auch|bitte',
    greets: 'ciao|servus',
  },
  it: {
    ends: 'arrivederci|arrivederla|e tutto|questo e tutto|nientaltro|nient altro|niente altro|a presto|a domani|addio|buona giornata|buona serata|ciao ciao',
    opens: 'no|si|ok|okay|va bene|bene|perfetto|grazie|grazie mille|molte grazie|allora|e|ecco|per favore',
    closes: 'grazie|grazie mille|molte grazie|per ora|per oggi|allora|e|anche a lei',
    greets: 'ciao',
  },
  pt: {
    ends: 'tchau|xau|ate logo|ate breve|ate amanha|ate mais|adeus|e so isso|so isso|e tudo|isso e tudo|mais nada|nada mais|tenha um bom dia|um bom dia para voce',
    opens:
      'nao|sim|ok|okay|bom|bem|certo|esta bem|ta bom|perfeito|obrigado|obrigada|muito obrigado|muito obrigada|entao|e',
    closes: 'obrigado|obrigada|muito obrigado|muito obrigada|por agora|por hoje|entao|e',
    greets: 'ciao',
  },
}

/** A longer utterance tells something. */
const WORDS_MAX = 12

const any = (phrases: string) => `(?:(?:${phrases}) )`
const whole = ({ opens, closes }: Farewells, ends: string) =>
  new RegExp(`^(?:${any(opens)}*${any(ends)}${any(closes)}*)+$`)
const rules = Object.entries(FAREWELLS).map(([language, one]) => [
  language,
  { first: whole(one, one.ends), later: whole(one, `${one.ends}|${one.greets}`) },
])
const WHOLE: Record<Language, { first: RegExp; later: RegExp }> = Object.fromEntries(rules)

/** Our own goodbye may stand beside other words: it is a statement, and nothing is decided by it but whether to repeat it. */
const OUR_GOODBYE: Record<Language, RegExp> = {
  en: /\b(goodbye|good bye|bye)\b/,
  es: /\b(adios|hasta luego|hasta pronto)\b/,
  fr: /\b(au revoir|a bientot|bonne journee)\b/,
  de: /\b(auf wiederhoren|auf wiedersehen|tschuss)\b/,
  it: /\b(arrivederci|arrivederla|a presto)\b/,
  pt: /\b(tchau|ate logo|adeus)\b/,
}

/** `first`: these are the caller's first words, in which "ciao" says hello. */
export function isFarewell(text: string, language: Language, first = false): boolean {
  if (/[?¿]/.test(text)) return false
  const words = plain(text)
  if (words.split(' ').length > WORDS_MAX) return false
  return WHOLE[language][first ? 'first' : 'later'].test(`${words} `)
}

/** True if a sentence of ours says goodbye. */
export function saysGoodbye(sentence: string, language: Language): boolean {
  return !sentence.includes('?') && OUR_GOODBYE[language].test(plain(sentence))
}

/** Words in lower case with one space between them, without accents, apostrophes (straight or curly) and punctuation. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('ß', 'ss')
    .replace(/['’‘ʼ`´]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
