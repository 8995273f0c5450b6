/** Webhooks and sockets of calls that an AI agent has: answer, its sound, the summary for the colleague who takes over. */
import type { Hono } from 'hono'
import { apologyFor } from '../../../actors/call/voice/agent-of-call.ts'
import type { Env } from '../../../actors/env.ts'
import { stubFor } from '../../../actors/stubs.ts'
import { conferenceUrl, mediaToken, mediaUrl } from '../../../actors/urls.ts'
import type { CallInstruction } from '../../../core/call/instruction.ts'
import { accountOf } from '../../../providers/registry.ts'
import { isSigned } from '../../../providers/telephony/twilio/signature.ts'
import {
  connectRelay,
  connectStream,
  dialNumber,
  enterRoom,
  hangUp,
  sayAndHangUp,
  sayOnly,
} from '../../../providers/telephony/twilio/twiml.ts'
import { type AiAgent, talkOrderOf } from '../../../wire/ai-agent.ts'
import { Refusal } from '../../problem.ts'
import { type Ctx, param, xml } from './calls.ts'
import { safeHarbourMessage } from './safe-harbour-message.ts'
import { type CarrierRequest, carrierRequest, need } from './signed.ts'

export function twilioTalkRoutes(app: Hono<{ Bindings: Env }>): void {
  const base = '/twilio/:workspace'
  app.post(`${base}/calls/:callId/answer`, async c => callAnswer(c, await at(c), param(c, 'callId')))
  app.post(`${base}/calls/:callId/dialed-on`, async c => dialedOn(c, await at(c), param(c, 'callId')))
  app.post(`${base}/calls/:callId/summary`, async c => summary(c, await at(c), param(c, 'callId')))
  app.get(`${base}/media/:callId/:token`, media)
}

function at(c: Ctx): Promise<CarrierRequest> {
  return carrierRequest(c, c.req.param('workspace') ?? '')
}

/** Asked when somebody answers, when a line of the agent is over, and whenever the call is to go elsewhere. */
export async function callAnswer(c: Ctx, { account, form }: CarrierRequest, callId: string): Promise<Response> {
  const instruction = await stubFor(c.env, 'call', callId).answer(need(form, 'CallSid'))
  return xml(c, await renderCall(c, account, instruction, callId))
}

export async function renderCall(
  c: Ctx,
  account: CarrierRequest['account'],
  instruction: CallInstruction,
  callId: string,
): Promise<string> {
  const base = `${account.publicUrl}/twilio/${account.workspaceId}/calls/${callId}`
  switch (instruction.kind) {
    case 'converse': {
      const { stream, driver } = instruction
      const token = await mediaToken(account.authToken, callId, stream)
      const urls = { url: mediaUrl(account, callId, token), actionUrl: `${base}/answer` }
      if (driver !== 'relay') return connectStream(urls)
      const body = await bodyOf(c, callId, account.workspaceId)
      return connectRelay({ ...urls, language: body?.language ?? 'en-US' })
    }
    case 'room':
      return enterRoom({ room: instruction.room, label: callId, statusUrl: conferenceUrl(account, instruction.room) })
    case 'dial': {
      const { number, from } = instruction
      const urls = { actionUrl: `${base}/dialed-on`, recordingUrl: `${base}/recording` }
      return dialNumber({ to: number, callerId: from, record: false, ...urls })
    }
    case 'apology':
      return sayAndHangUp(await apologyOf(c, callId, account.workspaceId))
    case 'hang-up':
      return hangUp()
  }
}

/** The winner of a round talks with an AI agent, and goes where that agent sends the call. */
export async function wonByAgent(
  c: Ctx,
  account: CarrierRequest['account'],
  callId: string,
  agentId: string,
  callSid: string,
): Promise<string> {
  const json = await stubFor(c.env, 'workspace', account.workspaceId).aiAgent(agentId)
  if (json === null) return safeHarbourMessage(c.env, account.workspaceId)
  const order = talkOrderOf(JSON.parse(json) as AiAgent)
  const call = stubFor(c.env, 'call', callId)
  await call.deliver({ type: 'talk.ordered', at: Date.now(), order }, `won:${callSid}`)
  return renderCall(c, account, await call.answer(callSid), callId)
}

/** In the agent's own words and language, where it has some. */
async function apologyOf(c: Ctx, callId: string, workspaceId: string): Promise<string> {
  return apologyFor(await bodyOf(c, callId, workspaceId))
}

/** The agent of a call, in the version that the call began with. */
async function bodyOf(c: Ctx, callId: string, workspaceId: string): Promise<AiAgent['body'] | null> {
  const state = await stubFor(c.env, 'call', callId).read()
  const talk = state.phase === 'live' ? state.talk : null
  const json = talk && (await stubFor(c.env, 'workspace', workspaceId).aiAgent(talk.agentId, talk.version))
  return json ? (JSON.parse(json) as AiAgent).body : null
}

/** The other number is done, or nobody was there: then the agent has the call again. */
async function dialedOn(c: Ctx, { account, form }: CarrierRequest, callId: string): Promise<Response> {
  const reached = ['completed', 'answered'].includes(need(form, 'DialCallStatus'))
  if (reached) return xml(c, hangUp())
  const call = stubFor(c.env, 'call', callId)
  await call.deliver({ type: 'talk.handed-back', at: Date.now() }, `dialed-on:${need(form, 'CallSid')}`)
  return xml(c, await renderCall(c, account, await call.answer(need(form, 'CallSid')), callId))
}

async function summary(c: Ctx, _request: CarrierRequest, callId: string): Promise<Response> {
  const words = await stubFor(c.env, 'call', callId).document('summary')
  return xml(c, !words ? hangUp() : sayOnly(words))
}

/** The upgrade is signed over the `wss` URL, without parameters (twilio-protocol.md b). */
async function media(c: Ctx): Promise<Response> {
  if (c.req.header('Upgrade') !== 'websocket') throw new Refusal(400, 'This is a WebSocket.')
  const callId = param(c, 'callId')
  const account = await accountOf(c.env, c.req.param('workspace') ?? '')
  const { pathname } = new URL(c.req.url)
  const signature = c.req.header('X-Twilio-Signature') ?? null
  const signed = account && isSigned({ ...account, publicUrl: socketBase(account.publicUrl) }, pathname, {}, signature)
  if (!signed) throw new Refusal(403, 'The signature is missing or wrong.')
  return stubFor(c.env, 'call', callId).fetch(
    new Request(`https://call/media/${c.req.param('token') ?? ''}`, { headers: { Upgrade: 'websocket' } }),
  )
}

export function socketBase(publicUrl: string): string {
  return publicUrl.replace(/^https?:/, 'wss:')
}
