import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ALWAYS, hoursOf, isOpen, nextOpening, offsetMinutes, type Window } from './local-time.ts'
import { PROFILE_RULES, PROFILES } from './rules.ts'

const MINUTE_MS = 60_000
const ZONES = [
  'America/Los_Angeles',
  'America/St_Johns',
  'Europe/London',
  'Europe/Paris',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
]

/** Another reading of the same rule: the local day and minute as the platform prints them. */
function plainlyOpen(zone: string, at: number, windows: readonly Window[]): boolean {
  const parts = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).formatToParts(at)
  const get = (type: string) => parts.find(part => part.type === type)?.value ?? ''
  const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(get('weekday'))
  const minute = Number(get('hour')) * 60 + Number(get('minute'))
  return windows.some(({ days, fromMinute, toMinute }) => {
    if (toMinute > fromMinute) return days.includes(day) && minute >= fromMinute && minute < toMinute
    return (days.includes(day) && minute >= fromMinute) || (days.includes((day + 6) % 7) && minute < toMinute)
  })
}

const moments = fc
  .integer({ min: Date.UTC(2024, 0, 1) / MINUTE_MS, max: Date.UTC(2030, 0, 1) / MINUTE_MS })
  .map(minutes => minutes * MINUTE_MS)
const windows = fc
  .record({
    days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
    fromMinute: fc.integer({ min: 0, max: 1_439 }),
    toMinute: fc.integer({ min: 1, max: 1_440 }),
  })
  .filter(one => one.fromMinute !== one.toMinute)

test('a moment is within a window exactly when the local clock says so, over all changes of the clock', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), moments, windows, (zone, at, window) => {
      expect(isOpen(zone, at, [window])).toBe(plainlyOpen(zone, at, [window]))
    }),
    { numRuns: 3_000 },
  )
})

test('the next opening is open in every zone, and no minute before it is', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom(...ZONES), { minLength: 1, maxLength: 3 }),
      moments,
      windows,
      (zones, at, window) => {
        const opens = nextOpening(zones, at, [[window]])
        const open = (moment: number) => zones.every(zone => plainlyOpen(zone, moment, [window]))
        const last = opens ?? at + 7 * 24 * 60 * MINUTE_MS
        const steps = Math.min(3 * 24 * 60, Math.floor((last - at) / MINUTE_MS))
        const before = Array.from({ length: steps }, (_, minute) => at + minute * MINUTE_MS)
        expect(before.filter(open)).toEqual([])
        expect(opens === null || open(opens)).toBe(true)
      },
    ),
    { numRuns: 150 },
  )
})

test('hours that go past midnight are open on both sides of it [C3]', () => {
  const late = hoursOf({ fromHour: 20, toHour: 2 })
  const at = (hour: number) => Date.UTC(2026, 5, 1, hour)
  expect([19, 20, 23, 1, 2].map(hour => isOpen('UTC', at(hour), late))).toEqual([false, true, true, true, false])
})

test('an hour that the clock leaves out is not waited for', () => {
  // On 8 March 2026 the clock of Los Angeles goes from 2:00 to 3:00.
  const two = [{ days: [0], fromMinute: 120, toMinute: 180 }]
  const opens = nextOpening(['America/Los_Angeles'], Date.UTC(2026, 2, 8, 8), [two])
  expect(opens).toBe(Date.UTC(2026, 2, 15, 9))
})

test('a window just behind an hour that the clock leaves out is not missed', () => {
  // 1:30 in Los Angeles on 8 March 2026: half an hour later it is 3:00.
  const three = [{ days: [0], fromMinute: 180, toMinute: 240 }]
  const opens = nextOpening(['America/Los_Angeles'], Date.UTC(2026, 2, 8, 9, 30), [three])
  expect(opens).toBe(Date.UTC(2026, 2, 8, 10))
})

test('an unknown zone has no offset, and nothing is open in it [D15]', () => {
  expect(offsetMinutes('Mars/Olympus', 0)).toBeNull()
  expect(isOpen('Mars/Olympus', 0, ALWAYS)).toBe(false)
  expect(nextOpening(['Mars/Olympus'], 0, [ALWAYS])).toBeNull()
})

test('every profile opens at some time in every zone', () => {
  for (const profile of PROFILES)
    for (const zone of ZONES)
      expect(nextOpening([zone], Date.UTC(2026, 0, 4), [PROFILE_RULES[profile].hours])).not.toBeNull()
})
