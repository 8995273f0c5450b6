/** What the form holds of outcomes, and what may be done with the list. */
import {
  AFTER_MINUTES,
  type Consequence,
  consequenceOf,
  DEFAULT_OUTCOMES,
  DESK_LETTERS,
  type Need,
  type OutcomeChoice,
  whole,
} from '../../../core/campaign/dispositions.ts'
import { meansDoNotCall } from '../../../core/clearance/do-not-call-words.ts'
import type { CampaignBody } from '../../../wire/routes/campaigns.ts'

export const CONSEQUENCE_WORDS: readonly (readonly [Consequence, string])[] = [
  ['archive', 'is not called again by this campaign'],
  ['retry', 'is tried again'],
  ['callback', 'is called back'],
  ['lead', 'is a lead: the call is filed in the CRM'],
  ['do-not-call', 'is never called again by anybody'],
]
export const NEED_WORDS: readonly (readonly [Need, string])[] = [
  ['note', 'a note'],
  ['time', 'a time'],
  ['company', 'the company'],
  ['timeZone', 'the time zone'],
  ['postcode', 'the postcode'],
  ['extension', 'the extension'],
]

export interface OutcomeDraft extends Omit<Required<OutcomeChoice>, 'key' | 'requires'> {
  /** as the key says it */
  key: string
  requires: Need[]
}

export function draftsOf(outcomes: readonly OutcomeChoice[]): OutcomeDraft[] {
  return outcomes.map(one => {
    const { key, requires, ...rest } = whole(one)
    return { ...rest, key: String(key), requires: [...requires] }
  })
}
export const NEW_OUTCOMES = draftsOf(DEFAULT_OUTCOMES)

const KEYS = [...'123456789', ...[...'abcdefghijklmnopqrstuvwxyz'].filter(letter => !DESK_LETTERS.includes(letter))]

/** The keys that nobody else in the list has. */
export function keysFor(outcomes: readonly OutcomeDraft[], own: string): string[] {
  const taken = new Set(outcomes.map(one => one.key))
  return KEYS.filter(key => key === own || !taken.has(key))
}

export function added(outcomes: readonly OutcomeDraft[]): OutcomeDraft[] {
  const [key = ''] = keysFor(outcomes, '')
  const blank = { outcomeId: '', label: '', consequence: 'archive' as const, tone: 'neutral' as const }
  return [...outcomes, { ...blank, key, afterMinutes: AFTER_MINUTES, whose: 'anyone', requires: [] }]
}

export function moved(outcomes: readonly OutcomeDraft[], from: number, by: -1 | 1): OutcomeDraft[] {
  const list = [...outcomes]
  const [one] = list.splice(from, 1)
  if (one !== undefined) list.splice(from + by, 0, one)
  return list
}

/** The body of the list. What another consequence would not use is not sent. */
export function outcomesOf(drafts: readonly OutcomeDraft[]): CampaignBody['outcomes'] {
  const taken = new Set<string>()
  return drafts.map(({ key, outcomeId, label, afterMinutes, whose, requires, ...rest }) => {
    const id = idOf(outcomeId, label, rest.consequence, taken)
    taken.add(id)
    const again = rest.consequence === 'retry' || rest.consequence === 'callback'
    return {
      ...{ key: /^[1-9]$/.test(key) ? Number(key) : key, outcomeId: id, label: label.trim(), ...rest },
      ...(again ? { afterMinutes } : {}),
      ...(rest.consequence === 'callback' ? { whose } : {}),
      requires: again ? requires : requires.filter(need => need !== 'time'),
    }
  })
}

/** Results of calls have the id, so it stays when the label changes; unless it says something else than what follows now. */
function idOf(known: string, label: string, consequence: Consequence, taken: ReadonlySet<string>): string {
  const isFree = (id: string) => id !== '' && !taken.has(id) && (consequence === 'do-not-call' || !meansDoNotCall(id))
  if (isFree(known)) return known
  const bare = label
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
  for (let n = 1; ; n += 1) {
    const wanted = bare === '' ? 'outcome' : bare
    const id = n === 1 ? wanted : `${wanted}-${n}`
    if (isFree(id) || n > 100) return id
  }
}

/** Is this the kind of outcome after which somebody is called again? */
export function callsAgain(one: Pick<OutcomeDraft, 'outcomeId' | 'consequence'>): boolean {
  const consequence = consequenceOf(one)
  return consequence === 'retry' || consequence === 'callback'
}
