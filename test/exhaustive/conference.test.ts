import { expect, test } from 'vitest'
import { PLANTED_CONFERENCES, SMALL_CONFERENCES } from './conference-planted.ts'
import { exploreConference } from './explore-conference.ts'

test('nobody is in who was not let in, everybody gets an answer, and nobody outlives the end, in all orders of the small conferences', () => {
  const found = SMALL_CONFERENCES.map(world => exploreConference(world))
  expect(found.flatMap(({ violations }) => violations)).toEqual([])
  expect(found.reduce((sum, { states }) => sum + states, 0)).toBeGreaterThan(5_000)
})

test.each(Object.keys(PLANTED_CONFERENCES))('a conference is found out when %s', name => {
  const worst = SMALL_CONFERENCES.some(
    world => exploreConference(world, PLANTED_CONFERENCES[name], 8_000).violations.length > 0,
  )
  expect(worst).toBe(true)
})
