/** The seed's bare webhook paths (requirements §6.1): the home workspace, the call found by the carrier's id. */
import type { Hono } from 'hono'
import type { Env } from '../../actors/env.ts'
import { logOf, stubFor } from '../../actors/stubs.ts'
import { parseId } from '../../core/ids.ts'
import { type Ctx, stored } from '../carriers/twilio/answer.ts'
import { callStatus, recording } from '../carriers/twilio/calls.ts'
import { browserVoice, inboundCall } from '../carriers/twilio/incoming.ts'
import { type CarrierRequest, carrierRequest, need } from '../carriers/twilio/signed.ts'
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
    // The ids of the query only name the call; the signature has proved that the request is for us (S3-63).
    const callId = parseId('call', legId ?? '', request.account.workspaceId)
    if (callId !== null) return callStatus(c, request, callId)
    return byCallSid(c, request, callStatus)
  })
}

export async function byCallSid(
  c: Ctx,
  request: CarrierRequest,
  handle: (c: Ctx, request: CarrierRequest, callId: string) => Promise<Response>,
): Promise<Response> {
  const { workspaceId } = request.account
  const providerId = need(request.form, 'CallSid')
  // The trunk knows a call that the carrier brought from its first webhook on; the log knows one that we placed.
  const brought = await stubFor(c.env, 'trunk', workspaceId).callOf(providerId)
  const callId = brought ?? (await logOf(c.env, workspaceId).byProviderId(providerId))?.callId
  return callId === undefined ? stored(c, false) : handle(c, request, callId)
}
