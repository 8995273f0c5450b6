/** When a report is sent by itself: each day or each week, at an hour of a zone. */
import { dateIn, dayAfter, startOf } from './days.ts'

const DAY_MS = 24 * 3_600_000

export interface Rhythm {
  every: 'day' | 'week'
  /** 0 is Sunday; of a daily one it counts for nothing */
  weekday: number
  /** 0 to 23; an hour that the clock leaves out is the one after it */
  hour: number
  zone: string
}

/** The first time after this moment. */
export function nextAfter({ every, weekday, hour, zone }: Rhythm, at: number): number {
  // Two weeks have every weekday at least once behind the moment, whatever the clock does.
  for (let ahead = 0; ahead <= 14; ahead += 1) {
    const date = dayAfter(dateIn(zone, at), ahead)
    const due = startOf(date, zone, hour)
    if (due > at && (every === 'day' || weekdayOf(date) === weekday)) return due
  }
  throw new Error('a rhythm without a next time')
}

/** The number of the period: the log takes one report of each, however often it is told. A day has one at most. */
export function periodOf(due: number, zone: string): number {
  return Date.parse(`${dateIn(zone, due)}T00:00:00Z`) / DAY_MS
}

function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay()
}
