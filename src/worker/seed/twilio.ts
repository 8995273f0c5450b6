/** The seed's bare webhook paths (requirements §6.1): the home workspace, the call found by the carrier's id. */
import type { Hono } from 'hono'
import type { Env } from '../../actors/env.ts'
import { belongsTo } from '../../actors/ids.ts'
import { stubFor } from '../../actors/stubs.ts'
import { type Ctx, callStatus, recording, stored } from '../carriers/twilio/calls.ts'
import { type CarrierRequest, carrierRequest, need } from '../carriers/twilio/signed.ts'
import { browserVoice, inboundCall } from '../carriers/twilio/voice.ts'
import { homeWorkspace } from '../env.ts'

export function seedTwilioRoutes(app: Hono<{ Bindings: Env }>): void {
  const home = (c: Ctx) => carrierRequest(c, homeWorkspace(c.env))
  app.post('/api/twilio/voice', async c => browserVoice(c, await home(c)))
  app.post('/api/twilio/inbound', async c => inboundCall(c, await home(c)))
  app.post('/api/twilio/status', async c => byCallSid(c, await home(c), callStatus))
  app.post('/api/twilio/recording', async c => byCallSid(c, await home(c), recording))
  app.post('/api/twilio/status-callback', async c => {
    const request = await home(c)
    const legId = c.req.query('legId')
    // The query's ids only name the call; that it is ours is what the signature has proved (S3-63).
    if (legId !== undefined && belongsTo(legId, request.account.workspaceId)) return callStatus(c, request, legId)
    return byCallSid(c, request, callStatus)
  })
}

export async function byCallSid(
  c: Ctx,
  request: CarrierRequest,
  handle: (c: Ctx, request: CarrierRequest, callId: string) => Promise<Response>,
): Promise<Response> {
  const row = await stubFor(c.env, 'log', request.account.workspaceId).byProviderId(need(request.form, 'CallSid'))
  return row ? handle(c, request, row.callId) : stored(c, false)
}
