/** Sentences that are said without the model, in the words of the agent or, where it has none, in these. */
import type { CloseReason } from '../../core/turn/state.ts'
import { saysGoodbye } from '../turn/farewell.ts'
import type { Language } from '../turn/words.ts'

export interface Phrases {
  /** a tool takes long, or the model is late */
  wait: string
  stillThere: string
  goodbye: string
  /** the conversation cannot go on */
  apology: string
  timeUp: string
  /** in place of something confidential */
  withheld: string
  /** the model has answered without a word that could be said */
  noAnswer: string
}

export const PHRASES: Record<Language, Phrases> = {
  en: {
    wait: 'One moment, please.',
    stillThere: 'Are you still there?',
    goodbye: 'Thank you for calling. Goodbye!',
    apology: 'I am sorry, something is not working on our side. Please call again later. Goodbye.',
    timeUp: 'I am sorry, our time is up. Thank you for calling. Goodbye.',
    withheld: 'I am sorry, I cannot tell you that.',
    noAnswer: 'I am sorry, I have no answer to that. Could you put it another way?',
  },
  es: {
    wait: 'Un momento, por favor.',
    stillThere: '¿Sigue ahí?',
    goodbye: 'Gracias por llamar. ¡Adiós!',
    apology: 'Lo siento, algo no funciona de nuestro lado. Por favor, llame más tarde. Adiós.',
    timeUp: 'Lo siento, se acabó el tiempo. Gracias por llamar. Adiós.',
    withheld: 'Lo siento, no puedo decirle eso.',
    noAnswer: 'Lo siento, no tengo respuesta a eso. ¿Puede decirlo de otra manera?',
  },
  fr: {
    wait: 'Un instant, s’il vous plaît.',
    stillThere: 'Êtes-vous toujours là ?',
    goodbye: 'Merci de votre appel. Au revoir !',
    apology: 'Je suis désolé, quelque chose ne marche pas chez nous. Rappelez plus tard. Au revoir.',
    timeUp: 'Je suis désolé, le temps est écoulé. Merci de votre appel. Au revoir.',
    withheld: 'Je suis désolé, je ne peux pas vous le dire.',
    noAnswer: 'Je suis désolé, je n’ai pas de réponse à cela. Pouvez-vous le dire autrement ?',
  },
  de: {
    wait: 'Einen Moment bitte.',
    stillThere: 'Sind Sie noch da?',
    goodbye: 'Danke für Ihren Anruf. Auf Wiederhören!',
    apology: 'Es tut mir leid, bei uns funktioniert etwas nicht. Bitte rufen Sie später an. Auf Wiederhören.',
    timeUp: 'Es tut mir leid, unsere Zeit ist um. Danke für Ihren Anruf. Auf Wiederhören.',
    withheld: 'Es tut mir leid, das kann ich Ihnen nicht sagen.',
    noAnswer: 'Es tut mir leid, darauf habe ich keine Antwort. Können Sie es anders sagen?',
  },
  it: {
    wait: 'Un momento, per favore.',
    stillThere: 'È ancora lì?',
    goodbye: 'Grazie della chiamata. Arrivederci!',
    apology: 'Mi dispiace, da noi qualcosa non funziona. Richiami più tardi. Arrivederci.',
    timeUp: 'Mi dispiace, il tempo è finito. Grazie della chiamata. Arrivederci.',
    withheld: 'Mi dispiace, questo non posso dirglielo.',
    noAnswer: 'Mi dispiace, non ho una risposta. Può dirlo in un altro modo?',
  },
  pt: {
    wait: 'Um momento, por favor.',
    stillThere: 'Ainda está aí?',
    goodbye: 'Obrigado por ligar. Até logo!',
    apology: 'Desculpe, algo não está funcionando do nosso lado. Ligue mais tarde. Até logo.',
    timeUp: 'Desculpe, o nosso tempo acabou. Obrigado por ligar. Até logo.',
    withheld: 'Desculpe, isso não posso dizer.',
    noAnswer: 'Desculpe, não tenho resposta para isso. Pode dizer de outra maneira?',
  },
}

/** The language of a BCP-47 tag; English where we have no rules for that language. */
export function tongueOf(tag: string): Language {
  const letters = tag.slice(0, 2).toLowerCase()
  return letters in PHRASES ? (letters as Language) : 'en'
}

/** The agent's own words come before ours. */
export function phrasesOf(agent: { language: string; phrases: Partial<Phrases> }): Phrases {
  return { ...PHRASES[tongueOf(agent.language)], ...agent.phrases }
}

/** Our last words; empty if the last reply ended with a goodbye already. */
export function farewellOf(reason: CloseReason, phrases: Phrases, lastSaid: string, language: Language): string {
  if (reason === 'failure') return phrases.apology
  if (reason === 'limit') return phrases.timeUp
  const last = lastSaid.split(/(?<=[.!?])\s/).at(-1) ?? ''
  return reason === 'goodbye' && saysGoodbye(last, language) ? '' : phrases.goodbye
}
