/** What the form of a campaign holds, and what the server gets of it. */
import type { CampaignBody } from '../../../wire/routes/campaigns.ts'

/** What becomes of a person with this outcome. */
export type Consequence = 'done' | 'callback' | 'do-not-call'
export const CONSEQUENCE_WORDS: readonly (readonly [Consequence, string])[] = [
  ['done', 'is not called again by this campaign'],
  ['callback', 'is called again after a day'],
  ['do-not-call', 'is never called again by anybody'],
]

export interface OutcomeDraft {
  /** it stays when the label changes, because results of calls have it */
  outcomeId: string
  label: string
  consequence: Consequence
}
export interface CampaignDraft extends Omit<CampaignBody, 'outcomes'> {
  outcomes: OutcomeDraft[]
}
export const OUTCOMES_MAX = 9

const outcome = (label: string, consequence: Consequence = 'done'): OutcomeDraft => ({
  outcomeId: '',
  label,
  consequence,
})
export const NEW_CAMPAIGN: CampaignDraft = {
  name: '',
  lines: 1,
  script: '',
  outcomes: [
    outcome('Interested'),
    outcome('Call back', 'callback'),
    outcome('Not interested'),
    outcome('Wrong number'),
    outcome('Do not call', 'do-not-call'),
  ],
  wrapUpSeconds: 30,
  advance: 'ask',
  afterWrapUp: 'wait',
  release: 'cut',
  amd: 'beside',
  ringSeconds: 25,
  callingHours: { fromHour: 8, toHour: 21 },
  record: true,
  conversationSeconds: 0,
  hostAgentId: null,
  // What most countries allow (decision 064).
  abandonMaxPercent: 3,
  pooled: false,
  retries: { maxAttempts: 4, busyMinutes: 10, noAnswerMinutes: 60, machineMinutes: 240 },
}

export function draftOf(body: CampaignBody): CampaignDraft {
  const consequenceOf = (id: string): Consequence => (id === 'callback' || id === 'do-not-call' ? id : 'done')
  return {
    ...body,
    outcomes: body.outcomes.map(({ outcomeId, label }) => ({
      outcomeId,
      label,
      consequence: consequenceOf(outcomeId),
    })),
  }
}

/** The keys are 1 to 9, in the order of the list. */
export function bodyOf(draft: CampaignDraft): CampaignBody {
  const taken = new Set<string>()
  const outcomes = draft.outcomes.map(({ outcomeId, label, consequence }, index) => {
    const id = idOf(outcomeId, label, consequence, taken)
    taken.add(id)
    return { key: index + 1, outcomeId: id, label: label.trim() }
  })
  return { ...draft, name: draft.name.trim(), outcomes }
}

function idOf(known: string, label: string, consequence: Consequence, taken: ReadonlySet<string>): string {
  if (consequence !== 'done') return consequence
  const bare = label
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
  const isFree = (id: string) => id !== '' && id !== 'callback' && id !== 'do-not-call' && !taken.has(id)
  if (isFree(known)) return known
  const wanted = bare === '' || bare === 'callback' || bare === 'do-not-call' ? `outcome-${bare}` : bare
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? wanted : `${wanted}-${n}`
    if (isFree(id)) return id
  }
}
