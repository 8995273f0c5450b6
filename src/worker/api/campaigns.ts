/** Campaigns. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { unique } from '../../actors/unique.ts'
import { SOLO_POLICY } from '../../core/batch/batch.ts'
import { type OutcomeChoice, whole } from '../../core/campaign/dispositions.ts'
import { DEFAULT_PLAN, type RetryPlan } from '../../core/campaign/retry.ts'
import type { CampaignSettings } from '../../core/campaign/state.ts'
import { aiSeatId, campaignId } from '../../core/ids.ts'
import type { Campaign } from '../../wire/api.ts'
import { shownNumber } from '../../wire/phone-number.ts'
import { AI_LINES_MAX, type CampaignBody, campaignRoutes } from '../../wire/routes/campaigns.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { agentOf } from './agent-book.ts'
import { noCampaign, requireCampaign } from './campaign-book.ts'
import { countryOf, readContacts, saveRead } from './contacts.ts'

const notStored = () => new Refusal(422, 'This could not be stored. Nothing was done.')

/** The workspace keeps the labels, for reports of the days after an outcome has gone from its campaign. */
async function configured(env: Env, workspaceId: string, campaignId: string, body: CampaignBody): Promise<void> {
  if (!(await stubFor(env, 'campaign', campaignId).configure(settingsOf(body)))) throw notStored()
  const book = stubFor(env, 'workspace', workspaceId)
  await book.saveCampaign(campaignId, body.name, body.lines)
  await book.outcomes({ used: body.outcomes })
}

function settingsOf(body: CampaignBody): CampaignSettings {
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
    plan: planOf(body.retries),
    hours: body.callingHours,
    conversationMs: body.conversationSeconds * 1000,
    ...(body.scriptBlocks.length > 0 ? { blocks: body.scriptBlocks } : {}),
    abandonMax: body.abandonMaxPercent === null ? null : body.abandonMaxPercent / 100,
    ...(body.pooled ? { pooled: true as const } : {}),
  }
}

const MINUTE_MS = 60_000

function planOf({ maxAttempts, busyMinutes, noAnswerMinutes, machineMinutes }: CampaignBody['retries']): RetryPlan {
  const waits = { busyMs: busyMinutes * MINUTE_MS, noAnswerMs: noAnswerMinutes * MINUTE_MS }
  return { ...DEFAULT_PLAN, maxAttempts, ...waits, machineMs: machineMinutes * MINUTE_MS }
}

function retriesOf({ maxAttempts, busyMs, noAnswerMs, machineMs }: RetryPlan): CampaignBody['retries'] {
  const minutes = (ms: number) => Math.max(1, Math.round(ms / MINUTE_MS))
  const waits = { busyMinutes: minutes(busyMs), noAnswerMinutes: minutes(noAnswerMs) }
  return { maxAttempts, ...waits, machineMinutes: minutes(machineMs) }
}

/** 0.03 → 3, without the tail of a binary fraction. */
function percentOf(share: number | null | undefined): number | null {
  return share == null ? null : Math.round(share * 10_000) / 100
}

/** With everything said. `requires` is a list of its own, which whoever reads it may change. */
function shown(choice: OutcomeChoice): CampaignBody['outcomes'][number] {
  const { requires, ...rest } = whole(choice)
  return { ...rest, requires: [...requires] }
}

async function listOf(env: Env, workspaceId: string): Promise<CampaignBody['outcomes']> {
  return (await stubFor(env, 'workspace', workspaceId).outcomes({})).list.map(shown)
}

function bodyOf(known: CampaignSettings, lineCount: number): CampaignBody {
  const { name, script, outcomes, advance, afterWrapUp, record, policy } = known
  return {
    ...{ name, script, advance, afterWrapUp, record },
    outcomes: outcomes.map(shown),
    scriptBlocks: known.blocks ?? [],
    lines: lineCount === 4 ? 4 : lineCount === 2 ? 2 : 1,
    wrapUpSeconds: known.wrapUpMs / 1000,
    release: policy.release,
    amd: policy.amd,
    ringSeconds: policy.ringLimitMs / 1000,
    callingHours: known.hours,
    conversationSeconds: (known.conversationMs ?? 0) / 1000,
    hostAgentId: known.hostAgentId,
    abandonMaxPercent: percentOf(known.abandonMax),
    pooled: known.pooled === true,
    retries: retriesOf(known.plan),
  }
}

async function read(env: Env, campaignId: string, lineCount: number): Promise<Campaign | null> {
  const { state, left, held, total, answered, abandoned, floor } = await stubFor(env, 'campaign', campaignId).read()
  if (!state.settings) return null
  const live = state.sessions.some(session => session.state !== 'stopped' && session.state !== 'finished')
  return {
    campaignId,
    name: state.settings.name,
    state: left + held === 0 ? 'finished' : live ? 'running' : 'draft',
    lines: lineCount === 4 ? 4 : lineCount === 2 ? 2 : 1,
    script: state.settings.script,
    outcomes: state.settings.outcomes.map(shown),
    contactsTotal: total,
    contactsLeft: left,
    contactsHeld: held,
    abandonMaxPercent: percentOf(state.settings.abandonMax),
    answered30Days: answered,
    abandoned30Days: abandoned,
    wrapUpSeconds: state.settings.wrapUpMs / 1000,
    pooled: state.settings.pooled === true,
    pool: floor,
  }
}

export const campaigns = bind(campaignRoutes, {
  async 'GET /api/outcomes'({ env, member }) {
    return { outcomes: await listOf(env, member.workspaceId) }
  },

  async 'PUT /api/outcomes'({ env, member, body }) {
    const { list } = await stubFor(env, 'workspace', member.workspaceId).outcomes({ list: body.outcomes })
    return { outcomes: list.map(shown) }
  },

  async 'GET /api/campaigns'({ env, member }) {
    const list = await stubFor(env, 'workspace', member.workspaceId).campaigns()
    const items = await Promise.all(list.map(one => read(env, one.campaignId, one.lines)))
    return { items: items.filter(one => one !== null), next: null }
  },

  async 'GET /api/campaigns/:campaignId'({ env, member, params }) {
    const known = await requireCampaign(env, member.workspaceId, params.campaignId)
    const found = await read(env, known.campaignId, known.lines)
    if (!found) throw noCampaign()
    return found
  },

  async 'POST /api/campaigns'({ env, member, body }) {
    const id = campaignId(member.workspaceId, unique())
    const outcomes = body.outcomes ?? (await listOf(env, member.workspaceId))
    await configured(env, member.workspaceId, id, { ...body, outcomes })
    return { campaignId: id }
  },

  async 'GET /api/campaigns/:campaignId/settings'({ env, member, params }) {
    const known = await requireCampaign(env, member.workspaceId, params.campaignId)
    const { settings } = (await stubFor(env, 'campaign', params.campaignId).read()).state
    if (settings === null) throw noCampaign()
    return bodyOf(settings, known.lines)
  },

  async 'PUT /api/campaigns/:campaignId/settings'({ env, member, body, params }) {
    const { campaignId } = params
    await requireCampaign(env, member.workspaceId, campaignId)
    await configured(env, member.workspaceId, campaignId, body)
    return { ...body, outcomes: body.outcomes.map(shown) }
  },

  async 'POST /api/campaigns/:campaignId/contacts'({ env, member, body, params }) {
    const { campaignId } = params
    await requireCampaign(env, member.workspaceId, campaignId)
    const country = body.country ?? (await countryOf(env, member.workspaceId))
    const read = readContacts(body.contacts, country)
    await saveRead(env, member.workspaceId, body.contacts, read)
    const { good, bad, warnings } = read
    const rows = good.map(one => ({
      contactId: one.contactId,
      name: `${one.firstName} ${one.lastName}`.trim(),
      company: one.company,
      number: one.phone,
      numberShown: shownNumber(one.phone),
      timeZone: one.timeZone,
      postcode: one.postcode,
      extension: one.extension,
      aiConsent: one.aiConsent,
    }))
    const { added, dropped } = await stubFor(env, 'campaign', campaignId).addContacts(rows)
    const message = 'somebody else in this campaign has this number'
    const named = dropped.map(contactId => {
      const row = good.find(one => one.contactId === contactId)?.row ?? 0
      return { contactId, field: `contacts.${row}.phone`, message }
    })
    return { added, refused: bad, dropped: named, warnings }
  },

  async 'POST /api/campaigns/:campaignId/ai'({ env, member, body, params }) {
    const { workspaceId } = member
    const { agentId, word } = body
    await requireCampaign(env, workspaceId, params.campaignId)
    const agent = await agentOf(env, workspaceId, agentId)
    if (agent === null) throw new Refusal(404, 'There is no such agent.')
    const agentName = agent.body.name
    const count = word === 'stop' ? AI_LINES_MAX : body.lines
    for (let n = 1; n <= count; n += 1) {
      const deskId = aiSeatId(workspaceId, agentId, n)
      const input = { type: 'agent.asked' as const, at: Date.now(), deskId, agentName, word, lines: 1 as const }
      if (!(await stubFor(env, 'campaign', params.campaignId).deliver(input, null))) throw notStored()
    }
    return { lines: word === 'stop' ? 0 : count }
  },
})
