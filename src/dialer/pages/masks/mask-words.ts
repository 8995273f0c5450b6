/** Sessions and calls of masks in words. */
import type { ShownInteraction, ShownMaskSession } from '../../../wire/mask.ts'
import { stampText } from '../../desk/time.ts'

const CLOSED = {
  closed: 'closed by hand',
  expired: 'its time is over',
  idle: 'nobody called for too long',
} as const

/** `open until 3 Dec, 14:00`, `closed by hand`. */
export function sessionWords({ status, closed_reason, expires_at, ttl }: ShownMaskSession): string {
  if (status === 'closed') return closed_reason === null ? 'over' : CLOSED[closed_reason]
  if (expires_at !== null) return `open until ${stampText(Date.parse(expires_at))}`
  return ttl === null ? 'open' : `open, and ${hoursText(ttl)} after the last call`
}

const RESULTS: Record<string, string> = {
  answered: 'they talked',
  busy: 'busy',
  'no-answer': 'nobody answered',
  failed: 'could not be reached',
  canceled: 'ended before an answer',
  abandoned: 'the caller hung up',
  'unknown-caller': 'a stranger: connected with nobody',
  'wrong-pin': 'the PIN was wrong three times',
}

export function callWords({ status, result }: Pick<ShownInteraction, 'status' | 'result'>): string {
  if (status === 'connecting') return 'being connected'
  if (status === 'connected') return 'talking'
  const words = RESULTS[result ?? ''] ?? result ?? 'over'
  return status === 'refused' && !(result !== null && result in RESULTS) ? `not allowed: ${words}` : words
}

/** `45 minutes`, `2 hours`, `3 days`, from seconds. */
export function hoursText(seconds: number): string {
  const [count, unit] =
    seconds < 3_600
      ? [seconds / 60, 'minute']
      : seconds < 172_800
        ? [seconds / 3_600, 'hour']
        : [seconds / 86_400, 'day']
  const whole = Math.round(count)
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`
}
