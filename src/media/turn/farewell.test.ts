import { expect, test } from 'vitest'
import { isFarewell, saysGoodbye } from './farewell.ts'
import type { Language } from './words.ts'

test.each<[Language, string]>([
  ['en', 'Goodbye.'],
  ['en', 'OK, thanks a lot, bye-bye!'],
  ['en', 'No, that’s all, thank you.'],
  ['en', 'No thats all for today'],
  ['en', 'End the call, please.'],
  ['fr', 'C’est tout.'],
  ['fr', "Non merci, c'est tout. Au revoir !"],
  ['fr', 'rien d’autre'],
  ['es', 'adios'],
  ['es', 'No, nada más, gracias. Adiós.'],
  ['es', 'eso es todo'],
  ['it', 'ciao'],
  ['it', 'Va bene, grazie, arrivederci'],
  ['it', 'È tutto, grazie.'],
  ['de', 'Tschüss!'],
  ['de', 'Danke, das war’s. Auf Wiedersehen.'],
  ['de', 'nein das ist alles danke'],
  ['pt', 'Até logo!'],
])('%s "%s" is a farewell and nothing else [C7]', (language, text) => {
  expect(isFarewell(text, language)).toBe(true)
})

test.each<[Language, string]>([
  ['en', 'No, that’s all wrong.'],
  ['en', "Please don't end the call."],
  ['en', "That's all right, go on."],
  ['en', 'That’s all right.'],
  ['en', 'Goodbye is the name of the song.'],
  ['en', 'Nothing else works.'],
  ['en', "That's all?"],
  ['en', 'Thank you.'],
  ['en', ''],
  ['en', '[pressed 1]'],
  ['fr', "C'est tout à fait ça."],
  ['fr', 'C’est tout droit ?'],
  ['fr', 'Je ne vous dis pas au revoir'],
  ['es', 'Nada más quiero saber el precio.'],
  ['es', 'Eso no es todo.'],
  ['es', 'No, no es todo.'],
  ['it', 'Non è tutto.'],
  ['it', 'È tutto sbagliato.'],
  ['de', 'Das ist alles falsch.'],
  ['de', 'Das ist alles gut.'],
  ['de', 'Sonst nichts Neues?'],
  ['pt', 'Mais nada funciona.'],
])('%s "%s" ends no call [C7]', (language, text) => {
  expect(isFarewell(text, language)).toBe(false)
})

test('"ciao" as the first word of a caller says hello, and later goodbye [C7]', () => {
  expect(isFarewell('Ciao!', 'it', true)).toBe(false)
  expect(isFarewell('Ciao!', 'it', false)).toBe(true)
  expect(isFarewell('Arrivederci', 'it', true)).toBe(true)
})

test('a long row of the same polite words is answered at once', () => {
  const text = 'thank you very much '.repeat(3)
  expect(isFarewell(`${text}stop`, 'en')).toBe(false)
  expect(isFarewell('thanks '.repeat(2_000), 'en')).toBe(false)
})

test('our own last sentence may say goodbye with other words', () => {
  expect(saysGoodbye('Goodbye, Maria, and have a nice day!', 'en')).toBe(true)
  expect(saysGoodbye('Shall I say goodbye?', 'en')).toBe(false)
  expect(saysGoodbye('Auf Wiederhören!', 'de')).toBe(true)
})
