import { expect, test } from 'vitest'
import { grammarOf, isRefused, soundWord, wordsOf } from './grammar.ts'
import { PhraseError, partsOf, readPhrase } from './phrase.ts'
import { BUILT_IN } from './slots.ts'

test('a phrase is words, choices, things left out and slots', () => {
  const phrase = readPhrase('(i want|let me) [to] book {day}')
  expect([...partsOf(phrase)].flatMap(part => (part.type === 'word' ? [part.word] : []))).toEqual([
    'i',
    'want',
    'let',
    'me',
    'to',
    'book',
  ])
  expect([...partsOf(phrase)].map(part => part.type)).toContain('slot')
})

test.each([
  ['', 'empty'],
  ['(yes|no', ') is missing'],
  ['[maybe', '] is missing'],
  ['yes)', 'closes nothing'],
  ['(yes|)', 'empty'],
  ['[please]', 'left out'],
  ['[please] [now]', 'left out'],
  ['(yes|[no])', 'left out'],
  ['call me at 10', 'not'],
  ['Yes', 'not'],
  ['{Day}', 'not'],
  [`${'('.repeat(20)}yes${')'.repeat(20)}`, 'deeper'],
  ['yes '.repeat(200), 'longer'],
])('%j cannot be read', (text, why) => {
  expect(() => readPhrase(text)).toThrow(PhraseError)
  expect(() => readPhrase(text)).toThrow(why)
})

test('the grammar has every phrase and slot once, and the loop over all sounds', () => {
  const phrases = [readPhrase('on {day} at {time}'), readPhrase('(yes|no) [thank you]')]
  const jsgf = grammarOf(phrases, BUILT_IN)
  expect(jsgf).toContain('on <slot_day> at <slot_time>\n  | (yes | no) [thank you]')
  expect(jsgf.match(/<slot_day> =/g)).toHaveLength(1)
  expect(jsgf).toContain(`<sound> = ${soundWord('AA')} | `)
  expect(grammarOf(phrases, BUILT_IN, 0)).not.toContain('other')
  expect(() => grammarOf([readPhrase('{planet}')], BUILT_IN)).toThrow('{planet}')
  expect([...wordsOf(phrases, BUILT_IN)]).toEqual(expect.arrayContaining(['monday', 'noon', 'thank', 'um']))
})

test('what went through the loop, wholly or in part, is refused', () => {
  expect(isRefused('zzaa zzb')).toBe(true)
  expect(isRefused('yes zzaa')).toBe(true)
  expect(isRefused('yes please')).toBe(false)
  expect(isRefused('')).toBe(false)
})
