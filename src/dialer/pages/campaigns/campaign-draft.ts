/** What the form of a campaign holds, and what the server gets of it. */
import type { CampaignBody } from '../../../wire/routes/campaigns.ts'
import { draftsOf, NEW_OUTCOMES, type OutcomeDraft, outcomesOf } from './outcome-draft.ts'

export interface CampaignDraft extends Omit<CampaignBody, 'outcomes'> {
  outcomes: OutcomeDraft[]
}

export const NEW_CAMPAIGN: CampaignDraft = {
  name: '',
  lines: 1,
  script: '',
  scriptBlocks: [],
  outcomes: NEW_OUTCOMES,
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
  return { ...body, outcomes: draftsOf(body.outcomes) }
}

export function bodyOf(draft: CampaignDraft): CampaignBody {
  return { ...draft, name: draft.name.trim(), outcomes: outcomesOf(draft.outcomes) }
}
