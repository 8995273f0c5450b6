/**
 * The large worlds under every policy, on every core: `node test/exhaustive/explore.ts --policies all|default`.
 * Prints states and transitions per world, and one JSON line last.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { type Explored, exploreBatch } from './explore-batch.ts'
import { DEFAULT_WORLDS, LARGE_WORLDS, nameOf, TINY_WORLDS, WORLDS } from './policies.ts'

type Found = { index: number; explored: Explored | null; broken: string | null }

export interface ExploredAll {
  worlds: { name: string; states: number; transitions: number }[]
  states: number
  transitions: number
  broken: string[]
}

const nameAt = (index: number) => {
  const world = WORLDS[index]
  return world ? `${world.legs}×${world.seats} ${nameOf(world.policy)}` : '?'
}

function exploreAt(index: number): Found {
  const world = WORLDS[index]
  if (!world) return { index, explored: null, broken: `no world ${index}` }
  try {
    return { index, explored: exploreBatch(world), broken: null }
  } catch (error) {
    return { index, explored: null, broken: error instanceof Error ? error.message : String(error) }
  }
}

export const LARGE = LARGE_WORLDS.map((_, index) => index)
export const TINY = TINY_WORLDS.map((_, index) => LARGE.length + index)

/** Explores worlds by number, each on one of `threads`. `here`: this file, or its copy beside machines with a planted bug. */
export async function exploreAll(only: number[], here = import.meta.filename, threads = 2): Promise<ExploredAll> {
  const left = [...only]
  const all: ExploredAll = { worlds: [], states: 0, transitions: 0, broken: [] }
  const run = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(here, { resourceLimits: { maxYoungGenerationSizeMb: 64 } })
      const next = () => {
        const index = left.shift()
        if (index === undefined) void worker.terminate().then(() => resolve())
        else worker.postMessage(index)
      }
      worker.on('message', ({ index, explored, broken }: Found) => {
        if (broken !== null) all.broken.push(`${nameAt(index)}: ${broken}`)
        if (explored) {
          all.worlds.push({ name: nameAt(index), ...explored })
          all.states += explored.states
          all.transitions += explored.transitions
        }
        next()
      })
      worker.on('error', reject)
      next()
    })
  await Promise.all(Array.from({ length: Math.min(threads, availableParallelism()) }, run))
  return all
}

if (!isMainThread) parentPort?.on('message', (index: number) => parentPort?.postMessage(exploreAt(index)))
else if (import.meta.main) {
  const { values } = parseArgs({ options: { policies: { type: 'string', default: 'default' } } })
  const defaults = DEFAULT_WORLDS.map(wanted =>
    LARGE_WORLDS.findIndex(one => one.legs === wanted.legs && nameOf(one.policy) === nameOf(wanted.policy)),
  )
  const { worlds, states, transitions, broken } = await exploreAll(values.policies === 'all' ? LARGE : defaults)
  for (const world of worlds.sort((a, b) => a.name.localeCompare(b.name)))
    console.log(
      `${world.name.padEnd(30)} ${String(world.states).padStart(8)} states ${String(world.transitions).padStart(9)} transitions`,
    )
  for (const law of broken) console.log(law)
  console.log(JSON.stringify({ worlds: worlds.length, states, transitions, violations: broken.length }))
  process.exitCode = broken.length > 0 ? 1 : 0
}
