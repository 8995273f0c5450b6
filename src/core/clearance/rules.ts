/** The rules under which a workspace calls people, and which of them each way to place a call is asked. */
import { ALWAYS, EVERY_DAY, WEEKDAYS, type Window } from './local-time.ts'

/** In the order in which they are asked: what never changes by itself comes first. */
export const RULES = [
  'not-a-number',
  'country',
  'premium',
  'do-not-call',
  'consent',
  'zone-unknown',
  'calling-hours',
  'attempts-gap',
  'attempts-day',
  'attempts-week',
  'attempts-month',
  'one-at-a-time',
  'agent-at-once',
  'at-once',
  'agent-spend',
  'spend',
  'credit',
] as const
export type Rule = (typeof RULES)[number]

/** Rules about what is used up, not about the person. */
export function isLimit(rule: Rule): boolean {
  return (
    rule === 'at-once' || rule === 'agent-at-once' || rule === 'spend' || rule === 'agent-spend' || rule === 'credit'
  )
}

/** The ways to place a call. */
export const PURPOSES = ['campaign', 'ai-campaign', 'single', 'browser', 'ai', 'transfer', 'callback'] as const
export type Purpose = (typeof PURPOSES)[number]

/** What one caller may use up. Null: there is no limit. */
export interface Limits {
  atOnce: number | null
  callsPerDay: number | null
  /** in hundredths of the workspace's currency */
  spendPerDay: number | null
}

export const PROFILES = ['us-consumer', 'us-business', 'uk', 'eu', 'custom'] as const
export type Profile = (typeof PROFILES)[number]

export interface ClearanceRules {
  profile: Profile
  /** ISO 3166 code of the workspace: how numbers without a plus are read, and what may be called when `countries` is empty */
  country: string
  /** ISO 3166 codes that may be called; empty: the own country only */
  countries: readonly string[]
  premium: boolean
  hours: readonly Window[]
  /** answered or not, calls to one number; null: there is no cap */
  caps: { gapMs: number | null; day: number | null; week: number | null; month: number | null }
  /** the purposes for which a consent must be on record */
  consentFor: readonly Purpose[]
  /** for the whole workspace, and for each agent (a person or an AI agent) */
  limits: { workspace: Limits; agent: Limits }
  /** what a minute costs at the carrier, hundredths of the workspace's currency; spend is counted with it, whether or not calls are charged */
  centsPerMinute: number
}

const HOUR = 60
const NO_LIMITS: Limits = { atOnce: null, callsPerDay: null, spendPerDay: null }
const WITH_A_MACHINE: readonly Purpose[] = ['ai', 'ai-campaign']
const LIMITS = {
  workspace: { atOnce: 100, callsPerDay: null, spendPerDay: 50_000 },
  agent: { atOnce: 10, callsPerDay: 1_500, spendPerDay: 10_000 },
}

type Named = Omit<ClearanceRules, 'profile' | 'country'>
const COMMON = { countries: [], premium: false, limits: LIMITS, centsPerMinute: 5 } as const

/** Where a law gives a figure it is taken; the others are the field's habits, and a workspace may make them stricter. */
export const PROFILE_RULES: Record<Profile, Named> = {
  // 16 CFR 310.4(c) and 47 CFR 64.1200(c): 8 to 21 at the called party. An artificial voice needs prior express consent (47 USC 227(b)).
  'us-consumer': {
    ...COMMON,
    hours: [{ days: EVERY_DAY, fromMinute: 8 * HOUR, toMinute: 21 * HOUR }],
    // Florida's 501.059 and Oklahoma's act: three calls in a day at most.
    caps: { gapMs: 15 * 60_000, day: 3, week: 7, month: null },
    consentFor: WITH_A_MACHINE,
  },
  'us-business': {
    ...COMMON,
    hours: [{ days: WEEKDAYS, fromMinute: 8 * HOUR, toMinute: 18 * HOUR }],
    caps: { gapMs: 15 * 60_000, day: 4, week: 12, month: null },
    consentFor: WITH_A_MACHINE,
  },
  // The law names no hours; these are the industry code's. PECR reg. 19: automated calls need consent.
  uk: {
    ...COMMON,
    hours: [
      { days: WEEKDAYS, fromMinute: 8 * HOUR, toMinute: 21 * HOUR },
      { days: [0, 6], fromMinute: 9 * HOUR, toMinute: 20 * HOUR },
    ],
    caps: { gapMs: 60 * 60_000, day: 3, week: 7, month: null },
    consentFor: WITH_A_MACHINE,
  },
  // France, decree 2022-1313: weekdays 10 to 13 and 14 to 20, four calls in thirty days: the strictest of the union that we know.
  eu: {
    ...COMMON,
    hours: [
      { days: WEEKDAYS, fromMinute: 10 * HOUR, toMinute: 13 * HOUR },
      { days: WEEKDAYS, fromMinute: 14 * HOUR, toMinute: 20 * HOUR },
    ],
    caps: { gapMs: 60 * 60_000, day: 1, week: 2, month: 4 },
    consentFor: WITH_A_MACHINE,
  },
  // The workspace answers for its own rules; only the hours of its campaigns, the list and the countries hold.
  custom: {
    ...COMMON,
    hours: ALWAYS,
    caps: { gapMs: null, day: null, week: null, month: null },
    consentFor: ['ai-campaign'],
    limits: { workspace: { ...NO_LIMITS, atOnce: 100 }, agent: NO_LIMITS },
  },
}

export function rulesOf(profile: Profile, country: string): ClearanceRules {
  return { profile, country, ...PROFILE_RULES[profile] }
}

/** The profile of a workspace that has chosen none: the one that the installation names, or else the strictest that fits most. */
export function defaultProfile(named: string | undefined): Profile {
  return PROFILES.find(profile => profile === named) ?? 'us-consumer'
}

const ALL: readonly Rule[] = RULES
/** A colleague's phone is called on behalf of somebody who is on the line: nobody is canvassed, and a main number takes many calls. */
const OF_A_COLLEAGUE: readonly Rule[] = ALL.filter(
  rule =>
    !rule.startsWith('attempts-') && !['consent', 'zone-unknown', 'calling-hours', 'one-at-a-time'].includes(rule),
)
/** The person asked for this call, so it does not count as canvassing; the night is still theirs. */
const ASKED_FOR: readonly Rule[] = ALL.filter(rule => !rule.startsWith('attempts-') && rule !== 'consent')

/** The rules that each way is asked. A way that is not here does not compile. */
export const ASKED: Record<Purpose, readonly Rule[]> = {
  campaign: ALL,
  'ai-campaign': ALL,
  single: ALL,
  browser: ALL,
  ai: ALL,
  transfer: OF_A_COLLEAGUE,
  callback: ASKED_FOR,
}
