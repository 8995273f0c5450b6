/** Writes times for people. All inputs are milliseconds of the server's clock. */

/** `0:42`, `12:05`, `1:02:03`; never negative. */
export function clockText(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000))
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  const seconds = String(total % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}

/** Whole seconds left, rounded up, never negative. */
export function secondsLeft(untilMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((untilMs - nowMs) / 1000))
}

/** The contact's wall clock, `09:14`; null when the zone is unknown or not a zone. */
export function localTimeText(timeZone: string | null, nowMs: number): string | null {
  if (timeZone === null) return null
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(nowMs)
  } catch {
    return null
  }
}

/** `21 Nov, 14:05:09` in the viewer's zone. */
export function stampText(ms: number, withSeconds = false): string {
  const time = { hour: '2-digit', minute: '2-digit', ...(withSeconds && { second: '2-digit' as const }) } as const
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', ...time }).format(ms)
}

/** `1st`, `2nd`, `3rd`, `11th`. */
export function ordinal(n: number): string {
  const tens = n % 100
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${ending}`
}
