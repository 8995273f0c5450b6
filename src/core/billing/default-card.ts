/** The card of a workspace that has saved none: VoIPBIN's rates of August 2026, and what an AI agent costs by the default of `core/agent/cost`. */
import type { Card, CostType, Rate } from './rates.ts'

function perMinute(costType: CostType, rateMicros: number): Rate {
  return {
    ...{ costType, direction: null, prefix: '', currency: 'USD', rateMicros },
    ...{ increment: 60, minimum: 60, connectMicros: 0, validFrom: null, validTo: null },
  }
}

export const DEFAULT_CARD: Card = {
  currency: 'USD',
  rates: [
    perMinute('call_pstn_outgoing', 10_000),
    perMinute('call_pstn_incoming', 10_000),
    perMinute('call_vn', 1_000),
    perMinute('call_extension', 0),
    perMinute('recording', 30_000),
    // VoIPBIN's speech costs 30,000 a minute; an AI agent's minute is listening and speaking.
    perMinute('ai', 30_000),
    // Already in the minute of the agent; a workspace that bills by characters sets both.
    { ...perMinute('characters', 0), increment: 1_000, minimum: 1_000 },
    // A month of a number in the pool. What a number costs differs by country and carrier, so it is nothing until somebody says it.
    { ...perMinute('number', 0), increment: 1, minimum: 1 },
    // VoIPBIN names no price of a transcript; this is that of its speech. New rows come last, because entries name a row by its place.
    perMinute('transcript', 30_000),
  ],
}
