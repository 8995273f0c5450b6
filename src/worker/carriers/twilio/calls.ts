/** Webhooks of the carrier under `/twilio/:workspace/…`. Answer and status are separate: TwiML in a status reply is ignored. */
import type { Context, Hono } from 'hono'
import type { Env } from '../../../actors/env.ts'
import { agentOfRoom, belongsTo } from '../../../actors/ids.ts'
import { stubFor } from '../../../actors/stubs.ts'
import { conferenceUrl, markOf } from '../../../actors/urls.ts'
import type { Instruction } from '../../../core/batch/batch.ts'
import type { Verdict } from '../../../core/batch/state.ts'
import { accountOf } from '../../../providers/registry.ts'
import { isRemoteEnd, statusOf } from '../../../providers/telephony/twilio/client.ts'
import { enterRoom, hangUp, holdSound, sayMessage } from '../../../providers/telephony/twilio/twiml.ts'
import { Refusal } from '../../problem.ts'
import { roomEvent } from './rooms.ts'
import { safeHarbourMessage } from './safe-harbour-message.ts'
import { type CarrierRequest, carrierRequest, need } from './signed.ts'
import { wonByAgent } from './talks.ts'
import { browserVoice, dialAction, inboundCall } from './voice.ts'

export type Ctx = Context<{ Bindings: Env }>

export function xml(c: Ctx, twiml: string): Response {
  return c.body(twiml, 200, { 'Content-Type': 'text/xml; charset=utf-8' })
}

export function twilioRoutes(app: Hono<{ Bindings: Env }>): void {
  const base = '/twilio/:workspace'
  app.post(`${base}/batches/:batchId/legs/:callId/answer`, batchAnswer)
  app.post(`${base}/batches/:batchId/legs/:callId/amd`, batchAmd)
  app.post(`${base}/calls/:callId/status`, async c => callStatus(c, await at(c), param(c, 'callId')))
  app.post(`${base}/calls/:callId/client`, clientStatus)
  app.post(`${base}/calls/:callId/dial-action`, async c => dialAction(c, await at(c), param(c, 'callId')))
  app.post(`${base}/calls/:callId/recording`, async c => recording(c, await at(c), param(c, 'callId')))
  app.post(`${base}/rooms/:room/conference`, async c => roomEvent(c, await at(c), param(c, 'room')))
  app.post(`${base}/voice`, async c => browserVoice(c, await at(c)))
  app.post(`${base}/inbound`, async c => inboundCall(c, await at(c)))
  app.post(`${base}/inbound-status`, async c => inboundStatus(c, await at(c)))
  app.post(`${base}/hold`, hold)
  app.all(`${base}/fallback`, fallback)
}

/** A path's id, which must be one of ours and of this workspace. */
export function param(c: Ctx, name: string): string {
  const id = c.req.param(name) ?? ''
  if (!belongsTo(id, c.req.param('workspace') ?? '')) throw new Refusal(404, 'There is no such thing here.')
  return id
}

function at(c: Ctx): Promise<CarrierRequest> {
  return carrierRequest(c, c.req.param('workspace') ?? '')
}

async function batchAnswer(c: Ctx): Promise<Response> {
  const { account, form } = await at(c)
  const [batchId, callId] = [param(c, 'batchId'), param(c, 'callId')]
  const verdict = form.AnsweredBy === undefined ? null : verdictOf(form.AnsweredBy)
  const instruction = await stubFor(c.env, 'batch', batchId).claim(callId, need(form, 'CallSid'), verdict)
  const agentId = agentOf(instruction)
  if (agentId !== null) return xml(c, await wonByAgent(c, account, callId, agentId, need(form, 'CallSid')))
  return xml(c, await render(c.env, account, instruction, callId))
}

/** The AI agent that has this person: it held a seat, or it is the host where none was free. */
function agentOf(instruction: Instruction): string | null {
  if (instruction.kind === 'agent') return instruction.agentId
  return instruction.kind === 'room' ? agentOfRoom(instruction.room) : null
}

export async function render(
  env: Env,
  account: CarrierRequest['account'],
  instruction: Instruction,
  callId: string,
): Promise<string> {
  switch (instruction.kind) {
    case 'room':
      return enterRoom({ room: instruction.room, label: callId, statusUrl: conferenceUrl(account, instruction.room) })
    case 'message':
    // The agent is gone since the round began: the person hears who called.
    case 'agent':
      return safeHarbourMessage(env, account.workspaceId)
    case 'hang-up':
      return hangUp()
  }
}

/** Unknown words count as unknown, which the race treats as a person. */
export function verdictOf(answeredBy: string): Verdict {
  if (answeredBy.startsWith('machine')) return 'machine'
  if (answeredBy === 'human' || answeredBy === 'fax') return answeredBy
  return 'unknown'
}

async function batchAmd(c: Ctx): Promise<Response> {
  const { form } = await at(c)
  const [batchId, callId] = [param(c, 'batchId'), param(c, 'callId')]
  const verdict = verdictOf(need(form, 'AnsweredBy'))
  const input = { type: 'leg.judged' as const, at: Date.now(), legId: callId, verdict }
  return stored(c, await stubFor(c.env, 'batch', batchId).deliver(input, `amd:${need(form, 'CallSid')}`))
}

export async function callStatus(c: Ctx, { form }: CarrierRequest, callId: string): Promise<Response> {
  const [providerId, word] = [need(form, 'CallSid'), need(form, 'CallStatus')]
  const status = statusOf(word)
  // A word that we do not know is noted and not fatal (S2-2).
  if (!status) return c.body(null, 204)
  const id = `status:${providerId}:${form.SequenceNumber ?? '-'}:${word}`
  return stored(
    c,
    await stubFor(c.env, 'call', callId).deliver(
      { type: 'provider.reported', at: Date.now(), providerId, status, remote: isRemoteEnd(word) },
      id,
    ),
  )
}

/** A callback for a call that we do not know is accepted, so that the carrier does not repeat it, and changes nothing. */
export function stored(c: Ctx, known: boolean): Response {
  if (!known) console.warn(JSON.stringify({ message: 'callback for an unknown call' }))
  return c.body(null, 204)
}

async function clientStatus(c: Ctx): Promise<Response> {
  const { form } = await at(c)
  const callId = param(c, 'callId')
  if (need(form, 'CallStatus') !== 'in-progress') return c.body(null, 204)
  return stored(
    c,
    await stubFor(c.env, 'call', callId).deliver({ type: 'answer.seen', at: Date.now(), providerId: null }, null),
  )
}

export async function recording(c: Ctx, { form }: CarrierRequest, callId: string): Promise<Response> {
  const recordingId = need(form, 'RecordingSid')
  const status = need(form, 'RecordingStatus')
  const seconds = form.RecordingDuration === undefined ? null : Number(form.RecordingDuration)
  const input = { type: 'recording.reported' as const, at: Date.now(), recordingId, status, seconds }
  return stored(c, await stubFor(c.env, 'call', callId).deliver(input, `recording:${recordingId}:${status}`))
}

async function inboundStatus(c: Ctx, request: CarrierRequest): Promise<Response> {
  return callStatus(c, request, `${request.account.workspaceId}.i_${need(request.form, 'CallSid')}`)
}

async function hold(c: Ctx): Promise<Response> {
  const { account } = await at(c)
  return xml(c, holdSound(`${account.publicUrl}/sounds/hold.wav`))
}

/** No actor behind it: what to say stands in the query that we marked when the call was placed. */
async function fallback(c: Ctx): Promise<Response> {
  const account = await accountOf(c.env, c.req.param('workspace') ?? '')
  const { name = '', number = '', mark = '' } = c.req.query()
  if (!account || (await markOf(account.authToken, name, number)) !== mark)
    throw new Refusal(403, 'The mark is missing or wrong.')
  return xml(c, sayMessage({ name, number }))
}
