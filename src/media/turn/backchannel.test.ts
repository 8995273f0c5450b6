import { expect, test } from 'vitest'
import { hasWords, isBackchannel } from './backchannel.ts'
import { expectedAfter } from './expected.ts'
import type { Language } from './words.ts'

test('signs of listening are no turn', () => {
  for (const text of ['mhm', 'Okay.', 'yeah, right', 'Uh huh', 'I see'])
    expect(isBackchannel(text, 'en'), text).toBe(true)
  for (const text of ['', 'yes I want that', 'okay?', 'stop', 'right now please'])
    expect(isBackchannel(text, 'en'), text).toBe(false)
  expect(isBackchannel("d'accord", 'fr')).toBe(true)
  expect(isBackchannel('genau', 'de')).toBe(true)
})

test.each<[Language, string]>([
  ...['Mhmm', 'Mm-hmm.', 'mm hmm', 'Yup.', 'Hmmm', 'Uh-huh', 'uhhuh', 'Mhm, mhm.', 'Hm-hm', 'Ooh', 'Got it.'].map(
    (text): [Language, string] => ['en', text],
  ),
  ...['Mmh', 'Mmh, d’accord', 'Mhm', 'Hum', 'Ouais ouais', 'D’acc', 'tout a fait'].map((text): [Language, string] => [
    'fr',
    text,
  ]),
  ['es', 'Aja'],
  ['es', 'Mmm, si'],
  ['de', 'Mhm, ach so'],
  ['it', 'Mh, capito'],
  ['pt', 'Uhum'],
  ['pt', 'aham, ta'],
])('%s "%s", however the transcriber spells it, is a sign of listening [C9]', (language, text) => {
  expect(isBackchannel(text, language)).toBe(true)
})

test.each(['Uh-uh', 'Mm-mm.', 'Nuh-uh', 'Hmm?', 'Mhmm I want two', 'home', 'hummus', '.', '…', '12'])(
  '"%s" is none [C9]',
  text => {
    expect(isBackchannel(text, 'en')).toBe(false)
  },
)

test('punctuation alone is no word [C9]', () => {
  expect(['.', ' … ', '?!', '-'].map(hasWords)).toEqual([false, false, false, false])
  expect(['a', '7', 'é'].map(hasWords)).toEqual([true, true, true])
})

test('a question for a number or for spelling is heard as one', () => {
  expect(expectedAfter('Thanks. What is your 6 digit code?', 'en')).toEqual({ type: 'number', characters: 6 })
  expect(expectedAfter('Could you spell your name?', 'en')).toEqual({ type: 'spelling', characters: null })
  expect(expectedAfter('Please tell me your phone number, please.', 'en')).toEqual({ type: 'number', characters: null })
  expect(expectedAfter('Our number is on the website. Can I help with anything else?', 'en')).toEqual({
    type: 'anything',
  })
  expect(expectedAfter('Wie lautet Ihre Kundennummer?', 'de')).toEqual({ type: 'number', characters: null })
})
