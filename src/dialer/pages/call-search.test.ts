import { expect, test } from 'vitest'
import { readCallSearch } from './call-search.ts'

test('wrong values in the address are dropped', () => {
  expect(readCallSearch({ direction: 'sideways', q: ['x'], outcome: '' })).toEqual({})
  expect(readCallSearch({ direction: 'inbound', q: 4155, outcome: 'Interested' })).toEqual({
    direction: 'inbound',
    q: '4155',
    outcome: 'Interested',
  })
  expect(readCallSearch({ q: 'x'.repeat(500) }).q).toHaveLength(100)
})
