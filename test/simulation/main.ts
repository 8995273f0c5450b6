/** Replays one seed, or runs a range: `node test/simulation/main.ts --seed 7 --trace` · `--from 1 --count 10000`. */
import { parseArgs } from 'node:util'
import { runSchedule } from './schedule.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000' },
    most: { type: 'string', default: '5' },
  },
})

if (values.seed !== undefined) {
  const verdict = runSchedule(Number(values.seed), values.trace ? line => console.log(line) : null)
  console.log(verdict.broken ?? 'all laws hold', verdict.events, 'events', JSON.stringify(verdict.hits))
  process.exitCode = verdict.broken ? 1 : 0
} else {
  const started = performance.now()
  let events = 0
  const broken = new Map<string, { count: number; seed: number; words: string }>()
  const [from, count] = [Number(values.from), Number(values.count)]
  for (let seed = from; seed < from + count; seed += 1) {
    const verdict = runSchedule(seed)
    events += verdict.events
    if (verdict.broken === null) continue
    const key = verdict.broken.replaceAll(/[\w+]*\d[\w.]*/g, '#').slice(0, 120)
    const known = broken.get(key)
    if (known) known.count += 1
    else broken.set(key, { count: 1, seed, words: verdict.broken })
  }
  const seconds = (performance.now() - started) / 1_000
  for (const { count: times, seed, words } of [...broken.values()].sort((a, b) => b.count - a.count))
    console.log(`${String(times).padStart(6)} × seed ${seed}: ${words}`)
  console.log(`${count} schedules, ${(events / count).toFixed(0)} events each, ${(count / seconds).toFixed(0)}/s`)
  process.exitCode = broken.size > 0 ? 1 : 0
}
