import { expect, test } from 'vitest'
import { rangeOf, whole } from './sound-range.ts'

test('a part, an end, and the rest are given as they are asked for', () => {
  expect(rangeOf('bytes=0-99', 1_000)).toEqual({ from: 0, to: 99 })
  expect(rangeOf('bytes=900-', 1_000)).toEqual({ from: 900, to: 999 })
  expect(rangeOf('bytes=-100', 1_000)).toEqual({ from: 900, to: 999 })
  expect(rangeOf('bytes=500-9999', 1_000)).toEqual({ from: 500, to: 999 })
})

test('behind the end there is nothing; what is not understood gets the whole', () => {
  expect(rangeOf('bytes=1000-', 1_000)).toBe('unsatisfiable')
  expect(rangeOf('bytes=-0', 1_000)).toBe('unsatisfiable')
  for (const odd of [undefined, '', 'bytes=-', 'bytes=5-1', 'bytes=0-1,4-5', 'items=0-1', 'bytes=a-b'])
    expect(rangeOf(odd, 1_000)).toBeNull()
})

test('a part says which one it is', () => {
  const part = whole(new Uint8Array(10), 100, { from: 5, to: 14 })
  expect([part.status, part.headers.get('Content-Range'), part.headers.get('Content-Length')]).toEqual([
    206,
    'bytes 5-14/100',
    '10',
  ])
  expect(whole(new Uint8Array(100), 100, null).status).toBe(200)
})
