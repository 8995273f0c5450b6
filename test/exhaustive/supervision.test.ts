import { expect, test } from 'vitest'
import { exploreSupervision } from './explore-supervision.ts'
import { PLANTED_SUPERVISIONS, SMALL_SUPERVISIONS } from './supervision-planted.ts'

test('a listener is heard by nobody, a whisper by the agent alone, and no supervisor outlives the conversation, in all orders of the small worlds', () => {
  const found = SMALL_SUPERVISIONS.map(world => exploreSupervision(world))
  expect(found.flatMap(({ violations }) => violations)).toEqual([])
  expect(found.reduce((sum, { states }) => sum + states, 0)).toBeGreaterThan(5_000)
})

test.each(Object.keys(PLANTED_SUPERVISIONS))('a room is found out when %s', name => {
  const worst = SMALL_SUPERVISIONS.some(
    world => exploreSupervision(world, PLANTED_SUPERVISIONS[name], 8_000).violations.length > 0,
  )
  expect(worst).toBe(true)
})
