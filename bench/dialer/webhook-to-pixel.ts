/** Measures the time from the carrier's "ringing" webhook to the frame that shows it, with four busy people a round. */
import { openBench, people, percentile, startRound } from './session.ts'

export interface PixelFigure {
  samples: number
  p50Ms: number
  p95Ms: number
}

declare global {
  interface Window {
    trunklinePainted?: Record<string, number>
  }
}

export async function bench(samples: number): Promise<PixelFigure> {
  const rounds = Math.ceil(samples / 4)
  const desk = await openBench(
    people(rounds * 4, index => `4000${(index % 4) + 4}`),
    4,
  )
  const delays: number[] = []
  try {
    const { page, stage } = desk
    await page.evaluate(() => {
      const painted: Record<string, number> = {}
      window.trunklinePainted = painted
      const look = () => {
        for (const lane of document.querySelectorAll('fieldset[data-state="ringing"]'))
          painted[lane.getAttribute('data-call-id') ?? ''] ??= Date.now()
        requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    })
    for (let round = 0; round < rounds; round += 1) {
      const since = stage.network.control.log().at(-1)?.seq ?? 0
      await startRound(page)
      await page.waitForFunction(() => document.querySelectorAll('fieldset[data-state="ended"]').length === 4, null, {
        timeout: 30_000,
        polling: 50,
      })
      const painted = await page.evaluate(() => window.trunklinePainted ?? {})
      for (const entry of stage.network.control.log(since)) {
        const sent = ringingSentAt(entry as unknown as WebhookEntry)
        const seen = sent && painted[sent.callId]
        if (sent && seen) delays.push(seen - sent.at)
      }
    }
  } finally {
    await desk.close()
  }
  return { samples: delays.length, p50Ms: percentile(delays, 0.5), p95Ms: percentile(delays, 0.95) }
}

interface WebhookEntry {
  kind: string
  webhook?: string
  url?: string
  at: number
  ms?: number
  fields?: Record<string, string>
}

/** The log notes a webhook when its answer is in: it was sent `ms` before. */
function ringingSentAt(entry: WebhookEntry): { callId: string; at: number } | null {
  if (entry.kind !== 'webhook' || entry.webhook !== 'status' || entry.fields?.CallStatus !== 'ringing') return null
  const callId = /\/calls\/([^/]+)\/status/.exec(entry.url ?? '')?.[1]
  return callId ? { callId, at: entry.at - (entry.ms ?? 0) } : null
}
