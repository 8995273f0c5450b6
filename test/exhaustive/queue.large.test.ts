import { expect, test } from 'vitest'
import { exploreQueue } from './explore-queue.ts'

test('nobody is offered twice, forgotten, passed over or left alone, in all orders of a floor of two callers and two agents', () => {
  const { violations, states } = exploreQueue({ callers: 2, desks: 2, declines: 0, losses: 0, breaks: 0, strikes: 0 })
  expect(violations).toEqual([])
  expect(states).toBeGreaterThan(5_000)
}, 300_000)
