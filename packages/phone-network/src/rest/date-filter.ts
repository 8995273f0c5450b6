import { type Form, one } from './form.ts'
import { badParameter } from './rest-error.ts'

/** `StartTime`, `StartTime<`, `StartTime>`: a day means all of it (UTC). */

const DAY_MS = 86_400_000

interface Span {
  from: number
  to: number
}

function spanOf(query: Form, name: string): Span | null {
  const text = one(query, name)
  if (text === null) return null
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw badParameter(name, 'must be a date like 2026-01-31 or an ISO time')
  return { from: ms, to: /^\d{4}-\d\d-\d\d$/.test(text) ? ms + DAY_MS - 1 : ms }
}

/** Whether an item's time passes. An item without a time does not pass. */
export function dateFilter<T>(query: Form, name: string, at: (item: T) => number | null): (item: T) => boolean {
  const same = spanOf(query, name)
  const before = spanOf(query, `${name}<`)
  const after = spanOf(query, `${name}>`)
  return item => {
    if (!same && !before && !after) return true
    const value = at(item)
    if (value === null) return false
    return (
      (!same || (value >= same.from && value <= same.to)) &&
      (!before || value <= before.to) &&
      (!after || value >= after.from)
    )
  }
}
