/** What the carrier asks at the addresses of the AI voice seed (S2-39 to S2-41), for the home workspace. */
import type { Hono } from 'hono'
import type { Env } from '../../actors/env.ts'
import { parseId } from '../../core/ids.ts'
import { sayAndHangUp } from '../../core/instruction/instruction.ts'
import { needId } from '../../providers/telephony/twilio/webhook-form.ts'
import { callAsks, callBrought, callReported } from '../../providers/telephony/twilio/webhooks.ts'
import { agentsOf } from '../api/agent-book.ts'
import { accountAt, answerActed, answerWith, type Ctx, refusing, requireSignedUpgrade } from '../carriers/door.ts'
import { answeredByAgent } from '../carriers/incoming.ts'
import { ownerOf } from '../carriers/owner.ts'
import { twilioForm } from '../carriers/twilio/signed-form.ts'
import { homeWorkspace } from '../env.ts'
import { relayStream } from './bare-stream.ts'
import { answerForm, byCallSid } from './twilio.ts'

export function seedAiCarrierRoutes(app: Hono<{ Bindings: Env }>): void {
  app.post('/twilio/voice', voice)
  app.post('/twilio/status', async c => byCallSid(c, await twilioForm(c, homeWorkspace(c.env)), callReported))
  app.get('/twilio/media-stream', bareStream)
}

/**
 * Answers a call of ours by its id, or one that the carrier brings, which the home workspace's first agent takes. One to a number of
 * another workspace goes there as by every other address.
 */
async function voice(c: Ctx): Promise<Response> {
  const request = await twilioForm(c, homeWorkspace(c.env))
  const { account, form } = request
  const { callId = '', message = '' } = c.req.query()
  const known = parseId('call', callId, account.workspaceId)
  if (known !== null) return answerForm(c, request, answered => callAsks(answered, known))
  const providerId = await refusing(() => needId(form, 'CallSid'))
  const brought = { providerId, from: form.From ?? '', to: form.To ?? '' }
  const owner = await ownerOf(c.env, account, { kind: 'call-brought', ...brought })
  if (owner.workspaceId !== account.workspaceId) return answerForm(c, request, callBrought)
  const [first] = await agentsOf(c.env, account.workspaceId)
  if (first === undefined) return answerWith(c, account, '', sayAndHangUp('There is nobody here yet.'))
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
