/**
 * Measures the time from the answer (the phone network's clock) to sound in the agent's ear (the page's clock, on the same
 * machine). Two of four people answer in the same instant and speak from the first frame, so that each round is a true race.
 */
import type { Page } from '@playwright/test'
import { press } from '../../test/browser/agent.ts'
import { type Bench, openBench, people, percentile, startRound } from './session.ts'

/** RMS above this is a voice; an open line is exactly silent. */
const HEARD = 0.01
const CPS_ONE_SHARE = 0.2
/** These first rounds are not timed, because a process that has just started still compiles. Their races are counted. */
const WARM_UP_ROUNDS = 3

export interface EarFigure {
  rounds: number
  p50Ms: number
  p95Ms: number
  bridgedTwice: number
}

/** Most rounds on an account of 4 calls per second, a fifth on one of 1. */
export async function bench(rounds: number): Promise<EarFigure> {
  const one = Math.max(1, Math.round(rounds * CPS_ONE_SHARE))
  const results = [await run(rounds - one, 4), await run(one, 1)]
  const delays = results.flatMap(result => result.delays)
  return {
    rounds: delays.length,
    p50Ms: percentile(delays, 0.5),
    p95Ms: percentile(delays, 0.95),
    bridgedTwice: results.reduce((sum, result) => sum + result.bridgedTwice, 0),
  }
}

async function run(rounds: number, cps: number): Promise<{ delays: number[]; bridgedTwice: number }> {
  // 22: speaks from the first frame; 41: never answers. With CPS 4 both answer 0.3 s after they ring.
  const list = people((rounds + WARM_UP_ROUNDS) * 4, index => (index % 4 < 2 ? '22003' : '41000'))
  // Two phones of a round need two numbers: the hundreds of 22003xx and 22004xx.
  for (const [index, person] of list.entries())
    if (index % 4 === 1) person.number = person.number.replace('22003', cps === 4 ? '22004' : '22050')
  const desk = await openBench(list, cps)
  const delays: number[] = []
  let bridgedTwice = 0
  try {
    for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
      const { delayMs, bridged } = await oneRound(desk)
      if (round >= 0) delays.push(delayMs)
      if (bridged > 1) bridgedTwice += 1
    }
  } finally {
    await desk.close()
  }
  return { delays, bridgedTwice }
}

async function oneRound({ stage, page }: Bench): Promise<{ delayMs: number; bridged: number }> {
  const { control } = stage.network
  const since = control.log().at(-1)?.seq ?? 0
  await listen(page)
  await startRound(page)
  const heardAt = await page.waitForFunction(() => window.trunklineHeardAt ?? false, null, {
    timeout: 30_000,
    polling: 20,
  })
  const heardMs = Number(await heardAt.jsonValue())
  await page.locator('fieldset[data-state="live"]').waitFor({ timeout: 15_000 })
  const joined = control.log(since).filter(entry => entry.kind === 'participant-joined')
  const first = joined[0] as unknown as { callSid: string } | undefined
  const answered = control
    .log(since)
    .find(entry => entry.kind === 'call-answered' && 'callSid' in entry && entry.callSid === first?.callSid)
  await press(page, 'x')
  await page.waitForFunction(
    async () =>
      ((await (await fetch('/api/desk/view')).json()) as { pendingOutcomes: unknown[] }).pendingOutcomes.length === 1,
    null,
    { polling: 50 },
  )
  await press(page, '1')
  // The person who hears the message is not measured. Hang up for them, so that the next round may begin.
  for (const call of control.world().calls)
    if (call.status === 'in-progress' && call.direction === 'outbound-api') control.hangUpCall(call.sid)
  return { delayMs: heardMs - (answered?.at ?? heardMs), bridged: joined.length }
}

declare global {
  interface Window {
    trunklineHeardAt?: number | null
  }
}

/** Looks at the energy of the remote stream every 5 ms. */
async function listen(page: Page): Promise<void> {
  await page.evaluate(level => {
    window.trunklineHeardAt = null
    let quiet = 0
    const timer = setInterval(() => {
      const silent = (window.trunklineAudio?.inRms() ?? 0) < level
      // The detector arms after a tenth of a second of silence, so that the last conversation's end does not count.
      quiet = silent ? quiet + 1 : quiet < 20 ? 0 : quiet
      if (silent || quiet < 20) return
      window.trunklineHeardAt = Date.now()
      clearInterval(timer)
    }, 5)
  }, HEARD)
}
