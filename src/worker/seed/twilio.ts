/** The seed's bare webhook paths (such as S3-65): the home workspace, the call found by the carrier's id. */
import type { Hono } from 'hono'
import type { Env } from '../../actors/env.ts'
import { logOf, stubFor } from '../../actors/stubs.ts'
import type { KnownCall } from '../../core/call/flow/pages.ts'
import { deskId, deskName, parseId } from '../../core/ids.ts'
import { accountOf } from '../../providers/registry.ts'
import { type Form, needId } from '../../providers/telephony/twilio/webhook-form.ts'
import { callBrought, callReported, phoneDials, recordingReported } from '../../providers/telephony/twilio/webhooks.ts'
import type { CarrierEvent } from '../../providers/telephony/webhook-port.ts'
import { answerEvent, type Ctx, refusing } from '../carriers/door.ts'
import { type SignedForm, twilioForm } from '../carriers/twilio/signed-form.ts'
import { homeWorkspace } from '../env.ts'
import { isMember } from '../membership.ts'
import { ownerOfNumber } from '../workspace-numbers.ts'

/** Reads a form as an event. */
type Read = (form: Form) => CarrierEvent
type ReadOfCall = (form: Form, callId: string) => CarrierEvent

export function seedTwilioRoutes(app: Hono<{ Bindings: Env }>): void {
  const home = (c: Ctx) => twilioForm(c, homeWorkspace(c.env))
  app.post('/api/twilio/voice', async c => answerForm(c, await home(c), phoneDials))
  app.post('/api/twilio/inbound', async c => answerForm(c, await home(c), callBrought))
  app.post('/api/twilio/status', async c => byCallSid(c, await home(c), callReported))
  app.post('/api/twilio/recording', async c => byCallSid(c, await home(c), recordingReported))
  app.post('/api/twilio/status-callback', async c => {
    const request = await home(c)
    const legId = c.req.query('legId')
    // The ids of the query only name the call; the signature has proved that the request is for us (S3-63).
    const callId = parseId('call', legId ?? '', request.account.workspaceId)
    if (callId !== null) return answerForm(c, request, form => callReported(form, callId))
    const lane = await callAtDesk(c, request, c.req.query('userId') ?? '')
    if (lane !== null) return answerForm(c, request, form => callReported(form, lane))
    return byCallSid(c, request, callReported)
  })
}

/** The call with this id of the carrier among those that the agent dials now; the log learns of it a moment later. */
async function callAtDesk(c: Ctx, { account, form }: SignedForm, userId: string): Promise<string | null> {
  const { workspaceId } = account
  if (!(await isMember(c.env, workspaceId, userId))) return null
  const view = await stubFor(c.env, 'desk', deskId(workspaceId, deskName(userId))).view()
  for (const { callId, providerId } of view?.lanes ?? []) {
    // The call itself knows the carrier's id first.
    const known = providerId ?? providerIdOf(await stubFor(c.env, 'call', callId).read())
    if (known !== null && known === form.CallSid) return callId
  }
  return null
}

function providerIdOf({ call }: KnownCall): string | null {
  return call.phase === 'empty' ? null : call.providerId
}

export async function answerForm(c: Ctx, { account, form }: SignedForm, read: Read): Promise<Response> {
  return answerEvent(c, account, await refusing(() => read(form)))
}

export async function byCallSid(c: Ctx, request: SignedForm, read: ReadOfCall): Promise<Response> {
  const { workspaceId } = request.account
  const providerId = await refusing(() => needId(request.form, 'CallSid'))
  // The trunk knows a call that the carrier brought from its first webhook on; the log knows one that we placed.
  const brought = await stubFor(c.env, 'trunk', workspaceId).callOf(providerId)
  const callId = brought ?? (await logOf(c.env, workspaceId).byProviderId(providerId))?.callId
  if (callId === undefined) {
    const owner = await ownerOfNumber(c.env, request.form.To ?? '').catch(() => null)
    const account = owner === null || owner === workspaceId ? null : await accountOf(c.env, owner)
    if (account?.provider === 'twilio') return byCallSid(c, { ...request, account }, read)
    console.warn(JSON.stringify({ message: 'callback for an unknown call' }))
    return c.body(null, 204)
  }
  return answerForm(c, request, form => read(form, callId))
}
