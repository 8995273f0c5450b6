/** Replays one floor, or runs a range: `node test/simulation/floor/main.ts --seed 7 --trace` · `--from 1 --count 300`. */
import { parseArgs } from 'node:util'
import { runFloor } from './schedule.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '200' },
  },
})
const started = performance.now()
const [from, count] = values.seed === undefined ? [Number(values.from), Number(values.count)] : [Number(values.seed), 1]
const kinds = new Map<string, { times: number; seed: number; law: string }>()
const total = { callers: 0, transfers: 0, consultations: 0, events: 0 }
for (let seed = from; seed < from + count; seed += 1) {
  const one = await runFloor(seed, values.trace ? line => console.log(line) : null)
  for (const key of ['callers', 'transfers', 'consultations', 'events'] as const) total[key] += one[key]
  if (one.broken === null) continue
  const key = one.broken.replaceAll(/[\w+]*\d[\w.]*/g, '#').slice(0, 120)
  const known = kinds.get(key)
  if (known) known.times += 1
  else kinds.set(key, { times: 1, seed, law: one.broken })
}
for (const { times, seed, law } of kinds.values()) console.log(`${String(times).padStart(6)} × seed ${seed}: ${law}`)
console.log(JSON.stringify({ floors: count, ...total, seconds: Math.round((performance.now() - started) / 1_000) }))
process.exitCode = kinds.size > 0 ? 1 : 0
