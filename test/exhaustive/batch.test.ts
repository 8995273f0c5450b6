import { describe, expect, test } from 'vitest'
import { exploreBatch } from './explore-batch.ts'
import { nameOf, SMALL_WORLDS, TINY_WORLDS } from './policies.ts'

describe('every reachable state of a race with up to three legs keeps every law', () => {
  for (const { world, statesMin } of SMALL_WORLDS)
    test(`${world.legs} legs, ${world.seats} seats, ${nameOf(world.policy)}`, () => {
      const { states, transitions } = exploreBatch(world)
      // Fewer would mean that the explorer has stopped looking.
      expect(states).toBeGreaterThan(statesMin)
      expect(transitions).toBeGreaterThan(10 * statesMin)
    })

  test('two legs under every policy, with every word of the carrier', () => {
    const explored = TINY_WORLDS.map(world => exploreBatch(world))
    expect(explored).toHaveLength(TINY_WORLDS.length)
    expect(Math.min(...explored.map(({ states }) => states))).toBeGreaterThan(100)
  })
})
