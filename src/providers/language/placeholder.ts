/**
 * Stands in for a language model where none is set up (requirements S2-12): a caller hears that the line works and what it heard,
 * instead of an apology and a hang-up. It is never part of a chain: a provider that was chosen and fails has failed.
 */
import type { Language, LanguagePart, LanguageRequest } from './port.ts'

const HEARD: Record<string, { greeting: string; heard: (words: string) => string }> = {
  en: {
    greeting: 'Hello. I can hear you, but no language model is set up yet.',
    heard: words => `I heard: ${words} No language model is set up yet, so I cannot answer that.`,
  },
  es: {
    greeting: 'Hola. Le oigo, pero todavía no hay ningún modelo de lenguaje.',
    heard: words => `He oído: ${words} Todavía no hay ningún modelo de lenguaje, así que no puedo responder.`,
  },
  fr: {
    greeting: 'Bonjour. Je vous entends, mais aucun modèle de langage n’est encore installé.',
    heard: words => `J’ai entendu : ${words} Aucun modèle de langage n’est encore installé, je ne peux pas répondre.`,
  },
  de: {
    greeting: 'Guten Tag. Ich höre Sie, aber es ist noch kein Sprachmodell eingerichtet.',
    heard: words =>
      `Ich habe gehört: ${words} Es ist noch kein Sprachmodell eingerichtet, das kann ich nicht beantworten.`,
  },
  it: {
    greeting: 'Buongiorno. La sento, ma non c’è ancora nessun modello linguistico.',
    heard: words => `Ho sentito: ${words} Non c’è ancora nessun modello linguistico, quindi non posso rispondere.`,
  },
  pt: {
    greeting: 'Olá. Estou a ouvir, mas ainda não há nenhum modelo de linguagem.',
    heard: words => `Ouvi: ${words} Ainda não há nenhum modelo de linguagem, por isso não posso responder.`,
  },
}
const WORDS_CHARS_MAX = 200

export class PlaceholderLanguage implements Language {
  readonly provider = 'placeholder'
  readonly model = 'placeholder'
  readonly #words: (typeof HEARD)[string]

  /** `language`: BCP-47; English for one that we have no words of */
  constructor(language: string) {
    const tongue = language.slice(0, 2).toLowerCase()
    this.#words = HEARD[Object.hasOwn(HEARD, tongue) ? tongue : 'en'] as (typeof HEARD)[string]
  }

  async *reply({ said, signal }: LanguageRequest): AsyncGenerator<LanguagePart> {
    if (signal.aborted) return
    const last = said.findLast(one => one.role === 'caller')
    const { greeting, heard } = this.#words
    yield { type: 'text', text: last?.role === 'caller' ? heard(sentence(last.text)) : greeting }
    yield { type: 'end', reason: 'stop', tokensIn: 0, tokensOut: 0 }
  }
}

function sentence(words: string): string {
  const short = words.trim().slice(0, WORDS_CHARS_MAX)
  return /[.!?…]$/.test(short) ? short : `${short}.`
}
