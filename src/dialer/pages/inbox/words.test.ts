import { expect, test } from 'vitest'
import { forWhom, lengthOf, transcriptWords, whoOf } from './words.ts'

test('who called, for whom, how long', () => {
  expect(whoOf({ name: 'Pat Doe', number: '+14155550101' })).toBe('Pat Doe')
  expect(whoOf({ name: '', number: '+14155550101' })).toBe('+14155550101')
  expect(whoOf({ name: '', number: '' })).toBe('Number withheld')
  expect(forWhom({ box: { kind: 'person', id: 'bo', name: 'Bo' } }, true)).toBe('for you')
  expect(forWhom({ box: { kind: 'queue', id: 'q', name: 'Support' } }, false)).toBe('for Support')
  expect(forWhom({ box: { kind: 'workspace', id: '', name: 'Acme' } }, false)).toBe('for the whole team')
  expect([lengthOf({ seconds: 75 }), lengthOf({ seconds: null })]).toEqual(['1:15', null])
})

test('a message without a transcript says why, and one with a transcript says nothing more', () => {
  expect(transcriptWords('no-provider')).toContain('no service')
  expect(transcriptWords('done')).toBeNull()
})
