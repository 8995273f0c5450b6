/** Days of a range in a zone. A day begins when its date does there, and has 23 or 25 hours when the clock is changed. */
import { offsetMinutes } from '../clearance/local-time.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** A range has so many days at most: a year. */
export const DAYS_MAX = 366

/** `2026-12-01`, and where it begins and ends, ms since the epoch. */
export interface Day {
  date: string
  fromMs: number
  toMs: number
}

/** The date in this zone at a moment. */
export function dateIn(zone: string, at: number): string {
  return textOf(at + (offsetMinutes(zone, at) ?? 0) * MINUTE_MS)
}

/** When a date begins in this zone, or an hour of it. What the clock leaves out, midnight too, begins when the clock goes on. */
export function startOf(date: string, zone: string, hour = 0): number {
  const wanted = Date.parse(`${date}T00:00:00Z`) + hour * HOUR_MS
  const guess = wanted - (offsetMinutes(zone, wanted) ?? 0) * MINUTE_MS
  const found = wanted - (offsetMinutes(zone, guess) ?? 0) * MINUTE_MS
  const offsetMs = (offsetMinutes(zone, found) ?? 0) * MINUTE_MS
  // West of Greenwich the guess is after a change that leaves this hour out, and what was found is an hour before it.
  return found + offsetMs < wanted ? wanted - offsetMs : found
}

export function dayAfter(date: string, count: number): string {
  return textOf(Date.parse(`${date}T00:00:00Z`) + count * DAY_MS)
}

/** From the first date to the last one, both of them too. */
export function daysOf(from: string, to: string, zone: string): Day[] {
  const days: Day[] = []
  for (let date = from; date <= to && days.length < DAYS_MAX; date = dayAfter(date, 1))
    days.push({ date, fromMs: startOf(date, zone), toMs: startOf(dayAfter(date, 1), zone) })
  return days
}

/** The hour on the clock, 0 to 23, of a moment of this day. `zone`: the one that the day is of. */
export function hourIn(zone: string, at: number): number {
  const minutes = Math.floor(at / MINUTE_MS) + (offsetMinutes(zone, at) ?? 0)
  return Math.floor(minutes / 60) % 24
}

function textOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
