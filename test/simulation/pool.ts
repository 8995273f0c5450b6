/** Many schedules on several threads. `root` is the tree whose machines run: this one, or a copy with a planted bug. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { FaultKind } from './faults.ts'
import type { Mode, Range, RangeDone } from './worker.ts'

export const TREE = join(import.meta.dirname, '..', '..')
/** Seeds that a thread takes at a time; comparing one costs about a hundred times as much as judging it. */
const CHUNK: Record<Mode, number> = { laws: 250, differential: 10, floor: 10 }
/** At most this many broken seeds are kept; all are counted. */
const BROKEN_KEPT = 50

export interface PoolOptions {
  seed: number
  schedules: number
  threads?: number
  mode?: Mode
  root?: string
  /** stop at the first broken law */
  untilBroken?: boolean
}
export interface PoolResult {
  schedules: number
  meanEvents: number
  batches: number
  legs: number
  transfers: number
  consultations: number
  violations: number
  broken: { seed: number; law: string }[]
  hits: Partial<Record<FaultKind, number>>
  seconds: number
}

/** Seeds `seed … seed + schedules - 1`, in chunks, to whichever thread is free. Rejects when a thread dies. */
export async function runPool(options: PoolOptions): Promise<PoolResult> {
  const { seed, schedules, root = TREE, untilBroken = false, mode = 'laws' } = options
  const threads = options.threads ?? Math.min(2, availableParallelism())
  const started = performance.now()
  const none = { batches: 0, legs: 0, transfers: 0, consultations: 0 }
  const total: RangeDone = { schedules: 0, events: 0, ...none, broken: [], hits: {} }
  let violations = 0
  let next = seed
  const take = (): Range | null => {
    const left = seed + schedules - next
    if (left <= 0 || (untilBroken && violations > 0)) return null
    const count = Math.min(CHUNK[mode], left)
    next += count
    return { from: next - count, count, mode }
  }
  const add = (done: RangeDone) => {
    total.schedules += done.schedules
    total.events += done.events
    total.batches += done.batches
    total.legs += done.legs
    total.transfers += done.transfers
    total.consultations += done.consultations
    violations += done.broken.length
    total.broken.push(...done.broken.slice(0, Math.max(0, BROKEN_KEPT - total.broken.length)))
    for (const [kind, times] of Object.entries(done.hits) as [FaultKind, number][])
      total.hits[kind] = (total.hits[kind] ?? 0) + times
  }
  await Promise.all(Array.from({ length: threads }, () => runThread(root, take, add)))
  return {
    schedules: total.schedules,
    meanEvents: Math.round(total.events / Math.max(1, total.schedules)),
    batches: total.batches,
    legs: total.legs,
    transfers: total.transfers,
    consultations: total.consultations,
    violations,
    broken: total.broken.sort((a, b) => a.seed - b.seed),
    hits: total.hits,
    seconds: (performance.now() - started) / 1_000,
  }
}

function runThread(root: string, take: () => Range | null, add: (done: RangeDone) => void): Promise<void> {
  // Young objects die at once here: a larger nursery halves the time spent on collecting them.
  const worker = new Worker(join(root, 'test/simulation/worker.ts'), {
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  })
  return new Promise((resolve, reject) => {
    const feed = () => {
      const range = take()
      if (range) worker.postMessage(range)
      else void worker.terminate().then(() => resolve())
    }
    worker.on('message', (done: RangeDone) => {
      add(done)
      feed()
    })
    worker.on('error', reject)
    feed()
  })
}
