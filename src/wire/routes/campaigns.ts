/** Rows of campaigns. */
import { z } from 'zod'
import type { ScriptBlock } from '../../core/campaign/script.ts'
import { campaign, listOf } from '../api.ts'
import { nameText } from '../name.ts'
import { outcomeList } from '../outcome.ts'
import { countryCode } from '../phone-number.ts'
import { scriptBlocks } from '../script.ts'
import { plainText } from '../text.ts'
import { contactEntries } from './contacts.ts'
import { refusedRows } from './pages.ts'
import type { Rows } from './row.ts'

/** Most seats of one AI agent in one campaign. */
export const AI_LINES_MAX = 20

const lines = z.union([z.literal(1), z.literal(2), z.literal(4)])
export const SCRIPT_CHARS_MAX = 20_000
const DAYS_30 = 30 * 24 * 60
/** When a person whom nobody has spoken with is called again, minutes, and how often at most. */
const retries = z.object({
  maxAttempts: z.number().int().min(1).max(20).default(4),
  busyMinutes: z.number().int().min(1).max(DAYS_30).default(10),
  noAnswerMinutes: z.number().int().min(1).max(DAYS_30).default(60),
  machineMinutes: z.number().int().min(1).max(DAYS_30).default(240),
})
const campaignFields = z.object({
  name: nameText(120),
  /** A new campaign begins with one line. */
  lines: lines.default(1),
  script: plainText(SCRIPT_CHARS_MAX).default(''),
  /** blocks with merge fields and answers that lead to other blocks; they take the place of `script` */
  scriptBlocks: scriptBlocks.default([]),
  outcomes: outcomeList,
  wrapUpSeconds: z.number().int().min(0).max(3_600).default(30),
  advance: z.enum(['ask', 'auto']).default('ask'),
  afterWrapUp: z.enum(['wait', 'proceed']).default('wait'),
  release: z.enum(['cut', 'ring-out']).default('cut'),
  amd: z.enum(['off', 'before', 'beside']).default('beside'),
  ringSeconds: z.number().int().min(15).max(60).default(25),
  callingHours: z
    .object({ fromHour: z.number().int().min(0).max(23), toHour: z.number().int().min(1).max(24) })
    // 20 to 2 goes on past midnight.
    .refine(hours => hours.fromHour !== hours.toHour, { error: 'this window never opens', path: ['toHour'] })
    .default({ fromHour: 8, toHour: 21 }),
  record: z.boolean().default(true),
  /** a talk that was shorter needs a follow-up until an outcome is saved; 0: every talk counts (S3-64) */
  conversationSeconds: z.number().int().min(0).max(3_600).default(0),
  /**
   * The AI agent that talks with a person for whom no agent is free, instead of the message. Use it only for lists of people
   * who have agreed to be called by an AI agent.
   */
  hostAgentId: z.string().max(64).nullable().default(null),
  /** of 100 people who answer within 30 days at most so many find nobody free: rounds have as few lines as that needs; null: nobody keeps to a limit */
  abandonMaxPercent: z.number().min(0.5).max(10).nullable().default(null),
  /** agents share the lines that ring: whoever is free longest gets the next person who answers. It needs a limit of abandoned people */
  pooled: z.boolean().default(false),
  retries: retries.prefault({}),
})
const underLimit = ({ pooled, abandonMaxPercent }: { pooled: boolean; abandonMaxPercent: number | null }) =>
  !pooled || abandonMaxPercent !== null
/** Every view of a desk has the whole script. A text alone has its own limit. */
const isShort = ({ script, scriptBlocks: blocks }: { script: string; scriptBlocks: ScriptBlock[] }) =>
  blocks.length === 0 ||
  [script, ...blocks.flatMap(one => [one.text, ...one.answers.map(answer => answer.label)])].join('').length <=
    SCRIPT_CHARS_MAX
const tooLong = { error: `a script has at most ${SCRIPT_CHARS_MAX} characters in all`, path: ['scriptBlocks'] }
const needsLimit = { error: 'lines that are shared need a limit of abandoned calls', path: ['abandonMaxPercent'] }
const campaignBody = campaignFields.refine(underLimit, needsLimit).refine(isShort, tooLong)
/** A new campaign without outcomes has those of the workspace. */
const newCampaign = campaignFields
  .extend({ outcomes: outcomeList.optional() })
  .refine(underLimit, needsLimit)
  .refine(isShort, tooLong)
export type CampaignBody = z.infer<typeof campaignBody>

const outcomesBody = z.object({ outcomes: outcomeList })

export const campaignRoutes = {
  'GET /api/outcomes': {
    who: { role: 'supervisor', scope: 'campaigns:read' },
    summary: 'The outcomes that new campaigns of the workspace begin with.',
    gives: 'json',
    answer: outcomesBody,
  },
  'PUT /api/outcomes': {
    who: { role: 'supervisor', scope: 'campaigns:write' },
    summary: 'The outcomes that new campaigns begin with from now on, whole. Campaigns that are there keep theirs.',
    body: outcomesBody,
    gives: 'json',
    answer: outcomesBody,
  },
  'GET /api/campaigns': {
    who: { role: 'agent', scope: 'campaigns:read' },
    summary: 'Campaigns of the workspace.',
    gives: 'json',
    answer: listOf(campaign),
  },
  'GET /api/campaigns/:campaignId': {
    who: { role: 'agent', scope: 'campaigns:read' },
    summary: 'One campaign.',
    gives: 'json',
    answer: campaign,
  },
  'POST /api/campaigns': {
    who: { role: 'supervisor', scope: 'campaigns:write' },
    summary: 'Creates a campaign.',
    body: newCampaign,
    gives: 'json',
    status: 201,
    creates: true,
    answer: z.object({ campaignId: z.string() }),
  },
  'GET /api/campaigns/:campaignId/settings': {
    who: { role: 'supervisor', scope: 'campaigns:read' },
    summary: 'The settings of a campaign, as they were given.',
    gives: 'json',
    answer: campaignBody,
  },
  'PUT /api/campaigns/:campaignId/settings': {
    who: { role: 'supervisor', scope: 'campaigns:write' },
    summary: 'Settings of a campaign from now on, whole. Calls that ring go on as they began.',
    body: campaignBody,
    gives: 'json',
    answer: campaignBody,
  },
  'POST /api/campaigns/:campaignId/contacts': {
    who: { role: 'supervisor', scope: 'campaigns:write' },
    summary: 'Adds contacts to the book and to the end of this campaign; rows that cannot be dialled are named.',
    body: z.object({ contacts: contactEntries, country: countryCode.optional() }),
    gives: 'json',
    status: 201,
    creates: true,
    /** `dropped`: people whose number somebody else in this campaign has; `warnings`: rows to look at */
    answer: z.object({
      added: z.number().int(),
      refused: refusedRows,
      dropped: z.array(z.object({ contactId: z.string(), field: z.string(), message: z.string() })),
      warnings: refusedRows,
    }),
  },
  'POST /api/campaigns/:campaignId/ai': {
    who: { role: 'supervisor', scope: 'campaigns:write' },
    summary: 'AI agents call the contacts who have agreed to that, so many at a time; `stop` lets the last calls end.',
    body: z.object({
      agentId: z.string().max(64),
      word: z.enum(['start', 'stop']),
      lines: z.number().int().min(1).max(AI_LINES_MAX).default(1),
    }),
    gives: 'json',
    answer: z.object({ lines: z.number().int() }),
  },
} as const satisfies Rows
