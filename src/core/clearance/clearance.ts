/**
 * Clearance: the one gate before every call (S3-64). It is asked when somebody is chosen and again when the call goes out. What is
 * on record about a number is read by the shell and given in; the verdict is a pure function of that, the rules and the time.
 */
import type { Refusal } from '../billing/ledger.ts'
import { nextOpening, type Window } from './local-time.ts'
import { ASKED, type ClearanceRules, isLimit, type Purpose, RULES, type Rule } from './rules.ts'
import { zonesOf } from './zones.ts'

const DAY_MS = 24 * 3_600_000
export const MONTH_MS = 30 * DAY_MS

/** Whose number it is, for what, and by whom. */
export interface ClearanceAsk {
  /** null: somebody is being chosen and no call exists yet */
  callId: string | null
  /** E.164 */
  to: string
  purpose: Purpose
  /** the person or AI agent who calls; null: the workspace itself */
  agent: string | null
  campaignId: string | null
  timeZone: string | null
  postcode: string | null
  /** the browser phone of a person of ours is called and no number, so only what is used up is asked about */
  phone?: true
  /** the ledger does not hear of this leg, and nothing is held for it: it is refused where calls need credit */
  uncharged?: true
  /** the campaign's own hours, which only narrow the workspace's */
  hours: readonly Window[] | null
}

/** What is on record about a number and about what is being used up. */
export interface OnRecord {
  number: { country: string | null; kind: 'ordinary' | 'premium' | 'invalid' }
  /** the entry of the do-not-call list that holds; `area`: the listed digits with which the number begins */
  listed: { scope: 'workspace' | 'campaign'; area: string | null; sinceMs: number } | null
  /** the purposes that consents on record cover; a consent that was withdrawn is not among them */
  consents: readonly Purpose[]
  /** times of calls to this number within the last thirty days, ascending, without this call's own */
  attempts: readonly number[]
  /** another call to this number that is not over */
  openCallId: string | null
  /** of the workspace and of the agent, without this call */
  used: Record<'workspace' | 'agent', { atOnce: number; callsToday: number; spentToday: number }>
  /** what the ledger says of the money for this call; null: it was not asked, because nothing is limited or nobody is called yet */
  credit: 'held' | Refusal | null
  /** when the day of these figures is over, ms since the epoch */
  dayEndsMs: number
}

export interface Refused {
  cleared: false
  rule: Rule
  /** when this rule stops refusing, if nothing else happens; null: not by itself */
  untilMs: number | null
}
/** Only `clear` makes one (test/tidy/clearance.test.ts), so that a create without a verdict does not compile. */
export interface Cleared {
  cleared: true
  profile: ClearanceRules['profile']
  by: 'clear'
}
export type Verdict = Cleared | Refused

/** The first rule that refuses, in the order of `RULES`. */
export function clear(ask: ClearanceAsk, known: OnRecord, rules: ClearanceRules, at: number): Verdict {
  const asked = ask.phone ? RULES.filter(isLimit) : ASKED[ask.purpose]
  for (const rule of RULES) {
    if (!asked.includes(rule)) continue
    const refused = JUDGES[rule](ask, known, rules, at)
    if (refused !== null) return { cleared: false, rule, untilMs: refused.untilMs }
  }
  return { cleared: true, profile: rules.profile, by: 'clear' }
}

type Judge = (
  ask: ClearanceAsk,
  known: OnRecord,
  rules: ClearanceRules,
  at: number,
) => { untilMs: number | null } | null

const NEVER = { untilMs: null }
/** A call that ends frees its place, so the question is worth asking again soon. */
const SOON_MS = 15_000

const JUDGES: Record<Rule, Judge> = {
  'not-a-number': (_, { number }) => (number.kind === 'invalid' ? NEVER : null),
  country: (_, { number }, rules) => {
    const allowed = rules.countries.length === 0 ? [rules.country] : rules.countries
    return number.country !== null && allowed.includes(number.country) ? null : NEVER
  },
  premium: (_, { number }, rules) => (number.kind === 'premium' && !rules.premium ? NEVER : null),
  'do-not-call': (_, { listed }) => (listed === null ? null : NEVER),
  consent: ({ purpose }, { consents }, rules) =>
    rules.consentFor.includes(purpose) && !consents.includes(purpose) ? NEVER : null,
  'zone-unknown': (ask, _, rules, at) =>
    isAlways(rules.hours) && (ask.hours === null || isAlways(ask.hours))
      ? null
      : zonesOf(whereOf(ask), at).length === 0
        ? NEVER
        : null,
  'calling-hours': (ask, _, rules, at) => {
    const lists = ask.hours === null ? [rules.hours] : [rules.hours, ask.hours]
    if (lists.every(isAlways)) return null
    const opens = nextOpening(zonesOf(whereOf(ask), at), at, lists)
    return opens === at ? null : { untilMs: opens }
  },
  'attempts-gap': (_, { attempts }, { caps }, at) => {
    const last = attempts.at(-1)
    return caps.gapMs !== null && last !== undefined && at < last + caps.gapMs ? { untilMs: last + caps.gapMs } : null
  },
  'attempts-day': (_, { attempts }, { caps }, at) => capped(attempts, caps.day, DAY_MS, at),
  'attempts-week': (_, { attempts }, { caps }, at) => capped(attempts, caps.week, 7 * DAY_MS, at),
  'attempts-month': (_, { attempts }, { caps }, at) => capped(attempts, caps.month, MONTH_MS, at),
  'one-at-a-time': (_, { openCallId }, __, at) => (openCallId === null ? null : { untilMs: at + SOON_MS }),
  'agent-at-once': ({ agent }, { used }, { limits }, at) =>
    agent !== null && reached(used.agent.atOnce, limits.agent.atOnce) ? { untilMs: at + SOON_MS } : null,
  'at-once': (_, { used }, { limits }, at) =>
    reached(used.workspace.atOnce, limits.workspace.atOnce) ? { untilMs: at + SOON_MS } : null,
  'agent-spend': ({ agent }, { used, dayEndsMs }, { limits }) =>
    agent !== null && overspent(used.agent, limits.agent) ? { untilMs: dayEndsMs } : null,
  spend: (_, { used, dayEndsMs }, { limits }) =>
    overspent(used.workspace, limits.workspace) ? { untilMs: dayEndsMs } : null,
  credit: (_, { credit, dayEndsMs }, __, at) => {
    if (credit === null || credit === 'held') return null
    if (credit === 'call-limit') return NEVER
    return { untilMs: credit === 'day-limit' ? dayEndsMs : at + SOON_MS }
  },
}

function whereOf({ to, timeZone, postcode }: ClearanceAsk) {
  return { number: to, timeZone, postcode }
}

/** Windows that never close need no zone. */
function isAlways(windows: readonly Window[]): boolean {
  return windows.some(({ days, fromMinute, toMinute }) => days.length === 7 && fromMinute === 0 && toMinute === 24 * 60)
}

/** At most `most` calls in any window of this length: the oldest of the last `most` has to leave it first. */
function capped(
  attempts: readonly number[],
  most: number | null,
  lengthMs: number,
  at: number,
): { untilMs: number | null } | null {
  if (most === null) return null
  if (most === 0) return NEVER
  const oldest = attempts.at(-most)
  return oldest !== undefined && at < oldest + lengthMs ? { untilMs: oldest + lengthMs } : null
}

function reached(used: number, most: number | null): boolean {
  return most !== null && used >= most
}

function overspent(
  { callsToday, spentToday }: { callsToday: number; spentToday: number },
  limits: ClearanceRules['limits']['agent'],
): boolean {
  return reached(callsToday, limits.callsPerDay) || reached(spentToday, limits.spendPerDay)
}
