/** A refusal in the words that a person reads: which rule, and until when. */
import type { Refused } from './clearance.ts'
import type { Rule } from './rules.ts'

const WORDS: Record<Rule, string> = {
  'not-a-number': 'This is not a phone number that can be called.',
  country: 'Calls to this country are not allowed in this workspace.',
  premium: 'Premium and shared-cost numbers are not called.',
  'do-not-call': 'This number is on the do-not-call list.',
  consent: 'There is no consent on record for a call by an AI voice to this number.',
  'zone-unknown': 'The time zone of this person is not known, so the calling hours cannot be kept. Add a time zone.',
  'calling-hours': 'It is outside the calling hours at the called party.',
  'attempts-gap': 'This number was called a moment ago.',
  'attempts-day': 'This number has had all calls that one day allows.',
  'attempts-week': 'This number has had all calls that one week allows.',
  'attempts-month': 'This number has had all calls that thirty days allow.',
  'one-at-a-time': 'Another call to this number is going on.',
  'agent-at-once': 'This agent has as many calls at once as are allowed.',
  'at-once': 'The workspace has as many calls at once as are allowed.',
  'agent-spend': 'This agent has reached the limit of the day.',
  spend: 'The workspace has reached the limit of the day.',
  credit: 'The credit of the workspace, or a limit of what calls may cost, does not cover this call.',
}

/** @returns one or two sentences; the time is ISO 8601 in UTC, to the minute */
export function wordsOf({ rule, untilMs }: Pick<Refused, 'rule' | 'untilMs'>): string {
  if (untilMs === null) return WORDS[rule]
  return `${WORDS[rule]} Not before ${new Date(untilMs).toISOString().slice(0, 16)}Z.`
}
