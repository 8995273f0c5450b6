import { expect, test } from 'vitest'
import { BYPASSES, exploreAttempts, exploreClearance } from './explore-clearance.ts'

test('no way to place a call passes a broken rule that holds for it, in all sets of at most four broken rules [C1]', () => {
  const { worlds, violations } = exploreClearance(undefined, 4)
  expect(violations).toEqual([])
  expect(worlds).toBeGreaterThan(17_000)
})

test('never more calls to a number in any window than its caps, over all small histories', () => {
  const { worlds, violations } = exploreAttempts()
  expect(violations).toEqual([])
  expect(worlds).toBeGreaterThan(5_000)
})

test.each(Object.keys(BYPASSES))('a gate is found out when %s', name => {
  const { violations } = exploreClearance(BYPASSES[name], 2)
  expect(violations.length).toBeGreaterThan(0)
})
