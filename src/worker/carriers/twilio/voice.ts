/** Calls that the carrier brings: a browser phone's line or number, and people who call us. */
import { stubFor } from '../../../actors/stubs.ts'
import { conferenceUrl } from '../../../actors/urls.ts'
import type { CrmContext } from '../../../core/call/crm.ts'
import type { CallLinks } from '../../../core/call/state.ts'
import type { TalkOrder } from '../../../core/call/talk.ts'
import { LINE_LABEL } from '../../../core/room/room.ts'
import { identityOf } from '../../../providers/telephony/twilio/token.ts'
import { dialNumber, enterRoom, hangUp, ringAgent, sayAndHangUp } from '../../../providers/telephony/twilio/twiml.ts'
import { type AiAgent, talkOrderOf } from '../../../wire/ai-agent.ts'
import { shownNumber, toE164 } from '../../../wire/phone-number.ts'
import { crmCaller } from '../../api/crm-contact.ts'
import { type Ctx, xml } from './calls.ts'
import { safeHarbourMessage } from './safe-harbour-message.ts'
import { type CarrierRequest, need } from './signed.ts'
import { renderCall } from './talks.ts'

const RING_SECONDS = 25
const CLIENT = 'client:agent_'

/** The desk of an identity; the access token was made for exactly that agent (S3-45). */
function deskOf(workspaceId: string, from: string): string | null {
  return from.startsWith(CLIENT) ? `${workspaceId}.d_${from.slice(CLIENT.length)}` : null
}

/** TwiML App: `kind=line` opens the agent's line; a `To` is a number to call (S4-6). */
export async function browserVoice(c: Ctx, { account, form }: CarrierRequest): Promise<Response> {
  const deskId = deskOf(account.workspaceId, need(form, 'From'))
  const callSid = need(form, 'CallSid')
  if (!deskId) return xml(c, hangUp())
  if (form.kind === 'line') {
    const room = await stubFor(c.env, 'desk', deskId).openLine(callSid)
    if (room === null) return xml(c, sayAndHangUp('Please sign in again.'))
    return xml(c, enterRoom({ room, label: LINE_LABEL, statusUrl: conferenceUrl(account, room) }))
  }
  if (form.kind === 'ai') return talkFromBrowser(c, account, deskId, callSid, form.agentId ?? '')
  const to = toE164(form.To ?? '')
  if (!to) return xml(c, sayAndHangUp('That number cannot be called.'))
  return dialOut(c, account, deskId, callSid, to)
}

async function dialOut(
  c: Ctx,
  account: CarrierRequest['account'],
  deskId: string,
  callSid: string,
  to: string,
): Promise<Response> {
  const callId = `${account.workspaceId}.o_${callSid}`
  const { numbers } = await stubFor(c.env, 'trunk', account.workspaceId).leaseNumbers(callId, 1)
  const from = numbers[0]
  if (from === undefined) return xml(c, sayAndHangUp('All of our numbers are resting. Please try again in a moment.'))
  const links: CallLinks = {
    kind: 'browser',
    batchId: null,
    campaignId: null,
    contactId: null,
    deskId,
    agentName: null,
  }
  await stubFor(c.env, 'call', callId).receive(links, { to, from, name: shownNumber(to) }, callSid)
  const base = `${account.publicUrl}/twilio/${account.workspaceId}/calls/${callId}`
  const urls = { actionUrl: `${base}/dial-action`, recordingUrl: `${base}/recording` }
  return xml(c, dialNumber({ to, callerId: from, record: false, ...urls }))
}

interface AiCall {
  kind: 'inbound' | 'browser'
  from: string
  to: string
  callSid: string
  talk: TalkOrder
  /** instead of the agent's own opening */
  message?: string
  /** who calls, where the number says nothing */
  name?: string
  /** in the CRM, where the number says nothing */
  trialContactId?: string
}

/** An AI agent answers: its own call, from the first ring. */
export async function answeredByAgent(c: Ctx, account: CarrierRequest['account'], call: AiCall): Promise<Response> {
  const { kind, from, to, callSid, talk, message } = call
  const callId = `${account.workspaceId}.i_${callSid}`
  const contact = await stubFor(c.env, 'workspace', account.workspaceId).contactByPhone(from)
  const name = contact ? `${contact.firstName} ${contact.lastName}`.trim() : (call.name ?? shownNumber(from))
  const contactId = contact?.contactId ?? null
  // Who tries an agent from their desk owns that call.
  const crm = await crmOfCaller(c, account, call)
  const links = {
    ...{ kind, batchId: null, campaignId: null, contactId, deskId: null, agentName: call.name ?? null },
    ...(crm === null ? {} : { crm }),
  }
  const actor = stubFor(c.env, 'call', callId)
  await actor.receive(links, { to, from, name, ...(message ? { message } : {}) }, callSid, talk)
  return xml(c, await renderCall(c, account, await actor.answer(callSid), callId))
}

/** Of whom a call is in the CRM: null where there is none, or where nobody is meant. */
async function crmOfCaller(
  c: Ctx,
  { workspaceId }: CarrierRequest['account'],
  call: AiCall,
): Promise<CrmContext | null> {
  // A browser has no number that anybody could be found by.
  if (call.kind === 'browser' && !call.trialContactId) return null
  return crmCaller(c.env, workspaceId, call.trialContactId ?? null)
}

/** A person at the desk talks with an agent to try it, over the phone network like everyone else. */
async function talkFromBrowser(
  c: Ctx,
  account: CarrierRequest['account'],
  deskId: string,
  callSid: string,
  agentId: string,
): Promise<Response> {
  const json = await stubFor(c.env, 'workspace', account.workspaceId).aiAgent(agentId)
  if (json === null) return xml(c, sayAndHangUp('There is no such agent.'))
  const agent = JSON.parse(json) as AiAgent
  const name = (await stubFor(c.env, 'desk', deskId).view())?.agent.name ?? 'Somebody of the team'
  const { trialContactId } = agent.body
  // Neither side has a number: their names stand for it in the call log.
  const call: AiCall = { kind: 'browser', from: name, to: agent.body.name, callSid, talk: talkOrderOf(agent), name }
  return answeredByAgent(c, account, { ...call, ...(trialContactId ? { trialContactId } : {}) })
}

/** Somebody calls one of our numbers: its owner's browser rings, beside whatever the owner is doing (S3-35…38). */
export async function inboundCall(c: Ctx, { account, form }: CarrierRequest): Promise<Response> {
  const { workspaceId } = account
  const [callSid, from, to] = [need(form, 'CallSid'), need(form, 'From'), need(form, 'To')]
  const talk = await stubFor(c.env, 'workspace', workspaceId).aiAnswering(to)
  if (talk) return answeredByAgent(c, account, { kind: 'inbound', from, to, callSid, talk })
  const deskId = await stubFor(c.env, 'trunk', workspaceId).ownerOf(to)
  const view = deskId ? await stubFor(c.env, 'desk', deskId).view() : null
  if (!deskId || !view || view.phone.state !== 'registered') return xml(c, await safeHarbourMessage(c.env, workspaceId))
  const callId = `${workspaceId}.i_${callSid}`
  const contact = await stubFor(c.env, 'workspace', workspaceId).contactByPhone(from)
  const name = contact ? `${contact.firstName} ${contact.lastName}`.trim() : shownNumber(from)
  const links: CallLinks = {
    kind: 'inbound',
    batchId: null,
    campaignId: null,
    contactId: contact?.contactId ?? null,
    deskId,
    agentName: view.agent.name,
  }
  await stubFor(c.env, 'call', callId).receive(links, { to, from, name }, callSid)
  await stubFor(c.env, 'desk', deskId).deliver(
    { type: 'inbound.rang', at: Date.now(), ring: ringOf() },
    `inbound:${callSid}`,
  )
  const base = `${account.publicUrl}/twilio/${workspaceId}/calls/${callId}`
  const urls = { actionUrl: `${base}/dial-action`, statusUrl: `${base}/client`, recordingUrl: `${base}/recording` }
  const identity = identityOf(view.agent.userId)
  return xml(c, ringAgent({ identity, callId, callerId: from, record: true, ringSeconds: RING_SECONDS, ...urls }))

  function ringOf() {
    const known = contact && {
      contactId: contact.contactId,
      name,
      company: contact.company,
      number: from,
      numberShown: shownNumber(from),
      timeZone: contact.timeZone,
      attempt: contact.attempts + 1,
      lastNote: contact.note,
    }
    return { callId, from, fromShown: shownNumber(from), to, contact: known, sinceMs: Date.now(), accepted: false }
  }
}

/** The agent's side of an inbound or browser call is over, or never came. */
export async function dialAction(c: Ctx, { account, form }: CarrierRequest, callId: string): Promise<Response> {
  const providerId = need(form, 'CallSid')
  const word = need(form, 'DialCallStatus')
  const reached = word === 'completed' || word === 'answered'
  const call = stubFor(c.env, 'call', callId)
  const at = Date.now()
  await call.deliver(
    { type: 'provider.reported', at, providerId, status: reached ? 'completed' : 'no-answer' },
    `dial:${providerId}`,
  )
  return xml(c, reached ? hangUp() : await safeHarbourMessage(c.env, account.workspaceId))
}
