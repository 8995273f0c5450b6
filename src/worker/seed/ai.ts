/** Routes of the AI voice seed (S2-38 to S2-42), for the home workspace. */
import type { Hono } from 'hono'
import type { Env } from '../../actors/env.ts'
import { parseId } from '../../core/ids.ts'
import { sayAndHangUp } from '../../core/instruction/instruction.ts'
import { accountOf } from '../../providers/registry.ts'
import { socketBase } from '../../providers/telephony/twilio/callback-urls.ts'
import { needId } from '../../providers/telephony/twilio/webhook-form.ts'
import { callAsks, callReported } from '../../providers/telephony/twilio/webhooks.ts'
import { seedAiRoutes } from '../../wire/routes/seed-ai.ts'
import { agentsOf } from '../api/agent-book.ts'
import { placeAiCall } from '../api/ai-calls.ts'
import { requireAccess } from '../api/conversation-access.ts'
import { accountAt, answerActed, answerWith, type Ctx, refusing, requireSignedUpgrade } from '../carriers/door.ts'
import { answeredByAgent } from '../carriers/incoming.ts'
import { twilioForm } from '../carriers/twilio/signed-form.ts'
import { homeWorkspace } from '../env.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { relayStream } from './bare-stream.ts'
import { callWord } from './call-status.ts'
import { answerForm, byCallSid } from './twilio.ts'

export function seedAiCarrierRoutes(app: Hono<{ Bindings: Env }>): void {
  app.post('/twilio/voice', voice)
  app.post('/twilio/status', async c => byCallSid(c, await twilioForm(c, homeWorkspace(c.env)), callReported))
  app.get('/twilio/media-stream', bareStream)
}

/** Answers a call of ours by its id, or one that the carrier brings, which the workspace's first agent takes. */
async function voice(c: Ctx): Promise<Response> {
  const request = await twilioForm(c, homeWorkspace(c.env))
  const { account, form } = request
  const { callId = '', message = '' } = c.req.query()
  const known = parseId('call', callId, account.workspaceId)
  if (known !== null) return answerForm(c, request, answered => callAsks(answered, known))
  const [first] = await agentsOf(c.env, account.workspaceId)
  if (first === undefined) return answerWith(c, account, '', sayAndHangUp('There is nobody here yet.'))
  const providerId = await refusing(() => needId(form, 'CallSid'))
  const brought = { providerId, from: form.From ?? '', to: form.To ?? '' }
  return answerActed(
    c,
    account,
    await answeredByAgent(c.env, account.workspaceId, brought, first, message.slice(0, 600)),
  )
}

async function bareStream(c: Ctx): Promise<Response> {
  const workspaceId = homeWorkspace(c.env)
  await requireSignedUpgrade(c, await accountAt(c, workspaceId, 'twilio'))
  return relayStream(c.env, workspaceId)
}

/** The seed's first words to an unknown person (S2-5). */
const GREETING = "Hello! I'm your AI assistant. How can I help you today?"

export const seedAi = bind(seedAiRoutes, {
  async 'POST /twilio/outbound/call'({ env, member, body }) {
    const placed = await placeAiCall(env, {
      consent: body.consent ?? null,
      workspaceId: member.workspaceId,
      agentId: body.agentId ?? null,
      to: body.toNumber ?? null,
      from: body.fromNumber ?? null,
      contactId: body.contactId ?? null,
      accountId: body.accountId ?? null,
      message: body.customMessage ?? (body.contactId === undefined ? GREETING : null),
      by: member,
    })
    if (placed.callSid === null)
      throw new Refusal(503, 'The carrier has not answered yet. The call log shows what becomes of it.')
    const { callId, callSid, status, to, from } = placed
    return { callId, callSid, status, message: 'Call initiated successfully', toNumber: to, fromNumber: from }
  },

  async 'GET /twilio/call/:callSid/status'({ env, member, params: { callSid } }) {
    const word = await callWord(env, member.workspaceId, callSid)
    if (word === null) throw new Refusal(404, 'There is no such call.')
    const known = parseId('call', word.callId, member.workspaceId)
    if (known === null) throw new Refusal(404, 'There is no such call.')
    await requireAccess(env, member, known)
    return { callSid, ...word }
  },

  async 'GET /twilio/media-stream-url'({ env, member }) {
    const account = await accountOf(env, member.workspaceId)
    if (!account) throw new Refusal(422, 'No carrier account is set up.')
    return { url: `${socketBase(account.publicUrl)}/twilio/media-stream` }
  },
})
