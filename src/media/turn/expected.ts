/** Finds out what a question of ours asks for, so that we wait longer inside numbers and spelling. */
import type { Expected } from './endpoint.ts'
import type { Language } from './words.ts'

const NUMBER: Record<Language, RegExp> = {
  en: /\b(number|digits?|code|zip|pin|date of birth|how many)\b/i,
  es: /\b(número|dígitos?|código|fecha|cuánt[oa]s)\b/i,
  fr: /\b(numéro|chiffres?|code|date|combien)\b/i,
  de: /(nummer|ziffern?|postleitzahl|datum|wie viele|\bcode\b)/i,
  it: /\b(numero|cifre|codice|data|quant[ie])\b/i,
  pt: /\b(número|dígitos?|código|data|quant[oa]s)\b/i,
}
const SPELLING: Record<Language, RegExp> = {
  en: /\b(spell|e-?mail|letter by letter)\b/i,
  es: /\b(deletre\w*|correo|letra por letra)\b/i,
  fr: /(épel\w*|e-?mail|courriel|lettre par lettre)/i,
  de: /(buchstabier\w*|e-?mail)/i,
  it: /(sillab\w*|compit\w*|e-?mail|lettera per lettera)/i,
  pt: /(soletr\w*|e-?mail|letra por letra)/i,
}
const COUNT = /\b(\d{1,2})[- ]?(?:digit|dígitos?|chiffres|cifre|stellig)/i

/** True if the words speak of a number that is said digit by digit. */
export function asksForNumber(text: string, language: Language): boolean {
  return NUMBER[language].test(text)
}

/** Takes the last words that were said to the caller. Only a question asks for something. */
export function expectedAfter(said: string, language: Language): Expected {
  const question = said.match(/[^.!?…]*\?/g)?.at(-1) ?? ''
  const please = question === '' ? (said.split(/(?<=[.!…])\s/).at(-1) ?? '') : question
  const digits = COUNT.exec(please)
  const characters = digits === null ? null : Number(digits[1])
  if (SPELLING[language].test(please)) return { type: 'spelling', characters: null }
  if (NUMBER[language].test(please) && (question !== '' || /please|bitte|favor|plaît|favore/i.test(please)))
    return { type: 'number', characters }
  return { type: 'anything' }
}
