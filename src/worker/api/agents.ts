/** AI agents: editing them, and the calls that they make. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { uniqueWith } from '../../actors/unique.ts'
import { wordsOf } from '../../core/clearance/words.ts'
import { refusalOfUrl } from '../../providers/public-address.ts'
import { crmOf, missingForCrm } from '../../providers/registry.ts'
import { missingForVoice, spokenLanguage } from '../../providers/voice-registry.ts'
import { type AiAgent, changedPaths, talkOrderOf } from '../../wire/ai-agent.ts'
import { readNumber, toE164 } from '../../wire/phone-number.ts'
import { agentRoutes } from '../../wire/routes/agents.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { agentOf, agentsOf, versionsOf } from './agent-book.ts'
import { placeAiCall } from './ai-calls.ts'
import { requireNoMask } from './masked-number.ts'
import { deskIdOf } from './own-desk.ts'

interface By {
  env: Env
  member: Caller
}

async function read({ env, member }: By, agentId: string, version: number | null = null): Promise<AiAgent> {
  const agent = await agentOf(env, member.workspaceId, agentId, version)
  if (agent === null) throw new Refusal(404, 'There is no such agent.')
  return shown(agent)
}

/** Secrets can be written and never read, so an answer has them empty. */
function shown(agent: AiAgent): AiAgent {
  const httpTools = agent.body.httpTools.map(tool => ({
    ...tool,
    secretHeaders: Object.fromEntries(Object.keys(tool.secretHeaders).map(name => [name, ''])),
  }))
  return { ...agent, body: { ...agent.body, httpTools } }
}

/** A secret that the page sends back empty keeps its saved value. */
function withSecrets(before: AiAgent, body: AiAgent['body']): AiAgent['body'] {
  const httpTools = body.httpTools.map(tool => {
    const same = before.body.httpTools.find(one => one.name === tool.name && one.url === tool.url)
    const known = same?.secretHeaders ?? {}
    const kept = Object.entries(tool.secretHeaders).map(([name, value]) => [
      name,
      value === '' ? (known[name] ?? '') : value,
    ])
    return { ...tool, secretHeaders: Object.fromEntries(kept) }
  })
  return { ...body, httpTools }
}

/** The address of a tool is looked at again whenever it is called (`src/providers/public-address.ts`). */
function requirePublic({ httpTools }: AiAgent['body']): void {
  const fields = httpTools.flatMap(({ url }, index) => {
    const message = refusalOfUrl(url)
    return message === null ? [] : [{ field: `httpTools.${index}.url`, message }]
  })
  if (fields.length > 0) throw new Refusal(400, 'A tool has an address that is not allowed.', fields)
}

/** Rules that say of a number itself that it is never called here; the others depend on the hour and on the list. */
const NEVER: readonly string[] = ['not-a-number', 'country', 'premium']

/** The directory with numbers as they are dialled. @throws Refusal 400: one of them is never called from this workspace (D3) */
async function withCallable({ env, member }: By, body: AiAgent['body']): Promise<AiAgent['body']> {
  const nothing = { callId: null, campaignId: null, timeZone: null, postcode: null, hours: null, agent: null }
  const trunk = stubFor(env, 'trunk', member.workspaceId)
  const fields: { field: string; message: string }[] = []
  const directory = await Promise.all(
    body.directory.map(async (entry, index) => {
      if (entry.kind !== 'number') return entry
      const field = `directory.${index}.target`
      const read = readNumber(entry.target)
      const target = read.ok ? read.number : entry.target
      if (read.ok && read.extension !== null)
        fields.push({ field, message: 'a transfer sends no extension: name the direct number' })
      const [verdict] = await trunk.judge([{ ...nothing, to: target, purpose: 'transfer' }])
      if (verdict !== undefined && !verdict.cleared && NEVER.includes(verdict.rule))
        fields.push({ field, message: wordsOf(verdict) })
      return { ...entry, target }
    }),
  )
  if (fields.length > 0) throw new Refusal(400, 'Somebody in the directory cannot be called from here.', fields)
  return { ...body, directory }
}

async function save(by: By, agentId: string, given: AiAgent['body']): Promise<AiAgent> {
  const { workspaceId, name } = by.member
  requirePublic(given)
  const body = await withCallable(by, given)
  const version = await stubFor(by.env, 'workspace', workspaceId).saveAiAgent(agentId, body, name)
  if (version === null) throw new Refusal(422, 'There are too many agents.')
  const agent = await read(by, agentId, version)
  // The trunk answers calls by itself, so it must know the new version before the next one.
  await stubFor(by.env, 'trunk', workspaceId).refreshAgent(talkOrderOf(agent))
  return agent
}

export const agents = bind(agentRoutes, {
  async 'GET /api/ai/agents'({ env, member }) {
    return { items: (await agentsOf(env, member.workspaceId)).map(shown), next: null }
  },

  async 'POST /api/ai/agents'(call) {
    const { language = spokenLanguage(call.env) } = call.body
    return save(call, uniqueWith('ai_'), { ...call.body, language })
  },

  async 'GET /api/ai/agents/:agentId'(call) {
    return read(call, call.params.agentId, call.query.version ?? null)
  },

  async 'PUT /api/ai/agents/:agentId'(call) {
    const { agentId } = call.params
    const before = await agentOf(call.env, call.member.workspaceId, agentId)
    if (before === null) throw new Refusal(404, 'There is no such agent.')
    const { language = before.body.language } = call.body
    return save(call, agentId, withSecrets(before, { ...call.body, language }))
  },

  async 'GET /api/ai/agents/:agentId/versions'({ env, member, params }) {
    const list = await versionsOf(env, member.workspaceId, params.agentId)
    if (list.length === 0) throw new Refusal(404, 'There is no such agent.')
    const items = list.map(({ version, savedMs, savedBy, body }, at) => {
      const before = list[at + 1]
      return { version, savedMs, savedBy, changed: before === undefined ? [] : changedPaths(before.body, body) }
    })
    return { items, next: null }
  },

  async 'POST /api/ai/agents/:agentId/rollback'(call) {
    const { agentId } = call.params
    const old = await agentOf(call.env, call.member.workspaceId, agentId, call.body.version)
    if (old === null) throw new Refusal(404, 'There is no such version.')
    return save(call, agentId, old.body)
  },

  async 'PUT /api/ai/agents/:agentId/numbers'(call) {
    const { agentId } = call.params
    const { workspaceId } = call.member
    await read(call, agentId)
    const trunk = stubFor(call.env, 'trunk', workspaceId)
    const ours = (await trunk.numbers()).map(row => row.number)
    const numbers = call.body.numbers.map(number => toE164(number) ?? number)
    const strange = numbers.find(number => !ours.includes(number))
    if (strange !== undefined)
      throw new Refusal(400, 'This is not one of our numbers.', [{ field: 'numbers', message: 'not ours' }])
    await requireNoMask(call.env, workspaceId, numbers, 'numbers')
    const book = stubFor(call.env, 'workspace', workspaceId)
    await book.assignAiNumbers(agentId, numbers)
    const order = await book.aiOrder(agentId)
    if (order) await trunk.assignAgent(order, numbers)
    return read(call, agentId)
  },

  async 'POST /api/ai/agents/:agentId/trials'(call) {
    await read(call, call.params.agentId)
    const trunk = stubFor(call.env, 'trunk', call.member.workspaceId)
    return { callId: await trunk.reserveCall(deskIdOf(call.member)) }
  },

  async 'POST /api/ai/agents/:agentId/calls'({ env, member, params, body }) {
    return placeAiCall(env, {
      kind: 'ai',
      consent: body.consent ?? null,
      workspaceId: member.workspaceId,
      agentId: params.agentId,
      to: body.toNumber ?? null,
      from: body.fromNumber ?? null,
      contactId: body.contactId ?? null,
      accountId: body.accountId ?? null,
      message: body.message ?? null,
      by: member,
    })
  },

  async 'GET /api/ai/voice'({ env }) {
    const missing = missingForVoice(env)
    return { ready: missing.length === 0, missing }
  },

  async 'GET /api/crm'({ env, member }) {
    const ready = crmOf(env, member.workspaceId) !== null
    return { ready, missing: ready ? [] : missingForCrm(env) }
  },
})
