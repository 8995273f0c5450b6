import { talkSeconds } from '../engine/webhook-fields.ts'
import { type Call, isLive } from '../engine/world.ts'

/** Computes the price of a call. Twilio fills it in some time after the end of the call, and shows null until then, so this does the same. */

const PRICE_AFTER_MS = 60_000
/** Millionths of a dollar for each minute that has begun. Invented, of the size of Twilio's list prices in the US. */
const MINUTE_MICROS = { outbound: 14_000, inbound: 8_500, browser: 4_000 }

/** As Twilio writes it: `-0.01400`; null: it is not known yet, or nobody answered. `at`: now, ms since 1970. */
export function callPrice(call: Call, at: number): string | null {
  if (isLive(call) || call.endedAt === null || at < call.endedAt + PRICE_AFTER_MS) return null
  const minutes = Math.ceil(talkSeconds(call, call.endedAt) / 60)
  if (minutes === 0) return null
  return `-${((minutes * MINUTE_MICROS[kindOf(call)]) / 1_000_000).toFixed(5)}`
}

function kindOf({ from, to, direction }: Call): keyof typeof MINUTE_MICROS {
  if (from.startsWith('client:') || to.startsWith('client:')) return 'browser'
  return direction === 'inbound' ? 'inbound' : 'outbound'
}
