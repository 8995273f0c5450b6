/** Calls that a program places, with a flow on them. */

import type { z } from 'zod'
import type { FlowToRun } from '../../actors/books.ts'
import type { Env } from '../../actors/env.ts'
import { logOf, stubFor } from '../../actors/stubs.ts'
import { unique } from '../../actors/unique.ts'
import { shownRecording } from '../../core/call/control/control.ts'
import type { Pause } from '../../core/call/control/state.ts'
import type { CallParty } from '../../core/call/state.ts'
import { checkVariables } from '../../core/flow/variables.ts'
import {
  agentOfDesk,
  asGroupcall,
  type CallId,
  callId,
  type DeskId,
  type GroupcallId,
  groupcallId,
  isSipCall,
} from '../../core/ids.ts'
import { clearedAs } from '../../core/sip-address.ts'
import { type CallRow, callDetail } from '../../wire/api.ts'
import { loggedCall, sideOf, timeText } from '../../wire/logged-call.ts'
import { isE164, toE164 } from '../../wire/phone-number.ts'
import { voiceCallRoutes } from '../../wire/routes/voice-calls.ts'
import type { VoiceCall, voiceCallBody } from '../../wire/voice-call.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { control, hold } from './call-control.ts'
import { calledBy, odd } from './called-parties.ts'
import { requireClearance } from './clearance.ts'
import { requireAccess } from './conversation-access.ts'
import { requireEndFlow, requireFlow } from './flow-check.ts'
import { askFlows } from './flows.ts'
import { endGroup, type GroupOrder, hangUp, placeGroup, readGroup } from './groupcalls.ts'
import { mediaStream } from './media-stream.ts'
import { agentIdOf, viewerOf } from './own-desk.ts'
import { handOver, takeBack } from './transfers.ts'

const RING_MS = 30_000
/** So often, and at this pace, the log is asked about a call that it has not heard of yet. */
const LOOKS_MAX = 20
const LOOK_MS = 50
type Body = z.output<typeof voiceCallBody>
interface By {
  env: Env
  member: Caller
}

/** As many of our numbers to call from. `leg`: the call, or the group call, that they are leased for. */
async function sourcesOf({ env, member }: By, source: Body['source'], leg: string, count: number): Promise<string[]> {
  const trunk = stubFor(env, 'trunk', member.workspaceId)
  if (source === undefined) {
    const { numbers } = await trunk.leaseNumbers(leg, count)
    if (numbers.length === count) return numbers
    // Nobody is called, so those that were ready are free again.
    for (const [index, number] of numbers.entries()) await trunk.freeNumber(number, `${leg}~${index}`, false)
    const only = count > 1 ? `Only ${numbers.length} of our numbers may call now` : 'All of our numbers are resting'
    throw new Refusal(422, `${only}. Try again in a moment.`)
  }
  const wanted = toE164(source.target)
  const ours = (await trunk.numbers()).some(row => row.number === wanted)
  if (wanted === null || !ours) throw odd('source.target', 'not one of our numbers')
  return Array.from({ length: count }, () => wanted)
}

async function consented({ env, member }: By, number: string, source: string): Promise<void> {
  const given = { number, purpose: 'ai' as const, source, givenMs: Date.now(), by: member.name }
  await stubFor(env, 'trunk', member.workspaceId).saveConsents([given])
}

/** `phone`: the desk of the member of the team who is called; null: it is a number. */
async function placeOne(
  { env, member }: By,
  id: CallId,
  party: CallParty,
  order: GroupOrder,
  phone: DeskId | null,
): Promise<void> {
  const links = {
    ...{ kind: 'api' as const, batchId: null, campaignId: null, contactId: null, deskId: phone },
    agentName: order.agentName,
    agentId: agentOfDesk(phone) ?? agentIdOf(member),
  }
  const { flow, clearance, ringLimitMs } = order
  const called = phone === null ? {} : { phone }
  const options = { ringLimitMs, amd: 'off' as const, record: false, clearance, ...called }
  if (!(await stubFor(env, 'call', id).request(links, party, options, null, flow)))
    throw new Refusal(422, 'This call could not be stored. Nobody is called.')
}

async function flowOf(by: By, body: Body, id: string): Promise<FlowToRun> {
  const [problem] = checkVariables(body.variables)
  if (problem !== undefined) throw odd(`variables.${problem.key ?? ''}`, problem.message)
  const variables = body.variables as Record<string, string>
  if (body.flow_id === undefined) {
    const { actions } = await requireFlow(by, body.actions ?? [])
    return { flowId: null, version: 0, actionsJson: JSON.stringify(actions), variables }
  }
  const found = await askFlows<FlowToRun>(by, { do: 'run', flowId: body.flow_id, callId: id })
  if (found === null) throw odd('flow_id', 'there is no such flow, or it was never published')
  return { ...found, variables }
}

/** What is known now: of a live call its own state, of one that is over the log. */
async function shown({ env, member }: By, id: CallId): Promise<VoiceCall> {
  if (isSipCall(id)) return shownSip(env, member.workspaceId, id)
  const { call, flow } = await stubFor(env, 'call', id).read()
  const known = {
    ...{ id, type: 'flow' as const, flow_id: flow?.flowId ?? null, activeflow_id: flow?.activeflowId ?? null },
    groupcall_id: call.phase === 'empty' ? null : asGroupcall(call.links.batchId),
  }
  if (call.phase === 'live') {
    const { party, links } = call
    return {
      ...known,
      source: sideOf(party.from, links.kind === 'inbound' ? party.name : ''),
      destination: sideOf(
        party.to,
        links.kind === 'inbound' ? '' : party.name,
        agentOfDesk(call.options.phone ?? null),
      ),
      direction: links.kind === 'inbound' ? 'incoming' : 'outgoing',
      status: call.status,
      action_id: flow?.stepId ?? null,
      hangup_reason: null,
      tm_create: timeText(call.createdAt),
      tm_progressing: timeText(call.answeredAt),
      tm_hangup: null,
    }
  }
  const row = await rowOf(env, member.workspaceId, id)
  if (row === null) throw new Refusal(404, 'There is no such call.')
  const hangup_reason = call.phase === 'over' ? call.reason : row.hangupReason
  return { ...known, ...loggedCall(row), status: 'hangup', action_id: null, hangup_reason }
}

/** No object has a call between extensions; the log follows it. */
async function shownSip(env: Env, workspaceId: string, id: CallId): Promise<VoiceCall> {
  const row = await rowOf(env, workspaceId, id)
  if (row === null) throw new Refusal(404, 'There is no such call.')
  const nothing = { type: 'flow' as const, flow_id: null, activeflow_id: null, groupcall_id: null, action_id: null }
  return { ...nothing, ...loggedCall(row) }
}

/** The log hears of a call a moment later than the call itself; whoever reads one that is over at once waits for that. */
async function rowOf(env: Env, workspaceId: string, id: CallId): Promise<CallRow | null> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const json = await logOf(env, workspaceId).detail(id)
    if (json !== null) return callDetail.parse(JSON.parse(json)).call
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }
  return null
}

/** One page of the log. An agent reads their own calls, a supervisor everyone’s. */
export async function pageOfCalls({ env, member }: By, query: { cursor?: string | undefined; limit: number }) {
  const agent = member.role === 'agent' ? { agentId: agentIdOf(member) } : {}
  const page = await logOf(env, member.workspaceId).list({ ...query, ...agent, cursor: query.cursor ?? null })
  if (page.strayed)
    throw new Refusal(400, 'There is no such cursor, or its calls are not kept any more.', [
      { field: 'cursor', message: 'not a cursor of this list' },
    ])
  return page
}

type OfCall = By & { params: { callId: CallId } }

async function pausing({ env, member, params }: OfCall, pause: Pause, on: boolean) {
  await requireAccess(env, member, params.callId)
  if (pause === 'hold') await hold(env, params.callId, on)
  else await control(env, params.callId, { do: 'pause', pause, on })
  return { message: on ? 'pausing' : 'going on' }
}

async function beginRecording(by: OfCall & { body: { on_end_flow_id: string } }) {
  const { env, member, params, body } = by
  await requireAccess(env, member, params.callId)
  await requireEndFlow(by, body.on_end_flow_id)
  await control(env, params.callId, { do: 'record', on: true, onEndFlowId: body.on_end_flow_id })
  return { message: 'recording' }
}

async function endRecording({ env, member, params }: OfCall) {
  await requireAccess(env, member, params.callId)
  await control(env, params.callId, { do: 'record', on: false })
  return { message: 'ending' }
}

async function pauseOfRecording({ env, member, params }: OfCall, on: boolean) {
  await requireAccess(env, member, params.callId)
  await control(env, params.callId, { do: 'pause-record', on })
  return { message: on ? 'pausing' : 'recording' }
}

export const voiceCalls = bind(voiceCallRoutes, {
  async 'POST /v1.0/calls'(by) {
    const { env, member, body } = by
    const { workspaceId } = member
    const { called, source, steps } = await calledBy(by, body)
    const [first] = called
    const several = called.length > 1
    const id = several ? groupcallId(workspaceId, unique()) : callId(workspaceId, unique())
    const flow = await flowOf(by, steps === null ? body : { ...body, flow_id: undefined, actions: steps }, id)
    // Nobody of ours is on the line: for the rules of dialing an artificial voice calls, whatever it says.
    const clearance = { purpose: 'ai' as const, agent: member.userId, hours: null }
    const where = { timeZone: null, postcode: null }
    for (const { to, field, phone } of called) {
      if (body.consent !== undefined && isE164(to)) await consented(by, to, body.consent)
      const asked = {
        ...clearance,
        ...where,
        ...clearedAs(to),
        campaignId: null,
        ...(phone === null ? {} : { phone: true as const }),
      }
      await requireClearance(env, workspaceId, asked, field)
    }
    const sources = await sourcesOf(by, source, id, called.length)
    const parties = called.map(({ to, name }, index) => ({ to, name, from: sources[index] ?? '', where }))
    const order = { flow, clearance, ringLimitMs: RING_MS, agentName: member.name }
    if (several) return placeGroup(env, id as GroupcallId, parties, order)
    await placeOne(by, id as CallId, parties[0] as CallParty, order, first?.phone ?? null)
    return shown(by, id as CallId)
  },

  async 'GET /v1.0/calls'(by) {
    const { items, next } = await pageOfCalls(by, by.query)
    return { items: items.map(loggedCall), next }
  },

  async 'GET /v1.0/calls/:callId'(by) {
    await requireAccess(by.env, by.member, by.params.callId)
    return shown(by, by.params.callId)
  },

  async 'POST /v1.0/calls/:callId/hangup'({ env, member, params }) {
    await requireAccess(env, member, params.callId)
    await hangUp(env, params.callId)
    return { message: 'ending' }
  },

  async 'POST /v1.0/calls/:callId/transfer'({ env, member, params, body }) {
    await requireAccess(env, member, params.callId)
    await handOver(env, params.callId, body)
    return { message: 'asked' }
  },

  async 'POST /v1.0/calls/:callId/takeback'({ env, member, params }) {
    await requireAccess(env, member, params.callId)
    await takeBack(env, params.callId)
    return { message: 'asked' }
  },

  'POST /v1.0/calls/:callId/hold': by => pausing(by, 'hold', true),
  'DELETE /v1.0/calls/:callId/hold': by => pausing(by, 'hold', false),
  'POST /v1.0/calls/:callId/moh': by => pausing(by, 'moh', true),
  'DELETE /v1.0/calls/:callId/moh': by => pausing(by, 'moh', false),
  'POST /v1.0/calls/:callId/silence': by => pausing(by, 'silence', true),
  'DELETE /v1.0/calls/:callId/silence': by => pausing(by, 'silence', false),

  async 'POST /v1.0/calls/:callId/talk'({ env, member, params, body }) {
    await requireAccess(env, member, params.callId)
    await control(env, params.callId, { do: 'talk', ...body })
    return { message: 'talking' }
  },

  'POST /v1.0/calls/:callId/recording_start': beginRecording,
  'POST /v1.0/calls/:callId/recording_stop': endRecording,
  'POST /v1.0/calls/:callId/recording_pause': by => pauseOfRecording(by, true),
  'POST /v1.0/calls/:callId/recording_resume': by => pauseOfRecording(by, false),

  async 'GET /v1.0/calls/:callId/recording_state'({ env, member, params }) {
    await requireAccess(env, member, params.callId)
    return { state: shownRecording(await stubFor(env, 'call', params.callId).read(viewerOf(member))) }
  },

  async 'GET /v1.0/calls/:callId/media_stream'({ env, member, params }) {
    await requireAccess(env, member, params.callId)
    return mediaStream(env, member, params.callId)
  },

  async 'GET /v1.0/groupcalls/:groupcallId'({ env, member, params }) {
    return readGroup(env, member, params.groupcallId)
  },

  async 'POST /v1.0/groupcalls/:groupcallId/hangup'({ env, member, params }) {
    await endGroup(env, member, params.groupcallId)
    return { message: 'ending' }
  },
})
