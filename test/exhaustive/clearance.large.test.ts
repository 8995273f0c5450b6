import { expect, test } from 'vitest'
import { exploreClearance } from './explore-clearance.ts'

test('no way to place a call passes a broken rule that holds for it, in all sets of broken rules', () => {
  const { worlds, violations } = exploreClearance()
  expect(violations).toEqual([])
  expect(worlds).toBe(7 * 2 ** 17)
})
