/** Calendar months in UTC, as `2026-11`: what does not end is kept by month. */

export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7)
}

/** The month `count` months after this one; before it, if `count` is negative. */
export function monthsAfter(month: string, count: number): string {
  return monthOf(startAfter(month, count))
}

/** The end of a month, ms since the epoch; it does not belong to the month any more. */
export function endOfMonth(month: string): number {
  return startAfter(month, 1)
}

function startAfter(month: string, count: number): number {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return Date.UTC(year, number - 1 + count)
}
