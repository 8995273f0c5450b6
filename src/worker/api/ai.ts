/** Routes of AI agents, and of the conversations on their calls. */
import { z } from 'zod'
import { stubFor } from '../../actors/stubs.ts'
import { uniqueWith } from '../../actors/unique.ts'
import { belongsTo } from '../../core/ids.ts'
import { missingForVoice } from '../../providers/voice-registry.ts'
import {
  type AiAgent,
  aiAgent,
  aiAgentBody,
  changedPaths,
  talkOrderOf,
  VERSIONS_SHOWN_MAX,
} from '../../wire/ai-agent.ts'
import { conversation } from '../../wire/conversation.ts'
import { toE164 } from '../../wire/phone-number.ts'
import { Refusal } from '../problem.ts'
import { type AnyRoute, type Call, route } from '../route-table.ts'
import { placeAiCall } from './ai-calls.ts'
import { requireAccess } from './conversation-access.ts'
import { deskIdOf, openDesk } from './desk.ts'

type Any = Pick<Call<unknown, unknown>, 'env' | 'member'>

const agents = z.object({ items: z.array(aiAgent), next: z.null() })

function book({ env, member }: Any) {
  return stubFor(env, 'workspace', member.workspaceId)
}

async function read(call: Any, agentId: string, version: number | null = null): Promise<AiAgent> {
  const json = await book(call).aiAgent(agentId, version)
  if (json === null) throw new Refusal(404, 'There is no such agent.')
  return shown(JSON.parse(json) as AiAgent)
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
async function withSecrets(call: Any, agentId: string, body: AiAgent['body']): Promise<AiAgent['body']> {
  const json = await book(call).aiAgent(agentId)
  const before = json === null ? [] : (JSON.parse(json) as AiAgent).body.httpTools
  const httpTools = body.httpTools.map(tool => {
    const known = before.find(one => one.name === tool.name && one.url === tool.url)?.secretHeaders ?? {}
    const kept = Object.entries(tool.secretHeaders).map(([name, value]) => [
      name,
      value === '' ? (known[name] ?? '') : value,
    ])
    return { ...tool, secretHeaders: Object.fromEntries(kept) }
  })
  return { ...body, httpTools }
}

async function save(call: Any, agentId: string, body: AiAgent['body']): Promise<AiAgent> {
  const version = await book(call).saveAiAgent(agentId, body, call.member.name)
  if (version === null) throw new Refusal(422, 'There are too many agents.')
  const agent = await read(call, agentId, version)
  // The trunk answers calls by itself, so it must know the new version before the next one.
  await stubFor(call.env, 'trunk', call.member.workspaceId).refreshAgent(talkOrderOf(agent))
  return agent
}

const editing: AnyRoute[] = [
  route({
    method: 'get',
    path: '/api/ai/agents',
    who: 'agent',
    summary: 'The AI agents of the workspace, each in its latest version.',
    answer: agents,
    async handle(call) {
      return { items: (JSON.parse(await book(call).aiAgents()) as AiAgent[]).map(shown), next: null }
    },
  }),
  route({
    method: 'post',
    path: '/api/ai/agents',
    who: 'admin',
    summary: 'A new AI agent.',
    creates: true,
    status: 201,
    body: aiAgentBody,
    answer: aiAgent,
    async handle(call) {
      return save(call, uniqueWith('ai_'), call.body)
    },
  }),
  route({
    method: 'get',
    path: '/api/ai/agents/:agentId',
    who: 'agent',
    summary: 'One agent, in its latest or a given version.',
    query: z.object({ version: z.coerce.number().int().min(1).optional() }),
    answer: aiAgent,
    async handle(call) {
      return read(call, call.params.agentId ?? '', call.query.version ?? null)
    },
  }),
  route({
    method: 'put',
    path: '/api/ai/agents/:agentId',
    who: 'admin',
    summary: 'Saves a new version. Calls that are live keep the one they began with.',
    body: aiAgentBody,
    answer: aiAgent,
    async handle(call) {
      const agentId = call.params.agentId ?? ''
      await read(call, agentId)
      return save(call, agentId, await withSecrets(call, agentId, call.body))
    },
  }),
  route({
    method: 'post',
    path: '/api/ai/agents/:agentId/trials',
    who: 'agent',
    summary: 'The id of a call that this desk is about to place to the agent, to follow it from the first ring.',
    status: 201,
    answer: z.object({ callId: z.string() }),
    async handle(call) {
      await read(call, call.params.agentId ?? '')
      const trunk = stubFor(call.env, 'trunk', call.member.workspaceId)
      return { callId: await trunk.reserveCall(deskIdOf(call.member)) }
    },
  }),
  route({
    method: 'get',
    path: '/api/ai/agents/:agentId/versions',
    who: 'agent',
    summary: 'What changed from version to version, newest first.',
    answer: z.object({
      items: z.array(
        z.object({ version: z.number(), savedMs: z.number(), savedBy: z.string(), changed: z.array(z.string()) }),
      ),
      next: z.null(),
    }),
    async handle(call) {
      const list = JSON.parse(await book(call).aiVersions(call.params.agentId ?? '', VERSIONS_SHOWN_MAX)) as AiAgent[]
      if (list.length === 0) throw new Refusal(404, 'There is no such agent.')
      const items = list.map(({ version, savedMs, savedBy, body }, at) => {
        const before = list[at + 1]
        return { version, savedMs, savedBy, changed: before === undefined ? [] : changedPaths(before.body, body) }
      })
      return { items, next: null }
    },
  }),
  route({
    method: 'post',
    path: '/api/ai/agents/:agentId/rollback',
    who: 'admin',
    summary: 'Saves an older version again, as the newest.',
    body: z.object({ version: z.number().int().min(1) }),
    answer: aiAgent,
    async handle(call) {
      const agentId = call.params.agentId ?? ''
      const json = await book(call).aiAgent(agentId, call.body.version)
      if (json === null) throw new Refusal(404, 'There is no such version.')
      return save(call, agentId, (JSON.parse(json) as AiAgent).body)
    },
  }),
  route({
    method: 'put',
    path: '/api/ai/agents/:agentId/numbers',
    who: 'admin',
    summary: 'Our numbers that this agent answers; a number has one agent.',
    body: z.object({ numbers: z.array(z.string().max(40)).max(50) }),
    answer: aiAgent,
    async handle(call) {
      const agentId = call.params.agentId ?? ''
      await read(call, agentId)
      const ours = (await stubFor(call.env, 'trunk', call.member.workspaceId).numbers()).map(row => row.number)
      const numbers = call.body.numbers.map(number => toE164(number) ?? number)
      const strange = numbers.find(number => !ours.includes(number))
      if (strange !== undefined)
        throw new Refusal(400, 'This is not one of our numbers.', [{ field: 'numbers', message: 'not ours' }])
      await book(call).assignAiNumbers(agentId, numbers)
      const order = await book(call).aiOrder(agentId)
      if (order) await stubFor(call.env, 'trunk', call.member.workspaceId).assignAgent(order, numbers)
      return read(call, agentId)
    },
  }),
]

/** A call of this workspace. */
function callOf({ env, member, params }: Call<unknown, unknown>) {
  const callId = params.callId ?? ''
  if (!belongsTo(callId, member.workspaceId)) throw new Refusal(404, 'There is no such call.')
  return { callId, call: stubFor(env, 'call', callId) }
}

async function conversationOf(call: Call<unknown, unknown>) {
  await requireAccess(call.env, call.member, call.params.callId ?? '')
  const view = await callOf(call).call.document('conversation')
  if (view === null) throw new Refusal(404, 'There is no such call.')
  return JSON.parse(view) as z.infer<typeof conversation>
}

const calls: AnyRoute[] = [
  route({
    method: 'get',
    path: '/api/ai/voice',
    who: 'agent',
    summary: 'Whether calls can have a voice here; else the names of the settings that are missing.',
    answer: z.object({ ready: z.boolean(), missing: z.array(z.string()) }),
    async handle({ env }) {
      const missing = missingForVoice(env)
      return { ready: missing.length === 0, missing }
    },
  }),
  route({
    method: 'post',
    path: '/api/ai/agents/:agentId/calls',
    who: 'agent',
    summary: 'The agent calls a number or a contact.',
    creates: true,
    status: 201,
    body: z.object({
      toNumber: z.string().max(40).optional(),
      contactId: z.string().max(64).optional(),
      accountId: z.string().max(64).optional(),
      fromNumber: z.string().max(40).optional(),
      message: z.string().trim().max(600).optional(),
    }),
    answer: z.object({
      callId: z.string(),
      callSid: z.string().nullable(),
      status: z.string(),
      to: z.string(),
      from: z.string(),
    }),
    async handle({ env, member, params, body }) {
      return placeAiCall(env, {
        workspaceId: member.workspaceId,
        agentId: params.agentId ?? '',
        to: body.toNumber ?? null,
        from: body.fromNumber ?? null,
        contactId: body.contactId ?? null,
        accountId: body.accountId ?? null,
        message: body.message ?? null,
        by: member.name,
      })
    },
  }),
  route({
    method: 'get',
    path: '/api/calls/:callId/conversation',
    who: 'agent',
    summary: 'What was said, with times, confidence, latencies and interruptions.',
    answer: conversation,
    handle: conversationOf,
  }),
  route({
    method: 'post',
    path: '/api/calls/:callId/whisper',
    who: 'supervisor',
    summary: 'A word to the AI agent that the caller does not hear.',
    body: z.object({ text: z.string().trim().min(1).max(600) }),
    answer: z.object({ message: z.string() }),
    async handle(call) {
      const heard = await callOf(call).call.whisper(call.body.text, call.member.name)
      if (!heard) throw new Refusal(409, 'No AI agent talks on this call now.')
      return { message: 'whispered' }
    },
  }),
  route({
    method: 'post',
    path: '/api/calls/:callId/say',
    who: 'agent',
    summary: 'Typed instead of spoken, by a person who tries an agent from the browser; a caller is never spoken for.',
    body: z.object({ text: z.string().trim().min(1).max(600) }),
    answer: z.object({ message: z.string() }),
    async handle(call) {
      await requireAccess(call.env, call.member, call.params.callId ?? '')
      if (!(await callOf(call).call.say(call.body.text)))
        throw new Refusal(409, 'Nobody tries an AI agent on this call.')
      return { message: 'said' }
    },
  }),
  route({
    method: 'post',
    path: '/api/calls/:callId/take-over',
    who: 'supervisor',
    summary: 'Asks your own desk to take this call from the AI agent; accept it there.',
    answer: z.object({ message: z.string() }),
    async handle(given) {
      const { call } = callOf(given)
      const deskId = await openDesk(given.env, given.member)
      const input = {
        type: 'talk.transfer-wanted' as const,
        at: Date.now(),
        transferId: uniqueWith('t_'),
        deskId,
        summary: '',
      }
      if (!(await call.deliver(input, null))) throw new Refusal(404, 'There is no such call.')
      return { message: 'offered' }
    },
  }),
  route({
    method: 'post',
    path: '/api/calls/:callId/hand-back',
    who: 'agent',
    summary: 'Gives the call back to its AI agent, which knows what was said before.',
    answer: z.object({ message: z.string() }),
    async handle(given) {
      await requireAccess(given.env, given.member, given.params.callId ?? '')
      const { call } = callOf(given)
      if (!(await call.deliver({ type: 'talk.handed-back', at: Date.now() }, null)))
        throw new Refusal(404, 'There is no such call.')
      return { message: 'handed back' }
    },
  }),
]

export const aiRoutes: AnyRoute[] = [...editing, ...calls]
