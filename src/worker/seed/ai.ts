/** Routes of the AI voice seed that people call (S2-38, S2-4, S2-42); the carrier's stand in `ai-webhooks.ts`. */
import { parseId } from '../../core/ids.ts'
import { accountOf } from '../../providers/registry.ts'
import { socketBase } from '../../providers/telephony/twilio/callback-urls.ts'
import { seedAiRoutes } from '../../wire/routes/seed-ai.ts'
import { placeAiCall } from '../api/ai-calls.ts'
import { requireAccess } from '../api/conversation-access.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { callWord } from './call-status.ts'

/** The seed's first words to an unknown person (S2-5). */
const GREETING = "Hello! I'm your AI assistant. How can I help you today?"

export const seedAi = bind(seedAiRoutes, {
  async 'POST /twilio/outbound/call'({ env, member, body }) {
    const placed = await placeAiCall(env, {
      kind: 'ai',
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
