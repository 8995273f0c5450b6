/** When a message that was not taken is sent again, and when it is given up. */
export type Retries = 'short' | 'long'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const SHORT: readonly number[] = [SECOND, 4 * SECOND, 16 * SECOND]
/** Twenty-four hours in all. */
const LONG: readonly number[] = [
  ...SHORT,
  ...[1, 5, 15, 30].map(minutes => minutes * MINUTE),
  ...[1, 2, 4, 4, 12].map(hours => hours * HOUR),
]
/** A pause is this part of itself longer or shorter, so that endpoints that failed together are not asked together. */
const JITTER = 0.2
/** A server may ask for no longer pause than this. */
export const RETRY_AFTER_MAX_MS = HOUR
/** After so long without a message that was taken, an endpoint is disabled. */
export const FAILING_MAX_MS = 5 * 24 * HOUR

/**
 * The pause after attempt `attempt` (from 1); null: it is given up. `random`: in [0, 1). `askedMs`: the pause that the server has asked for;
 * null: it has not.
 */
export function pauseAfter(attempt: number, retries: Retries, random: number, askedMs: number | null): number | null {
  const step = (retries === 'long' ? LONG : SHORT)[attempt - 1]
  if (step === undefined) return null
  const pause = Math.round(step * (1 + JITTER * (2 * random - 1)))
  return Math.max(pause, Math.min(askedMs ?? 0, RETRY_AFTER_MAX_MS))
}

/** `Retry-After` as ms from now: seconds, or a date. Null: there is none that can be read. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null
  const text = header.trim()
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
