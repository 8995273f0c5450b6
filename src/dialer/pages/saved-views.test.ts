import { expect, test } from 'vitest'
import { isFiltered, parseViews, VIEWS_MAX, withView } from './saved-views.ts'

test.each([null, '', '{', 'null', '{}', '[null,1,"a",{"name":""},{"name":"x"},{"name":5,"search":{}}]'])(
  '%s has no views',
  text => {
    expect(parseViews(text)).toEqual([])
  },
)

test('a view is read as the address would be: wrong filters are dropped', () => {
  expect(parseViews('[{"name":"Sold","search":{"outcome":"sold","direction":"up","other":1}}]')).toEqual([
    { name: 'Sold', search: { outcome: 'sold', direction: undefined, q: undefined } },
  ])
})

test('a view of a known name takes its place, and the oldest go when there are too many', () => {
  const named = (name: string, q: string) => ({ name, search: { q } })
  expect(withView([named('a', '1'), named('b', '2')], named('a', '3'))).toEqual([named('b', '2'), named('a', '3')])
  const full = Array.from({ length: VIEWS_MAX }, (_, n) => named(`v${n}`, String(n)))
  expect(withView(full, named('new', '')).map(({ name }) => name)).toEqual([...full.slice(1).map(v => v.name), 'new'])
})

test('no filter is no view', () => {
  expect(isFiltered({ q: undefined })).toBe(false)
  expect(isFiltered({ outcome: 'sold' })).toBe(true)
})
