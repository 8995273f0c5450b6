/** `npm run bench -- NAME [--option N]`: one figure, one JSON line last. */
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    batches: { type: 'string' },
    rounds: { type: 'string' },
    samples: { type: 'string' },
    calls: { type: 'string' },
  },
})

const BENCHES: Record<string, () => Promise<object>> = {
  'answer-to-ear': async () => (await import('./answer-to-ear.ts')).benchAnswerToEar(Number(values.rounds ?? 100)),
  'webhook-to-pixel': async () =>
    (await import('./webhook-to-pixel.ts')).benchWebhookToPixel(Number(values.samples ?? 60)),
  race: async () => (await import('./race/race.ts')).benchRace(Number(values.batches ?? 10_000)),
}

const name = positionals[0] ?? ''
const bench = BENCHES[name]
if (!bench) {
  console.error(`which figure? ${Object.keys(BENCHES).join(', ')}`)
  process.exit(2)
}
const figure = await bench()
console.log(JSON.stringify({ bench: name, ...figure }))
process.exit(0)
