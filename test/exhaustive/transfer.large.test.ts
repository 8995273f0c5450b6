import { expect, test } from 'vitest'
import { exploreTransfer } from './explore-transfer.ts'

test('nobody is dropped, left alone or held for nobody, in all orders of two transfers with a lost line, a decline and a slow carrier', () => {
  const world = { transfers: 2, declines: 1, losses: 1, strikes: 1, takeBacks: 1, refusals: 1 }
  const { violations, states } = exploreTransfer({ ...world, targets: ['desk', 'number', 'queue'] })
  expect(violations).toEqual([])
  expect(states).toBeGreaterThan(30_000)
}, 300_000)
