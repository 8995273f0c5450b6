/** Business hours: intervals of a week in a zone of the IANA database, without holidays. The clock's changes are those of the zone. */
import { isOpen, offsetMinutes, type Window } from '../clearance/local-time.ts'

/** `days`: 0 is Sunday. `from` and `to`: `HH:MM` of the local day; an end that is not after its start goes on past midnight. */
export interface Interval {
  days: readonly number[]
  from: string
  to: string
}
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/
const DATE = /^(?:\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const MINUTE_MS = 60_000

/** Is it open at this moment? A holiday closes the whole local day. An unknown zone is closed. */
export function isBusinessTime(
  zone: string,
  intervals: readonly Interval[],
  holidays: readonly string[],
  at: number,
): boolean {
  const offset = offsetMinutes(zone, at)
  if (offset === null) return false
  const day = localDate(at, offset)
  if (holidays.includes(day) || holidays.includes(day.slice(5))) return false
  return isOpen(zone, at, intervals.map(windowOf))
}

function windowOf({ days, from, to }: Interval): Window {
  // The end of a day is written 24:00.
  return { days, fromMinute: minuteOf(from) ?? 0, toMinute: to === '24:00' ? 1_440 : (minuteOf(to) ?? 0) }
}

/** Minutes of the day; null: the text is no time. */
function minuteOf(text: string): number | null {
  const found = TIME.exec(text)
  return found ? Number(found[1]) * 60 + Number(found[2]) : null
}

/** `2026-12-25` in the zone that is `offset` minutes east. */
function localDate(at: number, offset: number): string {
  return new Date(at + offset * MINUTE_MS).toISOString().slice(0, 10)
}

/** What is wrong with an interval as it is saved; null: nothing. */
export function wrongInterval(value: unknown): string | null {
  const { days, from, to } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const week = Array.isArray(days) && days.length > 0 && days.length <= 7
  if (!week || !days.every(day => Number.isInteger(day) && day >= 0 && day <= 6))
    return 'days are numbers from 0 (Sunday) to 6'
  if (typeof from !== 'string' || minuteOf(from) === null) return 'from is a time such as 08:30'
  if (typeof to !== 'string' || (minuteOf(to) === null && to !== '24:00')) return 'to is a time such as 17:00 or 24:00'
  return null
}

export function isHoliday(text: string): boolean {
  return DATE.test(text)
}
