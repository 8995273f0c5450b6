import { describe, expect, test } from 'vitest'
import { FAULT_KINDS } from './faults.ts'
import { runPool } from './pool.ts'
import { runSchedule } from './schedule.ts'

const SCHEDULES = 50_000

test(`${SCHEDULES} schedules under faults keep every law`, { timeout: 240_000 }, async () => {
  const result = await runPool({ seed: 1, schedules: SCHEDULES })
  // A failure is replayed by: node test/simulation/main.ts --seed N --trace
  expect(result.broken).toEqual([])
  expect(result.schedules).toBe(SCHEDULES)
  expect(result.meanEvents).toBeGreaterThanOrEqual(100)
  expect(result.batches).toBeGreaterThan(SCHEDULES)
  expect(Object.keys(result.hits).sort()).toEqual([...FAULT_KINDS].sort())
})

/** A call crashed, its ring was delayed, and the end of the call came to the desk first: the screen showed the ring for ever. */
const LATE_RINGS = [146_140, 495_895, 681_075, 870_293]

test('a ring that comes after the end of its call is no ring', () => {
  for (const seed of LATE_RINGS) expect(runSchedule(seed).broken).toBeNull()
})

describe('a seed is a world', () => {
  test('the same seed gives the same trace, another seed another one', () => {
    const traceOf = (seed: number) => {
      const lines: string[] = []
      runSchedule(seed, line => lines.push(line))
      return lines
    }
    expect(traceOf(7)).toEqual(traceOf(7))
    expect(traceOf(7).length).toBeGreaterThan(100)
    expect(traceOf(8)).not.toEqual(traceOf(7))
  })
})
