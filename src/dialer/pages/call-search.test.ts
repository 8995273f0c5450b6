import { expect, test } from 'vitest'
import type { CallRow } from '../../wire/api.ts'
import { matches, readCallSearch } from './call-search.ts'

test('wrong values in the address are dropped', () => {
  expect(readCallSearch({ direction: 'sideways', q: ['x'], outcome: '' })).toEqual({})
  expect(readCallSearch({ direction: 'inbound', q: 4155, outcome: 'Interested' })).toEqual({
    direction: 'inbound',
    q: '4155',
    outcome: 'Interested',
  })
  expect(readCallSearch({ q: 'x'.repeat(500) }).q).toHaveLength(100)
})

test('rows by name, note, and digits of the number however they are written', () => {
  const row = {
    name: 'Amara',
    number: '(415) 555-0101',
    note: 'wants a quote',
    direction: 'outbound',
    outcome: null,
  } as CallRow
  expect(matches(row, {})).toBe(true)
  expect(matches(row, { q: 'AMA' })).toBe(true)
  expect(matches(row, { q: 'quote' })).toBe(true)
  expect(matches(row, { q: '+415 5550101' })).toBe(true)
  expect(matches(row, { q: '99' })).toBe(false)
  expect(matches(row, { direction: 'inbound' })).toBe(false)
  expect(matches(row, { outcome: 'Interested' })).toBe(false)
})
