import { expect, test } from 'vitest'
import { exploreMask, SMALL_MASKS } from './explore-mask.ts'
import { caughtBy, PLANTED_MASKS } from './mask-planted.ts'

test('every order of sessions, ends and calls at small masks: nobody meets a stranger, and whoever may meet does', () => {
  const found = SMALL_MASKS.map(world => exploreMask(world))
  expect(found.flatMap(({ violations }) => violations)).toEqual([])
  // Fewer would mean that the worlds have become shallow.
  for (const { states } of found) expect(states).toBeGreaterThan(1_000)
})

test.each(Object.entries(PLANTED_MASKS))('the laws find it: %s', (_, rules) => {
  expect(caughtBy(rules)).not.toBeNull()
})
