import { expect, test } from 'vitest'
import { runPool } from '../pool.ts'

const SCHEDULES = 600

test(`${SCHEDULES} schedules make the same facts on the shipping actors as on their doubles`, {
  timeout: 240_000,
}, async () => {
  // A difference is looked at by: node test/simulation/main.ts --seed N --shipping
  const { schedules, broken } = await runPool({ seed: 1, schedules: SCHEDULES, mode: 'differential' })
  expect(broken).toEqual([])
  expect(schedules).toBe(SCHEDULES)
})

test('a ring that comes after the end of its call is no ring on the shipping actors either', async () => {
  for (const seed of [146_140, 495_895, 681_075, 870_293]) {
    const { broken } = await runPool({ seed, schedules: 1, mode: 'differential' })
    expect(broken).toEqual([])
  }
})

/** An outcome that was not seen was settled in the first turn of a drain, and its commit began a second drain beside it. */
test('one drain runs at a time, also when it settles a debt before it waits for anything', async () => {
  const { broken } = await runPool({ seed: 6_534, schedules: 1, mode: 'differential' })
  expect(broken).toEqual([])
})

test('what follows an outcome that was not seen in its lane comes after the other lanes have begun, in both worlds', async () => {
  for (const seed of [7_329, 7_750, 13_312]) {
    const { broken } = await runPool({ seed, schedules: 1, mode: 'differential' })
    expect(broken).toEqual([])
  }
})
