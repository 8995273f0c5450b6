import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { exploreBatch } from './explore-batch.ts'
import { DEFAULT_WORLDS, nameOf } from './policies.ts'

describe('every reachable state of the race keeps every law', () => {
  for (const world of DEFAULT_WORLDS)
    test(`${world.legs} legs, ${world.seats} seats, ${nameOf(world.policy)}`, () => {
      const { states, transitions } = exploreBatch(world)
      // Fewer would mean that the explorer has stopped looking.
      expect(states).toBeGreaterThan(20_000)
      expect(transitions).toBeGreaterThan(1_000_000)
    })
})

test('every branch of the race is reached by the exploration', async () => {
  // A process of its own: coverage counts what V8 runs, and vitest rewrites the modules that it loads.
  // Its exit code says that some are unreached; which ones stands in its output all the same.
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'branches.ts')]).catch(
    (error: { stdout: string }) => error,
  )
  const { files, blocks, unreached } = JSON.parse(stdout) as { files: number; blocks: number; unreached: string[] }
  expect(files).toBeGreaterThanOrEqual(5)
  expect(blocks).toBeGreaterThan(100)
  expect(unreached).toEqual([])
})
