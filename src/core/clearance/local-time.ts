/** Local time at the called party: offsets of zones, and the windows of a week in which a call may ring. */

const MINUTE_MS = 60_000
const DAY_MINUTES = 24 * 60
const WEEK_MINUTES = 7 * DAY_MINUTES
/** Zones change their offset on a quarter of an hour at the finest, so an offset is kept for that long. */
const KEPT_MS = 15 * MINUTE_MS
const OFFSETS_MAX = 4_096

/** `days`: 0 is Sunday. Minutes are of the local day; a window whose end is not after its start goes on past midnight. */
export interface Window {
  days: readonly number[]
  fromMinute: number
  toMinute: number
}

export const EVERY_DAY: readonly number[] = [0, 1, 2, 3, 4, 5, 6]
export const WEEKDAYS: readonly number[] = [1, 2, 3, 4, 5]
export const ALWAYS: readonly Window[] = [{ days: EVERY_DAY, fromMinute: 0, toMinute: DAY_MINUTES }]

/** Whole hours, local to the called party. */
export interface CallingHours {
  fromHour: number
  toHour: number
}

/** The window of the hours that a campaign sets; 20 to 2 goes on past midnight. */
export function hoursOf({ fromHour, toHour }: CallingHours): readonly Window[] {
  return [{ days: EVERY_DAY, fromMinute: fromHour * 60, toMinute: toHour * 60 }]
}

const formats = new Map<string, Intl.DateTimeFormat | null>()
const offsets = new Map<string, number>()

/** Is this a zone of the IANA database? */
export function isZone(zone: string): boolean {
  return formatOf(zone) !== null
}

/** Minutes east of UTC at this moment; null: there is no such zone. */
export function offsetMinutes(zone: string, at: number): number | null {
  const slot = Math.floor(at / KEPT_MS)
  const key = `${zone}|${slot}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const format = formatOf(zone)
  if (format === null) return null
  const offset = readOffset(format, slot * KEPT_MS)
  if (offsets.size >= OFFSETS_MAX) offsets.clear()
  offsets.set(key, offset)
  return offset
}

/** May a call ring in this zone at this moment? */
export function isOpen(zone: string, at: number, windows: readonly Window[]): boolean {
  return minutesUntilOpen(zone, at, windows) === 0
}

/**
 * The first moment from `at` on at which all zones are within all lists of windows, ms since the epoch; null: there is none
 * within eight days. Each list is one rule (the law's, the campaign's), so a moment must be in a window of every list.
 */
export function nextOpening(
  zones: readonly string[],
  at: number,
  rules: readonly (readonly Window[])[],
): number | null {
  const limit = at + 8 * DAY_MINUTES * MINUTE_MS
  let moment = at
  while (moment <= limit) {
    let wait = 0
    for (const zone of zones)
      for (const windows of rules) {
        const minutes = minutesUntilOpen(zone, moment, windows)
        if (minutes === null) return null
        wait = Math.max(wait, minutes)
      }
    if (wait === 0) return moment
    // Openings are on whole minutes. Across a change of the clock the wait is wrong, so the way there is walked in quarters of an hour.
    const target = Math.floor(moment / MINUTE_MS) * MINUTE_MS + wait * MINUTE_MS
    const changes = zones.some(zone => offsetMinutes(zone, target) !== offsetMinutes(zone, moment))
    moment = changes ? Math.min(target, (Math.floor(moment / KEPT_MS) + 1) * KEPT_MS) : target
  }
  return null
}

/** 0: open now; null: this zone does not exist or no window ever opens. */
function minutesUntilOpen(zone: string, at: number, windows: readonly Window[]): number | null {
  const offset = offsetMinutes(zone, at)
  if (offset === null) return null
  // 1 January 1970 was a Thursday, day 4.
  const minute = mod(Math.floor(at / MINUTE_MS) + offset + 4 * DAY_MINUTES, WEEK_MINUTES)
  let least: number | null = null
  for (const window of windows)
    for (const day of window.days) {
      const from = day * DAY_MINUTES + window.fromMinute
      const long =
        window.toMinute > window.fromMinute
          ? window.toMinute - window.fromMinute
          : DAY_MINUTES - window.fromMinute + window.toMinute
      if (mod(minute - from, WEEK_MINUTES) < long) return 0
      const wait = mod(from - minute, WEEK_MINUTES)
      if (least === null || wait < least) least = wait
    }
  return least
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by
}

function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone)
  if (known !== undefined) return known
  if (formats.size >= OFFSETS_MAX) formats.clear()
  let made: Intl.DateTimeFormat | null = null
  try {
    const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
    made = new Intl.DateTimeFormat('en-US', { ...numeric, hourCycle: 'h23', timeZone: zone })
  } catch {
    // The name is none of the zones; the caller says so to the user.
  }
  formats.set(zone, made)
  return made
}

function readOffset(format: Intl.DateTimeFormat, at: number): number {
  const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0 }
  for (const { type, value } of format.formatToParts(at))
    if (type in parts) parts[type as keyof typeof parts] = Number(value)
  const { year, month, day, hour, minute } = parts
  return Math.round((Date.UTC(year, month - 1, day, hour, minute) - at) / MINUTE_MS)
}
