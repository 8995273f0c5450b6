/** Calls that the carrier brings: people who call us, an agent's line, and calls from a browser phone. */
import type { Incoming, Route } from '../../actors/contracts.ts'
import type { Env } from '../../actors/env.ts'
import { readProfile } from '../../actors/profile/profile-of.ts'
import { stubFor } from '../../actors/stubs.ts'
import { unansweredFlow } from '../../core/flow/unnamed.ts'
import { agentOfDesk, deskId, nameOfDesk, parseId } from '../../core/ids.ts'
import { HANG_UP, sayAndHangUp } from '../../core/instruction/instruction.ts'
import { phoneName } from '../../core/phone-names.ts'
import { isExtension } from '../../core/sip-address.ts'
import type { CarrierEvent, PhoneWish } from '../../providers/telephony/webhook-port.ts'
import { type AiAgent, talkOrderOf } from '../../wire/ai-agent.ts'
import { callerOf, toE164, WITHHELD_NAME } from '../../wire/phone-number.ts'
import { agentOf } from '../api/agent-book.ts'
import { isAtWork, namesInTeam } from '../membership.ts'
import { supervisedRoom } from '../supervised-room.ts'
import { type Answer, FROM_OUTSIDE, plainly } from './answer.ts'
import { dialExtension, dialFrom, UNREACHABLE } from './dialling.ts'

type Brought = Omit<Extract<CarrierEvent, { kind: 'call-brought' }>, 'kind'>

/** Who calls, as the call keeps it. A caller who shows no number has none: no contact, no country, and nothing to call back (C4). */
function callerFrom(from: string): { from: string; name: string | null } {
  // A browser or SIP phone has an address instead of a number.
  if (from.includes(':')) return { from, name: null }
  const { number, withheld } = callerOf(from)
  return withheld ? { from: '', name: WITHHELD_NAME } : { from: number, name: null }
}

/**
 * Somebody calls one of our numbers (S3-35…38). This takes two calls to actors: the trunk says who answers the number and what
 * our id is, then the call decides and stores, and the reply is a projection of its state. Names, the CRM and screens follow. A
 * number that rings an agent asks their voice profile as well: one who takes no calls is not rung, as if they had declined.
 */
export async function callBrought(env: Env, workspaceId: string, { providerId, from, to }: Brought): Promise<Answer> {
  const { callId, route: found } = await stubFor(env, 'trunk', workspaceId).routeOf(to, providerId)
  const route = await permitted(env, found)
  const instructions = await stubFor(env, 'call', callId).ring(
    { ...FROM_OUTSIDE, providerId, to, ...callerFrom(from) },
    route,
  )
  return { callId, instructions }
}

export async function permitted(env: Env, route: Route): Promise<Route> {
  if (route.to !== 'desk') return route
  if ((await readProfile(env, route.deskId)).allowInbound) return route
  const { deskId: id, unanswered } = route
  if (!unanswered) return { to: 'nobody' }
  const actionsJson = JSON.stringify(unansweredFlow(unanswered, agentOfDesk(id) ?? ''))
  return { to: 'flow', flow: { flowId: null, version: 0, actionsJson, variables: {} } }
}

/** A call that reached a route of the seed and not one of our numbers: the given agent answers it. */
export async function answeredByAgent(
  env: Env,
  workspaceId: string,
  { providerId, from, to }: Brought,
  agent: AiAgent,
  message: string,
): Promise<Answer> {
  const callId = (await stubFor(env, 'trunk', workspaceId).callFor(providerId)) ?? ''
  const words = message === '' ? null : message
  const incoming = { ...FROM_OUTSIDE, providerId, to, ...callerFrom(from), message: words }
  const route = { to: 'agent' as const, order: talkOrderOf(agent) }
  return { callId, instructions: await stubFor(env, 'call', callId).ring(incoming, route) }
}

export async function phoneDials(
  env: Env,
  workspaceId: string,
  { providerId, deskName, wish }: Extract<CarrierEvent, { kind: 'phone-dials' }>,
): Promise<Answer> {
  if (deskName === null) return plainly(HANG_UP)
  // A token outlives its sign-in, so the person is looked for at every call.
  if (!(await isAtWork(env, workspaceId, deskName, Date.now()))) return plainly(sayAndHangUp('Please sign in again.'))
  const desk = deskId(workspaceId, deskName)
  switch (wish.to) {
    case 'line': {
      const line = await stubFor(env, 'desk', desk).openLine(providerId)
      return plainly(line ?? sayAndHangUp('Please sign in again.'))
    }
    case 'ai-agent':
      return tryAgent(env, workspaceId, providerId, desk, wish)
    case 'supervision': {
      const id = parseId('supervision', wish.supervisionId, workspaceId)
      const room = id === null ? null : await supervisedRoom(env, id)
      const leg = id === null ? null : await room?.supervise(id, desk, providerId)
      return plainly(leg ?? sayAndHangUp('There is nothing to listen to any more.'))
    }
    case 'colleague':
      return callColleague(env, workspaceId, providerId, desk, wish.name)
    case 'number': {
      if (isExtension(wish.number)) return callExtension(env, workspaceId, providerId, desk, wish.number)
      const to = toE164(wish.number)
      if (!to) return plainly(sayAndHangUp('That number cannot be called.'))
      return dialOut(env, workspaceId, providerId, desk, to)
    }
  }
}

async function dialOut(env: Env, workspaceId: string, providerId: string, desk: string, to: string): Promise<Answer> {
  const { allowOutbound, recordCalls, callerId } = await readProfile(env, desk)
  if (!allowOutbound) return plainly(sayAndHangUp('Your voice profile does not let you place calls.'))
  return dialFrom(env, workspaceId, { providerId, deskId: desk, agent: desk, callerId, record: recordCalls }, to)
}

/** The pad calls an extension, whose phones are at the carrier. */
async function callExtension(
  env: Env,
  workspaceId: string,
  providerId: string,
  desk: string,
  extension: string,
): Promise<Answer> {
  const reached = await stubFor(env, 'registrar', workspaceId).reach('extension', extension)
  if ('because' in reached) return plainly(sayAndHangUp(UNREACHABLE[reached.because]))
  const { allowOutbound, recordCalls } = await readProfile(env, desk)
  if (!allowOutbound) return plainly(sayAndHangUp('Your voice profile does not let you place calls.'))
  const shown = nameOfDesk(desk)
  const by = { providerId, deskId: desk, agent: desk, callerId: null, record: recordCalls, shown }
  return dialExtension(env, workspaceId, by, reached)
}

/** Browser to browser: a colleague's desk rings as for everybody who calls it, and whoever is not answered may leave a message (S1-20). */
async function callColleague(
  env: Env,
  workspaceId: string,
  providerId: string,
  desk: string,
  colleague: string,
): Promise<Answer> {
  const theirs = deskId(workspaceId, colleague)
  if (theirs === desk) return plainly(sayAndHangUp('That is your own phone.'))
  const [[member], callId] = await Promise.all([
    namesInTeam(env, workspaceId, [colleague]),
    stubFor(env, 'trunk', workspaceId).callFor(providerId),
  ])
  if (member === undefined) return plainly(sayAndHangUp('There is no such colleague.'))
  if (callId === null) return plainly(sayAndHangUp('Please try again.'))
  const name = (await stubFor(env, 'desk', desk).view())?.agent.name ?? 'A colleague'
  const to = (await stubFor(env, 'desk', theirs).view())?.agent.name ?? 'A colleague'
  const incoming = { ...FROM_OUTSIDE, providerId, from: `client:${phoneName(desk)}`, to, name }
  const route = await permitted(env, { to: 'desk', deskId: theirs })
  return { callId, instructions: await stubFor(env, 'call', callId).ring(incoming, route) }
}

/** An agent at a desk tries an AI agent by a call through the carrier, like every other caller. */
async function tryAgent(
  env: Env,
  workspaceId: string,
  providerId: string,
  desk: string,
  wish: Extract<PhoneWish, { to: 'ai-agent' }>,
): Promise<Answer> {
  const agent = await agentOf(env, workspaceId, wish.agentId)
  if (agent === null) return plainly(sayAndHangUp('There is no such agent.'))
  // The page reserved this id before it dialled, so that it can follow the conversation.
  const reserved = wish.callId === null ? null : { callId: wish.callId, deskId: desk }
  const callId = await stubFor(env, 'trunk', workspaceId).callFor(providerId, reserved)
  if (callId === null) return plainly(sayAndHangUp('Please try again.'))
  const name = (await stubFor(env, 'desk', desk).view())?.agent.name ?? 'Somebody of the team'
  // Neither side has a number: their names stand for it in the call log.
  const incoming: Incoming = {
    ...FROM_OUTSIDE,
    kind: 'browser',
    providerId,
    from: name,
    to: agent.body.name,
    name,
    agentName: name,
    agentId: agentOfDesk(desk),
    trialContactId: agent.body.trialContactId || null,
  }
  const route = { to: 'agent' as const, order: talkOrderOf(agent) }
  return { callId, instructions: await stubFor(env, 'call', callId).ring(incoming, route) }
}
