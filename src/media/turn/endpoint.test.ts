import fc from 'fast-check'
import { expect, test } from 'vitest'
import { completenessOf, ENDPOINT_RULES, type Expected, endOfTurnMs, type TurnHeard } from './endpoint.ts'
import type { Language } from './words.ts'

const ANYTHING: Expected = { type: 'anything' }

test.each<[Language, string, string]>([
  ['en', 'I would like to book a table.', 'whole'],
  ['en', 'Can you call me back tomorrow?', 'whole'],
  ['en', 'yes', 'whole'],
  ['en', 'okay sure', 'whole'],
  ['en', 'I would like to', 'open'],
  ['en', 'I would like to and.', 'open'],
  ['en', 'Well...', 'open'],
  ['en', 'I would like to book a table', 'open'],
  ['en', '', 'open'],
  ['en', 'my number is five five', 'spelled'],
  ['en', 'it is 415 555.', 'spelled'],
  ['en', 'My account number is two.', 'spelled'],
  ['en', 'We need a table for two.', 'whole'],
  ['en', 'my name is spelled b r', 'spelled'],
  ['en', 'write to jane dot', 'spelled'],
  ['es', 'Quiero hablar con una persona.', 'whole'],
  ['es', 'quiero hablar con', 'open'],
  ['es', 'es el seis tres', 'spelled'],
  ['fr', "D'accord, à demain.", 'whole'],
  ['fr', 'je voudrais parler à', 'open'],
  ['de', 'Das passt mir gut.', 'whole'],
  ['de', 'ich rufe an, weil', 'open'],
  ['de', 'null acht neun', 'spelled'],
  ['it', 'Va bene, grazie.', 'whole'],
  ['it', 'vorrei parlare con', 'open'],
  ['pt', 'Pode ligar amanhã.', 'whole'],
  ['pt', 'o meu número é nove um', 'spelled'],
])('%s: %j is %s', (language, text, wanted) => {
  expect(completenessOf({ language, text, expected: ANYTHING })).toBe(wanted)
})

test.each<[Language, string, Expected, string]>([
  ['en', '415 555', { type: 'number', characters: 10 }, 'spelled'],
  ['en', '415 555 0199', { type: 'number', characters: 10 }, 'whole'],
  ['en', 'four one five double five five', { type: 'number', characters: 6 }, 'whole'],
  ['en', 'four one five.', { type: 'number', characters: null }, 'spelled'],
  ['en', 'no', { type: 'number', characters: 10 }, 'whole'],
  ['de', 'zwo zwo drei', { type: 'number', characters: 3 }, 'whole'],
  ['pt', 'meia meia três', { type: 'number', characters: 3 }, 'whole'],
  ['en', 'b a k', { type: 'spelling', characters: 5 }, 'spelled'],
  ['en', 'b a k e r', { type: 'spelling', characters: 5 }, 'whole'],
])('%s: %j to a question for %j is %s', (language, text, expected, wanted) => {
  expect(completenessOf({ language, text, expected })).toBe(wanted)
})

const turn = (part: Partial<TurnHeard>): TurnHeard => ({
  language: 'en',
  expected: ANYTHING,
  text: 'Call me tomorrow.',
  wordsAtMs: 900,
  quietSinceMs: 1_000,
  ...part,
})

test('the wait follows the words', () => {
  expect(endOfTurnMs(turn({}))).toBe(1_300)
  expect(endOfTurnMs(turn({ text: 'call me when' }))).toBe(1_800)
  expect(endOfTurnMs(turn({ text: 'it is five five' }))).toBe(2_200)
  expect(endOfTurnMs(turn({ text: '', wordsAtMs: null }))).toBe(1_800)
})

test('other voices that keep the gate open do not keep the turn: the cap counts from the last new word', () => {
  expect(endOfTurnMs(turn({ quietSinceMs: null }))).toBe(3_900)
  expect(endOfTurnMs(turn({ quietSinceMs: null, text: '', wordsAtMs: null }))).toBeNull()
  expect(endOfTurnMs(turn({ text: 'five five', quietSinceMs: 3_500 }))).toBe(3_900)
})

test('fuzz: any text gives an answer, never before the shortest wait after silence, never after the cap', () => {
  const languages: Language[] = ['en', 'es', 'fr', 'de', 'it', 'pt']
  const expected = fc.oneof(
    fc.constant(ANYTHING),
    fc.record({ type: fc.constantFrom('number' as const, 'spelling' as const), characters: fc.option(fc.nat(20)) }),
  )
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(...languages),
      expected,
      fc.nat(5_000),
      (text, language, asked, quiet) => {
        const end = endOfTurnMs({ text, language, expected: asked, wordsAtMs: 1_000, quietSinceMs: quiet }) as number
        expect(end).toBeGreaterThanOrEqual(Math.min(quiet + ENDPOINT_RULES.wholeMs, 4_000))
        expect(end).toBeLessThanOrEqual(Math.min(quiet + ENDPOINT_RULES.spelledMs, 4_000))
      },
    ),
    { seed: 300, numRuns: 500 },
  )
})
