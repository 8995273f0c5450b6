/**
 * Every webhook and socket of this carrier, under `/twilio/:workspace/…`. Answer and status are separate, because Twilio ignores
 * TwiML in the reply to a status callback.
 */
import type { Hono } from 'hono'
import type { Env } from '../../../actors/env.ts'
import { safeHarbour } from '../../../core/instruction/instruction.ts'
import { accountOf } from '../../../providers/registry.ts'
import { fallbackMark } from '../../../providers/telephony/twilio/callback-urls.ts'
import { Refusal } from '../../problem.ts'
import { answerPlainly, type Ctx, idIn, type Webhook } from './answer.ts'
import { batchAmd, batchAnswer, callAnswer, callStatus, clientStatus, dialEnded, recording, summary } from './calls.ts'
import { browserVoice, inboundCall, inboundStatus } from './incoming.ts'
import { media } from './media.ts'
import { roomEvent } from './rooms.ts'
import { type CarrierRequest, carrierRequest } from './signed.ts'

export function twilioRoutes(app: Hono<{ Bindings: Env }>): void {
  const base = '/twilio/:workspace'
  const post = (path: string, handle: Webhook) =>
    app.post(`${base}${path}`, async c => handle(c, await carrierRequest(c, c.req.param('workspace') ?? '')))
  const ofCall =
    (handle: (c: Ctx, request: CarrierRequest, callId: string) => Promise<Response>): Webhook =>
    (c, request) =>
      handle(c, request, idIn(c, request.account, 'call', 'callId'))
  post('/batches/:batchId/legs/:callId/answer', batchAnswer)
  post('/batches/:batchId/legs/:callId/amd', batchAmd)
  post('/calls/:callId/answer', ofCall(callAnswer))
  post('/calls/:callId/status', ofCall(callStatus))
  post('/calls/:callId/recording', ofCall(recording))
  post('/calls/:callId/client', clientStatus)
  post('/calls/:callId/dial-action', dialEnded)
  // Documents of release 0.1.0 name this address for the same event.
  post('/calls/:callId/dialed-on', dialEnded)
  post('/calls/:callId/summary', summary)
  post('/rooms/:room/conference', roomEvent)
  post('/voice', browserVoice)
  post('/inbound', inboundCall)
  post('/inbound-status', inboundStatus)
  post('/hold', hold)
  app.get(`${base}/media/:callId/:token`, media)
  app.all(`${base}/fallback`, fallback)
}

async function hold(c: Ctx, { account }: CarrierRequest): Promise<Response> {
  return answerPlainly(c, [{ kind: 'play', urls: [`${account.publicUrl}/sounds/hold.wav`], forever: true }])
}

/** The fallback needs no actor: its words are in the query, which we signed when the call was placed. */
async function fallback(c: Ctx): Promise<Response> {
  const account = await accountOf(c.env, c.req.param('workspace') ?? '')
  const { name = '', number = '', mark = '' } = c.req.query()
  if (!account || (await fallbackMark(account, name, number)) !== mark)
    throw new Refusal(403, 'The mark is missing or wrong.')
  return answerPlainly(c, safeHarbour({ name, number }))
}
