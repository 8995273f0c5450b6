/** Routes of the AI voice seed (requirements §6.1), for the home workspace. */
import type { Hono } from 'hono'
import { z } from 'zod'
import type { Env } from '../../actors/env.ts'
import { logOf, stubFor } from '../../actors/stubs.ts'
import type { CallState } from '../../core/call/state.ts'
import { parseId } from '../../core/ids.ts'
import { sayAndHangUp } from '../../core/instruction/instruction.ts'
import { accountOf } from '../../providers/registry.ts'
import type { AiAgent } from '../../wire/ai-agent.ts'
import { placeAiCall } from '../api/ai-calls.ts'
import { answerPlainly, type Ctx } from '../carriers/twilio/answer.ts'
import { callAnswer, callStatus } from '../carriers/twilio/calls.ts'
import { answeredByAgent } from '../carriers/twilio/incoming.ts'
import { requireSignedUpgrade, socketBase } from '../carriers/twilio/media.ts'
import { carrierRequest } from '../carriers/twilio/signed.ts'
import { homeWorkspace } from '../env.ts'
import { Refusal } from '../problem.ts'
import { type AnyRoute, route } from '../route-table.ts'
import { relayStream } from '../sockets/media-relay.ts'
import { byCallSid } from './twilio.ts'

export function seedAiCarrierRoutes(app: Hono<{ Bindings: Env }>): void {
  app.post('/twilio/voice', voice)
  app.post('/twilio/status', async c => byCallSid(c, await carrierRequest(c, homeWorkspace(c.env)), callStatus))
  app.get('/twilio/media-stream', bareStream)
}

/** Answers a call of ours by its id, or one that the carrier brings, which the workspace's first agent takes. */
async function voice(c: Ctx): Promise<Response> {
  const request = await carrierRequest(c, homeWorkspace(c.env))
  const { workspaceId } = request.account
  const { callId = '', message = '' } = c.req.query()
  const known = parseId('call', callId, workspaceId)
  if (known !== null) return callAnswer(c, request, known)
  const [first] = JSON.parse(await stubFor(c.env, 'workspace', workspaceId).aiAgents()) as AiAgent[]
  if (first === undefined) return answerPlainly(c, sayAndHangUp('There is nobody here yet.'))
  return answeredByAgent(c, request, first, message.slice(0, 600))
}

async function bareStream(c: Ctx): Promise<Response> {
  if (c.req.header('Upgrade') !== 'websocket') throw new Refusal(400, 'This is a WebSocket.')
  const workspaceId = homeWorkspace(c.env)
  await requireSignedUpgrade(c, workspaceId)
  return relayStream(c.env, workspaceId)
}

/** The seed's first words to an unknown person (requirements §2.2). */
const GREETING = "Hello! I'm your AI assistant. How can I help you today?"

function statusOf({ call }: CallState): { status: string; providerStatus: string | null } {
  if (call.phase === 'live') return { status: call.status, providerStatus: call.providerStatus }
  return { status: call.phase === 'over' ? 'hangup' : 'dialing', providerStatus: null }
}

const short = z.string().trim().max(600)

export const seedAiRoutes: AnyRoute[] = [
  route({
    method: 'post',
    path: '/twilio/outbound/call',
    who: 'agent',
    summary: 'An AI agent calls a contact or a number (S2-38).',
    body: z.object({
      contactId: short.optional(),
      accountId: short.optional(),
      toNumber: short.optional(),
      fromNumber: short.optional(),
      customMessage: short.optional(),
      agentId: short.optional(),
    }),
    answer: z.object({
      callId: z.string(),
      callSid: z.string(),
      status: z.string(),
      message: z.string(),
      toNumber: z.string(),
      fromNumber: z.string(),
    }),
    async handle({ env, member, body }) {
      const placed = await placeAiCall(env, {
        workspaceId: member.workspaceId,
        agentId: body.agentId ?? null,
        to: body.toNumber ?? null,
        from: body.fromNumber ?? null,
        contactId: body.contactId ?? null,
        accountId: body.accountId ?? null,
        message: body.customMessage ?? (body.contactId === undefined ? GREETING : null),
        by: member.name,
      })
      if (placed.callSid === null)
        throw new Refusal(503, 'The carrier has not answered yet. The call log shows what becomes of it.')
      const { callId, callSid, status, to, from } = placed
      return { callId, callSid, status, message: 'Call initiated successfully', toNumber: to, fromNumber: from }
    },
  }),
  route({
    method: 'get',
    path: '/twilio/call/:callSid/status',
    who: 'agent',
    summary: 'The status of a call by the carrier’s id (S2-4).',
    answer: z.object({
      callSid: z.string(),
      callId: z.string(),
      status: z.string(),
      providerStatus: z.string().nullable(),
    }),
    async handle({ env, member, params }) {
      const callSid = params.callSid ?? ''
      // The trunk knows a call that the carrier brought from its first webhook on; the log knows one that we placed.
      const callId = await stubFor(env, 'trunk', member.workspaceId).callOf(callSid)
      if (callId !== null) return { callSid, callId, ...statusOf(await stubFor(env, 'call', callId).read()) }
      const row = await logOf(env, member.workspaceId).byProviderId(callSid)
      if (!row) throw new Refusal(404, 'There is no such call.')
      return { callSid, callId: row.callId, status: row.status, providerStatus: row.providerStatus }
    },
  }),
  route({
    method: 'get',
    path: '/twilio/media-stream-url',
    who: 'agent',
    summary: 'Where media streams connect.',
    answer: z.object({ url: z.string() }),
    async handle({ env, member }) {
      const account = await accountOf(env, member.workspaceId)
      if (!account) throw new Refusal(422, 'No carrier account is set up.')
      return { url: `${socketBase(account.publicUrl)}/twilio/media-stream` }
    },
  }),
]
