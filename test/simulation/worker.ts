/** One thread of the pool: runs the ranges of seeds that it is given and says what broke. */
import { parentPort } from 'node:worker_threads'
import type { FaultKind } from './faults.ts'
import { runSchedule } from './schedule.ts'

export interface Range {
  from: number
  count: number
}
export interface RangeDone {
  schedules: number
  events: number
  batches: number
  legs: number
  broken: { seed: number; law: string }[]
  hits: Partial<Record<FaultKind, number>>
}

parentPort?.on('message', ({ from, count }: Range) => {
  const done: RangeDone = { schedules: 0, events: 0, batches: 0, legs: 0, broken: [], hits: {} }
  for (let seed = from; seed < from + count; seed += 1) {
    const verdict = runSchedule(seed)
    done.schedules += 1
    done.events += verdict.events
    done.batches += verdict.batches
    done.legs += verdict.legs
    if (verdict.broken !== null) done.broken.push({ seed, law: verdict.broken })
    for (const [kind, times] of verdict.hits) done.hits[kind] = (done.hits[kind] ?? 0) + times
  }
  parentPort?.postMessage(done)
})
