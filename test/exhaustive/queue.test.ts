import { expect, test } from 'vitest'
import { exploreQueue } from './explore-queue.ts'
import { PLANTED_QUEUES, SMALL_QUEUES } from './queue-planted.ts'

test('nobody is offered twice, forgotten, passed over or left alone, in all orders of the small floors', () => {
  const found = SMALL_QUEUES.map(world => exploreQueue(world))
  expect(found.flatMap(({ violations }) => violations)).toEqual([])
  expect(found.reduce((sum, { states }) => sum + states, 0)).toBeGreaterThan(5_000)
})

test.each(Object.keys(PLANTED_QUEUES))('a queue is found out when %s', name => {
  const found = SMALL_QUEUES.some(world => exploreQueue(world, PLANTED_QUEUES[name], 5_000).violations.length > 0)
  expect(found).toBe(true)
})
