/** Calls that the carrier brings: people who call us, an agent's line, and calls from a browser phone. */
import type { Incoming } from '../../../actors/contracts.ts'
import { stubFor } from '../../../actors/stubs.ts'
import { deskId } from '../../../core/ids.ts'
import { HANG_UP, sayAndHangUp } from '../../../core/instruction/instruction.ts'
import { deskNameOf } from '../../../providers/telephony/twilio/token.ts'
import { type AiAgent, talkOrderOf } from '../../../wire/ai-agent.ts'
import { toE164 } from '../../../wire/phone-number.ts'
import { agentOf } from '../../api/agent-book.ts'
import { answer, answerPlainly, type Ctx, stored } from './answer.ts'
import { callStatus } from './calls.ts'
import { type CarrierRequest, need } from './signed.ts'

const FROM_OUTSIDE = {
  kind: 'inbound',
  name: null,
  deskId: null,
  agentName: null,
  message: null,
  trialContactId: null,
} as const

/**
 * Somebody calls one of our numbers (S3-35…38). This takes two calls to actors: the trunk says who answers the number, then
 * the call decides and stores, and the reply is a projection of its state. Names, the CRM and screens follow as effects.
 */
export async function inboundCall(c: Ctx, { account, form }: CarrierRequest): Promise<Response> {
  const [providerId, from, to] = [need(form, 'CallSid'), need(form, 'From'), need(form, 'To')]
  const { callId, route } = await stubFor(c.env, 'trunk', account.workspaceId).routeOf(to, providerId)
  const instructions = await stubFor(c.env, 'call', callId).ring({ ...FROM_OUTSIDE, providerId, from, to }, route)
  return answer(c, account, callId, instructions)
}

/** The status callback of a number has no id of ours in its URL, so the trunk looks it up by the carrier's. */
export async function inboundStatus(c: Ctx, request: CarrierRequest): Promise<Response> {
  const trunk = stubFor(c.env, 'trunk', request.account.workspaceId)
  const callId = await trunk.callOf(need(request.form, 'CallSid'))
  return callId === null ? stored(c, false) : callStatus(c, request, callId)
}

/** The TwiML App of the browser phones: `kind=line` opens the agent's line, `kind=ai` tries an agent, else `To` is called (S4-6). */
export async function browserVoice(c: Ctx, request: CarrierRequest): Promise<Response> {
  const { account, form } = request
  const name = deskNameOf(need(form, 'From'))
  const providerId = need(form, 'CallSid')
  if (name === null) return answerPlainly(c, HANG_UP)
  const desk = deskId(account.workspaceId, name)
  if (form.kind === 'line') {
    const line = await stubFor(c.env, 'desk', desk).openLine(providerId)
    return line === null ? answerPlainly(c, sayAndHangUp('Please sign in again.')) : answer(c, account, '', line)
  }
  if (form.kind === 'ai') return tryAgent(c, request, desk)
  const to = toE164(form.To ?? '')
  if (!to) return answerPlainly(c, sayAndHangUp('That number cannot be called.'))
  return dialOut(c, request, desk, to)
}

async function dialOut(c: Ctx, { account, form }: CarrierRequest, desk: string, to: string): Promise<Response> {
  const trunk = stubFor(c.env, 'trunk', account.workspaceId)
  const providerId = need(form, 'CallSid')
  const callId = await trunk.callFor(providerId)
  const { numbers } = await trunk.leaseNumbers(callId ?? providerId, 1)
  const from = numbers[0]
  if (from === undefined || callId === null)
    return answerPlainly(c, sayAndHangUp('All of our numbers are resting. Please try again in a moment.'))
  const incoming = { ...FROM_OUTSIDE, kind: 'browser' as const, providerId, from, to, deskId: desk }
  return answer(c, account, callId, await stubFor(c.env, 'call', callId).ring(incoming, { to: 'number' }))
}

/** An agent at a desk tries an AI agent by a call through the carrier, like every other caller. */
async function tryAgent(c: Ctx, { account, form }: CarrierRequest, desk: string): Promise<Response> {
  const { workspaceId } = account
  const providerId = need(form, 'CallSid')
  const agent = await agentOf(c.env, workspaceId, form.agentId ?? '')
  if (agent === null) return answerPlainly(c, sayAndHangUp('There is no such agent.'))
  // The page reserved this id before it dialled, so that it can follow the conversation.
  const reserved = form.callId ? { callId: form.callId, deskId: desk } : null
  const callId = await stubFor(c.env, 'trunk', workspaceId).callFor(providerId, reserved)
  if (callId === null) return answerPlainly(c, sayAndHangUp('Please try again.'))
  const name = (await stubFor(c.env, 'desk', desk).view())?.agent.name ?? 'Somebody of the team'
  // Neither side has a number: their names stand for it in the call log.
  const incoming: Incoming = {
    ...FROM_OUTSIDE,
    kind: 'browser',
    providerId,
    from: name,
    to: agent.body.name,
    name,
    agentName: name,
    trialContactId: agent.body.trialContactId || null,
  }
  const route = { to: 'agent' as const, order: talkOrderOf(agent) }
  return answer(c, account, callId, await stubFor(c.env, 'call', callId).ring(incoming, route))
}

/** A call that reached a route of the seed and not one of our numbers: the given agent answers it. */
export async function answeredByAgent(
  c: Ctx,
  { account, form }: CarrierRequest,
  agent: AiAgent,
  message: string,
): Promise<Response> {
  const providerId = need(form, 'CallSid')
  const callId = await stubFor(c.env, 'trunk', account.workspaceId).callFor(providerId)
  const { From: from = '', To: to = '' } = form
  const incoming = { ...FROM_OUTSIDE, providerId, from, to, message: message === '' ? null : message }
  const route = { to: 'agent' as const, order: talkOrderOf(agent) }
  const id = callId ?? ''
  return answer(c, account, id, await stubFor(c.env, 'call', id).ring(incoming, route))
}
