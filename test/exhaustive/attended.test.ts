import { expect, test } from 'vitest'
import { PLANTED_ATTENDED, SMALL_ATTENDED } from './attended-planted.ts'
import { exploreAttended } from './explore-attended.ts'

test('who asks first loses nobody: in all orders of small consultations nobody is dropped, left alone, or kept for nobody [S1-44]', () => {
  const found = SMALL_ATTENDED.map(world => exploreAttended(world))
  expect(found.flatMap(({ violations }) => violations)).toEqual([])
  expect(found.reduce((sum, { states }) => sum + states, 0)).toBeGreaterThan(4_000)
}, 60_000)

test.each(Object.keys(PLANTED_ATTENDED))('a consultation is found out when %s', name => {
  const machine = PLANTED_ATTENDED[name]
  const found = SMALL_ATTENDED.some(world => exploreAttended(world, machine, 20_000).violations.length > 0)
  expect(found).toBe(true)
})
