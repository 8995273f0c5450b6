/** Calls: the log, what was recorded and said, and what a person may do to a call of an AI agent. */
import type { Env } from '../../actors/env.ts'
import { logOf, stubFor } from '../../actors/stubs.ts'
import { uniqueWith } from '../../actors/unique.ts'
import type { KnownCall } from '../../core/call/flow/pages.ts'
import type { CallId } from '../../core/ids.ts'
import { callDetail, eventPage } from '../../wire/api.ts'
import { conversation } from '../../wire/conversation.ts'
import { callRoutes } from '../../wire/routes/calls.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { callsAsCsv } from './calls-csv.ts'
import { requireAccess, requireCall } from './conversation-access.ts'
import { actorsAround } from './inspection.ts'
import { agentIdOf, openDesk, upgradeOf } from './own-desk.ts'
import { recordingOf } from './recording.ts'
import { takeOver } from './supervision.ts'

interface About {
  env: Env
  member: Caller
  params: { callId: CallId }
}

const noCall = () => new Refusal(404, 'There is no such call.')

function noCursor(what: 'calls' | 'events'): Refusal {
  const field = { field: 'cursor', message: `not one of ours, or its ${what} are not kept any more` }
  return new Refusal(400, `There is no such cursor, or its ${what} are not kept any more.`, [field])
}

/** A call of this workspace. */
async function callOf({ env, member, params: { callId } }: About) {
  await requireCall(env, member, callId)
  return stubFor(env, 'call', callId)
}

/** The talk of an AI agent on a live call. Throws 409, because on any other call the machine would change nothing. */
async function requireTalk(stub: { read(): Promise<KnownCall> }) {
  const { call, talk } = await stub.read()
  if (call.phase === 'empty') throw noCall()
  if (call.phase === 'over') throw new Refusal(409, 'This call is over.')
  if (!talk) throw new Refusal(409, 'This call has no AI agent.')
  return talk
}

/** A call that this member may hear and read. */
async function readable(about: About) {
  await requireAccess(about.env, about.member, about.params.callId)
  return stubFor(about.env, 'call', about.params.callId)
}

/** The log hears of a call about a second after its first fact; whoever has just placed it and asks at once waits for that. */
const HEARD_WITHIN_MS = 2_500
const LOOK_MS = 100

async function detailOf(env: Env, workspaceId: string, callId: string): Promise<string> {
  const until = Date.now() + HEARD_WITHIN_MS
  for (;;) {
    const json = await logOf(env, workspaceId).detail(callId)
    if (json !== null) return json
    if (Date.now() > until) throw noCall()
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }
}

export const calls = bind(callRoutes, {
  async 'GET /api/calls'({ env, member, query }) {
    // An agent reads their own calls, a supervisor everyone's (S4-25).
    const agent = member.role === 'agent' ? { agentId: agentIdOf(member) } : {}
    const wanted = { ...query, ...agent, cursor: query.cursor ?? null }
    const { items, next, strayed } = await logOf(env, member.workspaceId).list(wanted)
    if (strayed) throw noCursor('calls')
    return { items, next }
  },

  async 'GET /api/calls.csv'({ env, member, query }) {
    const agent = member.role === 'agent' ? { agentId: agentIdOf(member) } : {}
    return callsAsCsv(env, member.workspaceId, { ...query, ...agent })
  },

  async 'GET /api/calls/:callId'({ env, member, params }) {
    await requireAccess(env, member, params.callId)
    const detail = callDetail.parse(JSON.parse(await detailOf(env, member.workspaceId, params.callId)))
    if (member.role !== 'agent') return detail
    // A supervisor of whom the agent is not told is not told here either.
    const told = ({ type, data }: { type: string; data: Record<string, unknown> }) =>
      !type.startsWith('supervision-') || data.announced !== false
    return { ...detail, timeline: detail.timeline.filter(told) }
  },

  async 'GET /api/calls/:callId/actors'({ env, member: { workspaceId }, params: { callId } }) {
    const { timeline } = callDetail.parse(JSON.parse(await detailOf(env, workspaceId, callId)))
    return actorsAround(env, callId, timeline, workspaceId)
  },

  async 'GET /api/events'({ env, member, query: { cursor = null, limit, types } }) {
    const json = await logOf(env, member.workspaceId).events({ cursor, limit, types: types?.split(',') ?? null })
    if (json === null) throw noCursor('events')
    return eventPage.parse(JSON.parse(json))
  },

  async 'GET /api/calls/:callId/recording.wav'({ c, env, member, params }) {
    await requireAccess(env, member, params.callId)
    return recordingOf({ env, member }, params.callId, c.req.header('Range'))
  },

  async 'GET /api/calls/:callId/conversation'(about) {
    const json = await (await readable(about)).document('conversation')
    if (json === null) throw noCall()
    return conversation.parse(JSON.parse(json))
  },

  async 'GET /api/calls/:callId/log.txt'(about) {
    const text = await (await readable(about)).document('log')
    if (text === null) throw noCall()
    return text
  },

  async 'GET /api/calls/:callId/live'(about) {
    return (await readable(about)).fetch(upgradeOf(about.member, 'https://call/watch'))
  },

  async 'GET /api/calls/:callId/listen'(about) {
    const call = await callOf(about)
    const { driver, next } = await requireTalk(call)
    if (next.to !== 'agent') throw new Refusal(409, 'No AI agent has this call now.')
    if (driver === 'relay')
      throw new Refusal(409, 'The carrier itself hears and speaks on this call, so its sound does not come here.')
    const url = `https://call/listen?by=${encodeURIComponent(about.member.name)}`
    return call.fetch(upgradeOf(about.member, url))
  },

  async 'POST /api/calls/:callId/whisper'(about) {
    const heard = await (await callOf(about)).whisper(about.body.text, about.member.name)
    if (!heard) throw new Refusal(409, 'No AI agent talks on this call now.')
    return { message: 'whispered' }
  },

  async 'POST /api/calls/:callId/say'(about) {
    if (!(await (await readable(about)).say(about.body.text)))
      throw new Refusal(409, 'Nobody tries an AI agent on this call.')
    return { message: 'said' }
  },

  async 'POST /api/calls/:callId/take-over'(about) {
    const call = await callOf(about)
    const { call: life, talk } = await call.read()
    // An agent has it, or an AI agent that has given it to one.
    if (life.phase === 'live' && (talk === null || talk.next.to === 'room')) {
      await takeOver(about.env, about.member, about.params.callId)
      return { message: 'taken over' }
    }
    const { next, transfer } = await requireTalk(call)
    if (next.to !== 'agent') throw new Refusal(409, 'No AI agent has this call now.')
    if (transfer !== null) throw new Refusal(409, 'Somebody is asked to take this call already.')
    const deskId = await openDesk(about.env, about.member)
    const transferId = uniqueWith('t_')
    const input = { type: 'talk.transfer-wanted' as const, at: Date.now(), transferId, deskId, summary: '' }
    if (!(await call.deliver(input, null))) throw noCall()
    return { message: 'offered' }
  },

  async 'POST /api/calls/:callId/hand-back'(about) {
    const call = await readable(about)
    if ((await requireTalk(call)).next.to === 'agent') throw new Refusal(409, 'The AI agent has this call already.')
    if (!(await call.deliver({ type: 'talk.handed-back', at: Date.now() }, null))) throw noCall()
    return { message: 'handed back' }
  },

  async 'POST /api/calls/:callId/crm-retry'(about) {
    const call = await readable(about)
    const state = await call.read()
    if (state.call.phase === 'empty') throw noCall()
    const waits = state.call.phase === 'over' && (state.crm?.state === 'failed' || state.crm?.state === 'nobody')
    if (!waits) throw new Refusal(409, 'Nothing of this call waits to be filed by hand.')
    await call.deliver({ type: 'crm.retry-wanted', at: Date.now() }, null)
    return { message: 'filing again' }
  },
})
