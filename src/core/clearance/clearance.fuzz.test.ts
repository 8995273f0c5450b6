/** The gate over whatever a book may hold: numbers, zones, postcodes and clocks that nobody meant. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ClearanceAsk, clear, type OnRecord } from './clearance.ts'
import { ALWAYS, isZone } from './local-time.ts'
import { PROFILE_RULES, PROFILES, PURPOSES, RULES } from './rules.ts'
import { zoneNamed, zonesOf } from './zones.ts'

const ODD = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '__proto__',
  'constructor',
  'UTC',
  'utc',
  'Europe/Paris',
  'EUROPE/PARIS',
  '+02:00',
]
const names = fc.oneof(
  fc.constantFrom(...ODD, 'Pacific Standard Time', 'Etc/GMT+12', 'America/Nowhere', 'IST', '../etc', 'a/b'.repeat(500)),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.stringMatching(/^[A-Za-z_+-]{1,12}\/[A-Za-z0-9_+-]{1,12}$/),
)
const numbers = fc.oneof(fc.stringMatching(/^\+[1-9]\d{6,14}$/), names)
const stated = fc.option(names)
const postcode = fc.option(fc.oneof(fc.stringMatching(/^\d{5}(-\d{4})?$/), names))
// A clock that is decades off, on no whole minute, or at the change of summer time in one of the zones.
const moment = fc.oneof(
  fc.integer({ min: -(2 ** 41), max: 2 ** 42 }),
  fc.double({ min: 0, max: 2 ** 42, noNaN: true }),
  fc.constantFrom(
    Date.UTC(2026, 2, 8, 10),
    Date.UTC(2026, 2, 29, 1),
    Date.UTC(2026, 9, 25, 1),
    Date.UTC(2026, 10, 1, 9),
  ),
)

test('a name of a zone is a zone of the database or none, whatever text it is', () => {
  const property = fc.property(names, name => {
    const zone = zoneNamed(name)
    expect(zone === null || isZone(zone)).toBe(true)
    // What was found is found again by its own name.
    expect(zone === null ? null : zoneNamed(zone)).toBe(zone)
  })
  fc.assert(property, { numRuns: 3_000, seed: 11 })
})

test('the zones of a person exist, and a stated zone never adds one where the number already has it', () => {
  const property = fc.property(numbers, stated, postcode, moment, (number, timeZone, code, at) => {
    const zones = zonesOf({ number, timeZone, postcode: code }, at)
    expect(zones.every(isZone)).toBe(true)
    expect(new Set(zones).size).toBe(zones.length)
  })
  fc.assert(property, { numRuns: 2_000, seed: 11 })
})

const window = fc.record({
  days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
  fromMinute: fc.integer({ min: 0, max: 1_439 }),
  toMinute: fc.integer({ min: 1, max: 1_440 }),
})
const hours = fc.oneof(fc.constantFrom(null, ALWAYS), fc.array(window, { minLength: 1, maxLength: 3 }))
const ORDINARY = ['ordinary', 'ordinary'] as const
const asks: fc.Arbitrary<ClearanceAsk> = fc.record({
  callId: fc.constant(null),
  to: numbers,
  purpose: fc.constantFrom(...PURPOSES),
  agent: fc.option(fc.constant('w_a.d_1')),
  campaignId: fc.constant(null),
  timeZone: stated,
  postcode,
  hours,
})
const used = fc.record({ atOnce: fc.nat(20), callsToday: fc.nat(2_000), spentToday: fc.nat(10_000) })

/** Attempts and the end of the day stand on a clock that may be off by days against the one that asks. */
const knownAt = (at: number): fc.Arbitrary<OnRecord> =>
  fc.record({
    number: fc.record({
      country: fc.constantFrom('US', 'US', 'US', 'US', 'GB', null),
      kind: fc.constantFrom(...ORDINARY, ...ORDINARY, 'premium' as const, 'invalid' as const),
    }),
    listed: fc.constantFrom(null, null, null, null, { scope: 'workspace' as const, area: '+1', sinceMs: at + 5 }),
    consents: fc.subarray([...PURPOSES]),
    attempts: fc
      .array(fc.integer({ min: -40, max: 40 }), { maxLength: 8 })
      .map(days => days.map(day => at + day * 86_400_000).sort((a, b) => a - b)),
    openCallId: fc.option(fc.constant('w_a.call_1')),
    used: fc.record({ workspace: used, agent: used }),
    credit: fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom(null, 'held' as const) },
      { weight: 1, arbitrary: fc.constantFrom('out-of-money' as const, 'day-limit' as const) },
    ),
    dayEndsMs: fc.integer({ min: 1, max: 86_400_000 }).map(left => at + left),
  })
const cases = moment.chain(at => fc.tuple(asks, knownAt(at), fc.constantFrom(...PROFILES), hours, fc.constant(at)))

test('the gate always gives a verdict, and a refusal that ends by itself ends later than now', () => {
  let [cleared, timed] = [0, 0]
  const property = fc.property(cases, ([ask, known, profile, own, at]) => {
    const rules = { ...PROFILE_RULES[profile], profile, country: 'US', countries: [], premium: false, ...OPEN }
    const verdict = clear(ask, known, { ...rules, hours: own ?? rules.hours }, at)
    if (verdict.cleared) {
      cleared += 1
      return known.listed === null && known.number.country === 'US' && known.number.kind === 'ordinary'
    }
    if (verdict.untilMs !== null) timed += 1
    return RULES.includes(verdict.rule) && (verdict.untilMs === null || verdict.untilMs > at)
  })
  fc.assert(property, { numRuns: 9_000, seed: 11 })
  // Both kinds were seen, so that neither promise is about nothing.
  expect(cleared).toBeGreaterThan(10)
  expect(timed).toBeGreaterThan(100)
})

const ONE = { atOnce: 10, callsPerDay: 1_000, spendPerDay: 5_000 }
const OPEN = { limits: { workspace: ONE, agent: ONE }, centsPerMinute: 1 }
