/**
 * All small worlds of clearance: every way to place a call, every set of rules that are broken at once. What each way must keep is
 * written here once more, in words of its own, so that a rule that the product forgets is found.
 */
import { type ClearanceAsk, clear, type OnRecord, type Verdict } from '../../src/core/clearance/clearance.ts'
import {
  type ClearanceRules,
  PURPOSES,
  type Purpose,
  RULES,
  type Rule,
  rulesOf,
} from '../../src/core/clearance/rules.ts'

/** Wednesday 3 June 2026, 12:00 in New York. */
const NOON = Date.UTC(2026, 5, 3, 16)
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export interface World {
  ask: ClearanceAsk
  known: OnRecord
  rules: ClearanceRules
}
export type Gate = (ask: ClearanceAsk, known: OnRecord, rules: ClearanceRules, at: number) => Verdict

/** Nothing stands against this call. */
function fine(purpose: Purpose): World {
  return {
    ask: {
      callId: null,
      to: '+12125550142',
      purpose,
      agent: 'w_a.d_ada',
      campaignId: 'w_a.c_1',
      timeZone: null,
      postcode: null,
      hours: [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 540, toMinute: 1_080 }],
    },
    known: {
      number: { country: 'US', kind: 'ordinary' },
      listed: null,
      consents: [...PURPOSES],
      attempts: [],
      openCallId: null,
      used: {
        workspace: { atOnce: 0, callsToday: 0, spentToday: 0 },
        agent: { atOnce: 0, callsToday: 0, spentToday: 0 },
      },
      credit: 'held',
      dayEndsMs: NOON + 8 * HOUR_MS,
    },
    rules: {
      ...rulesOf('us-consumer', 'US'),
      caps: { gapMs: HOUR_MS, day: 2, week: 3, month: 4 },
      consentFor: [...PURPOSES],
    },
  }
}

/** How each rule comes to be broken. Facts that depend on each other are broken by different means, so that any set can be made. */
const BREAK: Record<Rule, (world: World) => void> = {
  'not-a-number': ({ known }) => {
    known.number = { ...known.number, kind: 'invalid' }
  },
  country: ({ rules }) => {
    rules.countries = ['GB']
  },
  // A number is invalid or premium, not both; the pair is left to the order of the rules.
  premium: ({ known }) => {
    if (known.number.kind !== 'invalid') known.number = { ...known.number, kind: 'premium' }
  },
  'do-not-call': ({ known }) => {
    known.listed = { scope: 'workspace', area: null, sinceMs: 0 }
  },
  consent: ({ known }) => {
    known.consents = []
  },
  'zone-unknown': ({ ask }) => {
    ask.to = '+881612345678'
  },
  'calling-hours': ({ ask }) => {
    ask.hours = [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 1_260, toMinute: 1_320 }]
  },
  'attempts-gap': ({ known }) => {
    known.attempts = sorted([...known.attempts, NOON - HOUR_MS / 2])
  },
  'attempts-day': ({ rules }) => {
    rules.caps = { ...rules.caps, day: 0 }
  },
  'attempts-week': ({ rules }) => {
    rules.caps = { ...rules.caps, week: 0 }
  },
  'attempts-month': ({ rules }) => {
    rules.caps = { ...rules.caps, month: 0 }
  },
  'one-at-a-time': ({ known }) => {
    known.openCallId = 'w_a.call_other'
  },
  'agent-at-once': ({ known }) => {
    known.used.agent = { ...known.used.agent, atOnce: 10 }
  },
  'at-once': ({ known }) => {
    known.used.workspace = { ...known.used.workspace, atOnce: 100 }
  },
  'agent-spend': ({ known }) => {
    known.used.agent = { ...known.used.agent, spentToday: 10_000 }
  },
  spend: ({ known }) => {
    known.used.workspace = { ...known.used.workspace, spentToday: 50_000 }
  },
  credit: ({ known }) => {
    known.credit = 'out-of-money'
  },
}

const sorted = (times: number[]) => times.sort((a, b) => a - b)

/** What must hold for everybody, whoever calls and why. */
const FOR_EVERY_CALL: readonly Rule[] = [
  'not-a-number',
  'country',
  'premium',
  'do-not-call',
  'agent-at-once',
  'at-once',
  'agent-spend',
  'spend',
  'credit',
]
/** What protects the person who is called out of the blue. */
const FOR_STRANGERS: readonly Rule[] = [
  'consent',
  'zone-unknown',
  'calling-hours',
  'attempts-gap',
  'attempts-day',
  'attempts-week',
  'attempts-month',
  'one-at-a-time',
]
const KEPT: Record<Purpose, readonly Rule[]> = {
  campaign: [...FOR_EVERY_CALL, ...FOR_STRANGERS],
  'ai-campaign': [...FOR_EVERY_CALL, ...FOR_STRANGERS],
  single: [...FOR_EVERY_CALL, ...FOR_STRANGERS],
  browser: [...FOR_EVERY_CALL, ...FOR_STRANGERS],
  ai: [...FOR_EVERY_CALL, ...FOR_STRANGERS],
  transfer: FOR_EVERY_CALL,
  callback: [...FOR_EVERY_CALL, 'zone-unknown', 'calling-hours', 'one-at-a-time'],
}

export interface Explored {
  worlds: number
  /** the first few, in words */
  violations: string[]
}

/** Walks through all purposes and all sets of at most `most` broken rules, and through all sets at once that fit into it. */
export function exploreClearance(gate: Gate = clear, most: number = RULES.length): Explored {
  const found: Explored = { worlds: 0, violations: [] }
  for (const purpose of PURPOSES)
    for (const broken of setsOf(RULES, most)) {
      found.worlds += 1
      const wrong = judge(gate, purpose, broken)
      if (wrong !== null && found.violations.length < 20)
        found.violations.push(`${purpose}, ${broken.join('+') || 'nothing'} broken: ${wrong}`)
    }
  return found
}

function judge(gate: Gate, purpose: Purpose, broken: readonly Rule[]): string | null {
  const world = fine(purpose)
  for (const rule of broken) BREAK[rule](world)
  const verdict = gate(world.ask, world.known, world.rules, NOON)
  const expected = broken.filter(rule => KEPT[purpose].includes(rule))
  // Hours cannot be judged where no zone is known.
  const [first] = RULES.filter(rule => expected.includes(rule))
  if (verdict.cleared) return first === undefined ? null : `cleared in spite of ${first}`
  if (verdict.rule !== first) return `refused by ${verdict.rule}, not by ${first ?? 'nothing'}`
  if (verdict.untilMs === null) return null
  if (verdict.untilMs <= NOON) return `${verdict.rule} refuses until a moment that is over`
  // The rules that a later time heals: nothing else changes.
  if (!HEALED_BY_TIME.includes(verdict.rule)) return null
  const later = gate(world.ask, world.known, world.rules, verdict.untilMs)
  return !later.cleared && later.rule === verdict.rule ? `${verdict.rule} refuses on at the time that it named` : null
}

const HEALED_BY_TIME: readonly Rule[] = ['calling-hours', 'attempts-gap']

function* setsOf<T>(all: readonly T[], most: number): Generator<T[]> {
  for (let bits = 0; bits < 2 ** all.length; bits += 1) {
    const set = all.filter((_, index) => (bits >> index) & 1)
    if (set.length <= most) yield set
  }
}

/** Attempts at all times of a small grid against all small caps: never more calls in a window than the cap, and `untilMs` is exact. */
export function exploreAttempts(gate: Gate = clear): Explored {
  const found: Explored = { worlds: 0, violations: [] }
  const grid = [0, 1, 12, 23, 24, 25, 6 * 24, 7 * 24, 8 * 24, 29 * 24, 30 * 24].map(hours => NOON - hours * HOUR_MS - 1)
  for (const times of setsOf(grid, 4))
    for (const day of [null, 1, 2])
      for (const week of [null, 2, 3])
        for (const month of [null, 3]) {
          found.worlds += 1
          const world = fine('campaign')
          const attempts = sorted([...times])
          world.known.attempts = attempts
          world.rules.caps = { gapMs: null, day, week, month }
          const caps: [number | null, number][] = [
            [day, DAY_MS],
            [week, 7 * DAY_MS],
            [month, 30 * DAY_MS],
          ]
          const within = (at: number) =>
            caps.every(([cap, length]) => cap === null || attempts.filter(time => time > at - length).length < cap)
          const verdict = gate(world.ask, world.known, { ...world.rules, hours: ALL_DAY }, NOON)
          if (verdict.cleared !== within(NOON))
            found.violations.push(`caps ${day}/${week}/${month}, ${times.length} attempts`)
        }
  return found
}
const ALL_DAY = [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 1_440 }]

/** Gates with one thing forgotten. Each must be found. */
export const BYPASSES: Record<string, Gate> = {
  'a transfer may reach a listed number': (ask, known, ...rest) =>
    clear(ask, ask.purpose === 'transfer' ? { ...known, listed: null } : known, ...rest),
  'a callback may reach a listed number': (ask, known, ...rest) =>
    clear(ask, ask.purpose === 'callback' ? { ...known, listed: null } : known, ...rest),
  'a browser call is not asked about hours': (ask, ...rest) =>
    clear(ask.purpose === 'browser' ? { ...ask, purpose: 'transfer' } : ask, ...rest),
  'an AI agent needs no consent for one call': (ask, known, ...rest) =>
    clear(ask, ask.purpose === 'ai' ? { ...known, consents: PURPOSES } : known, ...rest),
  'the hours of the campaign are forgotten': (ask, ...rest) => clear({ ...ask, hours: null }, ...rest),
  'the hours of the profile are forgotten': (ask, known, rules, at) => {
    const verdict = clear(ask, known, rules, at)
    return !verdict.cleared && verdict.rule === 'zone-unknown'
      ? clear({ ...ask, to: '+12125550142' }, known, rules, at)
      : verdict
  },
  'the dial pad may call a number that is on a call': (ask, known, ...rest) =>
    clear(ask, ask.purpose === 'single' ? { ...known, openCallId: null } : known, ...rest),
  'premium numbers are dialled by transfers': (ask, known, rules, at) =>
    clear(ask, known, ask.purpose === 'transfer' ? { ...rules, premium: true } : rules, at),
  'any country may be called when the list is set': (ask, known, rules, at) =>
    clear(ask, known, rules.countries.length > 0 ? { ...rules, countries: ['US'] } : rules, at),
  'the gap is measured from the first attempt': (ask, known, ...rest) =>
    clear(ask, { ...known, attempts: known.attempts.slice(0, -1) }, ...rest),
  'the spend of the agent is not counted': (ask, ...rest) => clear({ ...ask, agent: null }, ...rest),
  'the spend of the workspace is not counted': (ask, known, ...rest) =>
    clear(ask, { ...known, used: { ...known.used, workspace: { ...known.used.workspace, spentToday: 0 } } }, ...rest),
  'everybody is cleared at the moment of dialing': ask => ({
    cleared: true,
    profile: 'custom',
    by: 'clear',
    ...(ask && {}),
  }),
}
