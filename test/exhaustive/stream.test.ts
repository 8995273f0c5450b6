/** Random worlds of sockets that get events: nobody misses one, the order is the log's, nothing comes twice on one connection, and no window grows. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { StreamWorld, type Tally } from './stream-fuzz.ts'

const SEEDS = Number(process.env.SEEDS ?? 100)
const STEPS = 600

// The log of these worlds fails by chance, which the fan-out says.
beforeAll(() => void vi.spyOn(console, 'error').mockReturnValue(undefined))
afterAll(() => void vi.restoreAllMocks())

test(`${SEEDS} worlds of breaks, evictions, kills, lost words and slow readers leave no gap`, async () => {
  const sum: Tally = { received: 0, full: 0, evictions: 0, breaks: 0, kills: 0, behind: 0 }
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const tally = await new StreamWorld(seed).run(STEPS).catch((error: Error) => {
      throw new Error(`seed ${seed}: ${error.message}`, { cause: error })
    })
    for (const key of Object.keys(sum) as (keyof Tally)[]) sum[key] += tally[key]
  }
  // The worlds were what they should be: each of these happened often.
  expect(sum.received).toBeGreaterThan(SEEDS * 1_000)
  for (const often of [sum.full, sum.evictions, sum.breaks, sum.kills]) expect(often).toBeGreaterThan(SEEDS)
  expect(sum.behind).toBeGreaterThan(SEEDS * 2)
})
