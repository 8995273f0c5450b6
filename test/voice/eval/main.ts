/** `npm run eval [NAME…]`: every scenario is held on the phone network and judged; one JSON line last. */
import { recordFigure } from '../../../scripts/figures.ts'
import { AiStage } from '../ai-stage.ts'
import { chosen, holdAll, type Verdict, warm } from './hold.ts'

const names = process.argv.slice(2).filter(argument => !argument.startsWith('-'))
const scenarios = chosen(names)
const startedMs = performance.now()
const stage = await AiStage.set(6400)
await warm(stage)
const verdicts = await holdAll(stage, scenarios, tell)
const values = {
  scenarios: verdicts.length,
  passed: verdicts.filter(one => one.differences.length === 0).length,
  failed: verdicts.filter(one => one.differences.length > 0).length,
  seconds: Math.round((performance.now() - startedMs) / 1_000),
}
if (names.length === 0)
  recordFigure('PERFORMANCE', 'eval', {
    goal: 'every shipped scenario of an AI conversation passes: words, tools, what must not happen, how it ends, time to the first answer',
    notes: [
      'Whole calls in real time on the phone network, with the scripted responder and the local speech services: it judges the path and the rules of a conversation, not a language model. `scenarios/README.md` says how one is written.',
    ],
    seed: null,
    values,
    reproduce: 'npm run eval',
  })
console.log(JSON.stringify({ eval: 'scenarios', ...values }))
await stage.close()
process.exit(values.failed === 0 ? 0 : 1)

function tell({ name, differences, entries, seconds }: Verdict): void {
  console.log(`${differences.length === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
  if (differences.length === 0) return
  for (const difference of differences) console.log(`    ${difference}`)
  for (const { who, text, interrupted, latency, data } of entries) {
    const more = who === 'system' ? ` ${JSON.stringify(data)}` : interrupted ? ' [interrupted]' : ''
    const took = latency?.voiceToVoiceMs == null ? '' : ` (${latency.voiceToVoiceMs} ms)`
    console.log(`      ${who.padEnd(6)} ${text}${took}${more}`)
  }
}
