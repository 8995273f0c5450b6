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
