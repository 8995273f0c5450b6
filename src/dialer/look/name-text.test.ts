import { expect, test } from 'vitest'
import { isolated, withoutTurns } from './name-text.ts'

test('a name that turns text round does so within itself, and a plain one is left alone [C13]', () => {
  expect(isolated('Amara Diallo')).toBe('Amara Diallo')
  expect(isolated('שרה כהן')).toBe('שרה כהן')
  expect(isolated('\u202Eagrama')).toBe('\u2068\u202Eagrama\u2069')
  expect(isolated('\u2067a\u2069\u202Eb')).toBe('\u2068a\u202Eb\u2069')
  expect(withoutTurns('\u202Ea\u2069b')).toBe('ab')
})
