/** One thread of the pool: runs the ranges of seeds that it is given and says what broke. */
import { parentPort } from 'node:worker_threads'
import type { FaultKind } from './faults.ts'
import { runSchedule } from './schedule.ts'

/**
 * `laws`: the doubles, judged after every step. `differential`: the shipping actors against the doubles. `floor`: the shipping actors of a queue
 * and its agents, judged by laws.
 */
export type Mode = 'laws' | 'differential' | 'floor'
export interface Range {
  from: number
  count: number
  mode: Mode
}
export interface RangeDone {
  schedules: number
  events: number
  batches: number
  legs: number
  /** of floors: transfers at once, and those after asking first */
  transfers: number
  consultations: number
  broken: { seed: number; law: string }[]
  hits: Partial<Record<FaultKind, number>>
}

const RUNS: Record<Mode, (range: Range) => Promise<RangeDone>> = {
  laws: async range => judge(range),
  differential: compare,
  floor: work,
}

parentPort?.on('message', (range: Range) => {
  RUNS[range.mode](range).then(
    done => parentPort?.postMessage(done),
    // The pool hears of it as the death of this thread.
    error => setImmediate(() => Promise.reject(error)),
  )
})

function judge({ from, count }: Range): RangeDone {
  const done = nothingDone()
  for (let seed = from; seed < from + count; seed += 1) {
    const verdict = runSchedule(seed)
    done.schedules += 1
    done.events += verdict.events
    done.batches += verdict.batches
    done.legs += verdict.legs
    if (verdict.broken !== null) done.broken.push({ seed, law: verdict.broken })
    for (const [kind, times] of verdict.hits) done.hits[kind] = (done.hits[kind] ?? 0) + times
  }
  return done
}

/** The shipping actors are loaded when they are first needed: the doubles do without most of what those import. */
async function compare({ from, count }: Range): Promise<RangeDone> {
  const { differenceOf } = await import('./shipping/differential.ts')
  const done = nothingDone()
  for (let seed = from; seed < from + count; seed += 1) {
    const law = await differenceOf(seed)
    done.schedules += 1
    if (law !== null) done.broken.push({ seed, law })
  }
  return done
}

/** Loaded when it is first needed, as the other shipping actors are. */
async function work({ from, count }: Range): Promise<RangeDone> {
  const { runFloor } = await import('./floor/schedule.ts')
  const done = nothingDone()
  for (let seed = from; seed < from + count; seed += 1) {
    const floor = await runFloor(seed)
    done.schedules += 1
    done.events += floor.events
    done.legs += floor.callers
    done.transfers += floor.transfers
    done.consultations += floor.consultations
    if (floor.broken !== null) done.broken.push({ seed, law: floor.broken })
    for (const [kind, times] of floor.hits) done.hits[kind] = (done.hits[kind] ?? 0) + times
  }
  return done
}

function nothingDone(): RangeDone {
  return { schedules: 0, events: 0, batches: 0, legs: 0, transfers: 0, consultations: 0, broken: [], hits: {} }
}
