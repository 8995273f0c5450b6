/**
 * Finds the blocks of `src/core/batch` that no reachable state runs. An unreached guard is dead code, or a world
 * that the explorer forgets. Prints `{ files, blocks, unreached }`; exit code 1 when there are any.
 */
import { readFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The end of a switch that the compiler has proved complete. */
const PROVED = /^\s*default:\s*return unreachable\(/

/**
 * Not part of a step: a new round writes today's facts only, and the log asks later whom a fact is about. `test/golden` walks
 * both files by every type of fact. How a pool is stored is no step either: `src/core/batch/pool.test.ts` stores one and reads it again.
 */
const BESIDE_THE_STEP = ['/src/core/batch/upcast.ts', '/src/core/batch/about.ts', '/src/core/batch/growing.ts']

const session = new Session()
session.connect()
await session.post('Profiler.enable')
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
// These are loaded after the counting has begun, so that it covers them.
const { exploreBatch, fillPool, fillRound } = await import('./explore-batch.ts')
const { POOL_POLICY, TINY_WORLDS } = await import('./policies.ts')
const { SOLO_POLICY } = await import('../../src/core/batch/batch.ts')
for (const world of TINY_WORLDS) exploreBatch(world)
exploreBatch({ legs: 3, seats: 1, policy: POOL_POLICY })
fillPool(POOL_POLICY)
fillRound(SOLO_POLICY)
const { result } = await session.post('Profiler.takePreciseCoverage')
session.disconnect()

const unreached: string[] = []
let files = 0
let blocks = 0
for (const { url, functions } of result) {
  if (!url.includes('/src/core/batch/') || BESIDE_THE_STEP.some(file => url.endsWith(file))) continue
  files += 1
  // Type stripping keeps every offset, so the blocks are those of the file as it is written.
  const text = readFileSync(fileURLToPath(url), 'utf8')
  for (const { ranges } of functions)
    for (const { startOffset, endOffset, count } of ranges) {
      blocks += 1
      const block = text.slice(startOffset, endOffset)
      if (count > 0 || PROVED.test(block)) continue
      const line = text.slice(0, startOffset).split('\n').length
      unreached.push(`${basename(url)}:${line} ${block.trim().replaceAll(/\s+/g, ' ').slice(0, 120)}`)
    }
}
console.log(JSON.stringify({ files, blocks, unreached }, null, 1))
process.exitCode = unreached.length > 0 ? 1 : 0
