/** Routes of campaigns. */
import { z } from 'zod'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { unique } from '../../actors/unique.ts'
import { SOLO_POLICY } from '../../core/batch/batch.ts'
import { DEFAULT_PLAN } from '../../core/campaign/retry.ts'
import type { CampaignSettings } from '../../core/campaign/state.ts'
import { aiSeatId, belongsTo, campaignId } from '../../core/ids.ts'
import type { AiAgent } from '../../wire/ai-agent.ts'
import type { Campaign } from '../../wire/api.ts'
import * as wire from '../../wire/api.ts'
import { shownNumber } from '../../wire/phone-number.ts'
import { Refusal } from '../problem.ts'
import { type AnyRoute, route } from '../route-table.ts'
import { contactEntries, normalised } from './contacts.ts'

/** Most seats of one AI agent in one campaign. */
const AI_LINES_MAX = 20

const lines = z.union([z.literal(1), z.literal(2), z.literal(4)])
const settings = z.object({
  name: z.string().min(1).max(120),
  /** A new campaign begins with one line. */
  lines: lines.default(1),
  script: z.string().max(20_000).default(''),
  outcomes: z.array(wire.outcomeChoice).min(1).max(9),
  wrapUpSeconds: z.number().int().min(0).max(3_600).default(30),
  advance: z.enum(['ask', 'auto']).default('ask'),
  afterWrapUp: z.enum(['wait', 'proceed']).default('wait'),
  release: z.enum(['cut', 'ring-out']).default('cut'),
  amd: z.enum(['off', 'before', 'beside']).default('beside'),
  ringSeconds: z.number().int().min(15).max(60).default(25),
  callingHours: z
    .object({ fromHour: z.number().int().min(0).max(23), toHour: z.number().int().min(1).max(24) })
    .default({ fromHour: 8, toHour: 21 }),
  record: z.boolean().default(false),
  /**
   * The AI agent that talks with a person for whom no agent is free, instead of the message. Use it only for lists of people
   * who have agreed to be called by an AI agent.
   */
  hostAgentId: z.string().max(64).nullable().default(null),
})

function settingsOf(body: z.infer<typeof settings>): CampaignSettings {
  const { name, script, outcomes, advance, afterWrapUp, release, amd, record } = body
  const policy = { ...SOLO_POLICY, release, amd, ringLimitMs: body.ringSeconds * 1000 }
  return {
    name,
    script,
    outcomes,
    advance,
    afterWrapUp,
    policy,
    hostAgentId: body.hostAgentId,
    record,
    wrapUpMs: body.wrapUpSeconds * 1000,
    plan: DEFAULT_PLAN,
    hours: body.callingHours,
  }
}

async function read(env: Env, campaignId: string, lineCount: number): Promise<Campaign | null> {
  const { state, left, total } = await stubFor(env, 'campaign', campaignId).read()
  if (!state.settings) return null
  const live = state.sessions.some(session => session.state !== 'stopped' && session.state !== 'finished')
  return {
    campaignId,
    name: state.settings.name,
    state: left === 0 ? 'finished' : live ? 'running' : 'draft',
    lines: lineCount === 4 ? 4 : lineCount === 2 ? 2 : 1,
    script: state.settings.script,
    outcomes: state.settings.outcomes,
    contactsTotal: total,
    contactsLeft: left,
    wrapUpSeconds: state.settings.wrapUpMs / 1000,
  }
}

export const campaignRoutes: AnyRoute[] = [
  route({
    method: 'get',
    path: '/api/campaigns',
    who: 'agent',
    summary: 'Campaigns of the workspace.',
    answer: wire.listOf(wire.campaign),
    async handle({ env, member }) {
      const list = await stubFor(env, 'workspace', member.workspaceId).campaigns()
      const items = await Promise.all(list.map(one => read(env, one.campaignId, one.lines)))
      return { items: items.filter(one => one !== null), next: null }
    },
  }),
  route({
    method: 'get',
    path: '/api/campaigns/:campaignId',
    who: 'agent',
    summary: 'One campaign.',
    answer: wire.campaign,
    async handle({ env, member, params }) {
      const campaignId = params.campaignId ?? ''
      const list = await stubFor(env, 'workspace', member.workspaceId).campaigns()
      const known = list.find(one => one.campaignId === campaignId)
      const found = known ? await read(env, campaignId, known.lines) : null
      if (!found) throw new Refusal(404, 'There is no such campaign.')
      return found
    },
  }),
  route({
    method: 'post',
    path: '/api/campaigns',
    who: 'supervisor',
    summary: 'Creates a campaign.',
    creates: true,
    status: 201,
    body: settings,
    answer: z.object({ campaignId: z.string() }),
    async handle({ env, member, body }) {
      const id = campaignId(member.workspaceId, unique())
      await stubFor(env, 'campaign', id).configure(settingsOf(body))
      await stubFor(env, 'workspace', member.workspaceId).saveCampaign(id, body.name, body.lines)
      return { campaignId: id }
    },
  }),
  route({
    method: 'post',
    path: '/api/campaigns/:campaignId/contacts',
    who: 'supervisor',
    summary: 'Adds contacts to the book and to the end of this campaign; rows that cannot be dialled are named.',
    creates: true,
    status: 201,
    body: z.object({ contacts: contactEntries }),
    answer: z.object({
      added: z.number().int(),
      refused: z.array(z.object({ field: z.string(), message: z.string() })),
    }),
    async handle({ env, member, body, params }) {
      const campaignId = params.campaignId ?? ''
      if (!belongsTo(campaignId, member.workspaceId)) throw new Refusal(404, 'There is no such campaign.')
      const { good, bad } = normalised(body.contacts)
      await stubFor(env, 'workspace', member.workspaceId).saveContacts(good)
      const rows = good.map(one => ({
        contactId: one.contactId,
        name: `${one.firstName} ${one.lastName}`.trim(),
        company: one.company,
        number: one.phone,
        numberShown: shownNumber(one.phone),
        timeZone: one.timeZone,
        aiConsent: one.aiConsent,
      }))
      return { added: await stubFor(env, 'campaign', campaignId).addContacts(rows), refused: bad }
    },
  }),
  route({
    method: 'post',
    path: '/api/campaigns/:campaignId/ai',
    who: 'supervisor',
    summary: 'AI agents call the contacts who have agreed to that, so many at a time; `stop` lets the last calls end.',
    body: z.object({
      agentId: z.string().max(64),
      word: z.enum(['start', 'stop']),
      lines: z.number().int().min(1).max(AI_LINES_MAX).default(1),
    }),
    answer: z.object({ lines: z.number().int() }),
    async handle({ env, member, body, params }) {
      const campaignId = params.campaignId ?? ''
      const { workspaceId } = member
      if (!belongsTo(campaignId, workspaceId)) throw new Refusal(404, 'There is no such campaign.')
      const agent = await stubFor(env, 'workspace', workspaceId).aiAgent(body.agentId)
      if (agent === null) throw new Refusal(404, 'There is no such agent.')
      const agentName = (JSON.parse(agent) as AiAgent).body.name
      const count = body.word === 'stop' ? AI_LINES_MAX : body.lines
      for (let n = 1; n <= count; n += 1) {
        const deskId = aiSeatId(workspaceId, body.agentId, n)
        const input = {
          type: 'agent.asked' as const,
          at: Date.now(),
          deskId,
          agentName,
          word: body.word,
          lines: 1 as const,
        }
        await stubFor(env, 'campaign', campaignId).deliver(input, null)
      }
      return { lines: body.word === 'stop' ? 0 : count }
    },
  }),
]
