/**
 * Replays one seed, or runs a range: `node test/simulation/main.ts --seed 7 --trace` · `--from 1 --count 10000`. With
 * `--shipping` the seeds run on the shipping actors and are compared with the doubles.
 */
import { parseArgs } from 'node:util'
import { runPool } from './pool.ts'
import { runSchedule } from './schedule.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    shipping: { type: 'boolean', default: false },
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000' },
  },
})

if (values.seed !== undefined && values.shipping) {
  const { differenceOf } = await import('./shipping/differential.ts')
  const difference = await differenceOf(Number(values.seed))
  console.log(difference ?? 'the same facts')
  process.exitCode = difference === null ? 0 : 1
} else if (values.seed !== undefined) {
  const verdict = runSchedule(Number(values.seed), values.trace ? line => console.log(line) : null)
  console.log(
    verdict.broken ?? 'all laws hold',
    verdict.events,
    'events',
    JSON.stringify(Object.fromEntries(verdict.hits)),
  )
  process.exitCode = verdict.broken ? 1 : 0
} else {
  const mode = values.shipping ? 'differential' : 'laws'
  const result = await runPool({ seed: Number(values.from), schedules: Number(values.count), mode })
  const kinds = new Map<string, { count: number; seed: number; law: string }>()
  for (const { seed, law } of result.broken) {
    // One line per kind of violation: ids and numbers do not tell kinds apart.
    const key = law.replaceAll(/[\w+]*\d[\w.]*/g, '#').slice(0, 120)
    const known = kinds.get(key)
    if (known) known.count += 1
    else kinds.set(key, { count: 1, seed, law })
  }
  for (const { count, seed, law } of kinds.values()) console.log(`${String(count).padStart(6)} × seed ${seed}: ${law}`)
  const { schedules, meanEvents, violations, seconds, batches, legs } = result
  const each = `${meanEvents} events, ${(batches / schedules).toFixed(1)} batches, ${(legs / schedules).toFixed(1)} calls each`
  console.log(`${schedules} schedules, ${each}, ${Math.round(schedules / seconds)}/s, ${violations} violations`)
  console.log(JSON.stringify(result.hits))
  process.exitCode = violations > 0 ? 1 : 0
}
