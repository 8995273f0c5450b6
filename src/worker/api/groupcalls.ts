/** Several numbers that ring at once for one flow: the race of a round, with one seat that is nobody's desk. */
import type { FlowToRun } from '../../actors/books.ts'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { SOLO_POLICY } from '../../core/batch/batch.ts'
import type { BatchState, Leg } from '../../core/batch/state.ts'
import type { CallParty, ClearanceOrder } from '../../core/call/state.ts'
import { type CallId, type GroupcallId, legId, workspaceOf } from '../../core/ids.ts'
import { sideOf } from '../../wire/logged-call.ts'
import type { Groupcall, VoiceCall } from '../../wire/voice-call.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { requireCall } from './conversation-access.ts'

export interface GroupOrder {
  flow: FlowToRun
  clearance: ClearanceOrder
  ringLimitMs: number
  agentName: string
}

/** The calls are made by the round's outbox; whoever asks about one at once shall find it. */
const MADE_WITHIN_MS = 2_500
const LOOK_MS = 50

export async function placeGroup(
  env: Env,
  id: GroupcallId,
  parties: CallParty[],
  { flow, clearance, ringLimitMs, agentName }: GroupOrder,
): Promise<{ calls: VoiceCall[]; groupcalls: Groupcall[] }> {
  const legs = parties.map((party, index) => ({ ...party, callId: legId(id, index + 1), contactId: null }))
  const batch = stubFor(env, 'batch', id)
  await batch.open({
    policy: { ...SOLO_POLICY, amd: 'off', ringLimitMs },
    legs,
    seats: [{ seatId: id, deskId: id, place: { kind: 'flow' } }],
    ...{ campaignId: null, agentName, record: false, clearance, flow },
  })
  await made(env, legs.at(-1)?.callId)
  const createdAt = new Date().toISOString()
  const calls = legs.map(leg => ({
    ...{ id: leg.callId, flow_id: flow.flowId, activeflow_id: null, groupcall_id: id, type: 'flow' as const },
    source: { type: 'tel' as const, target: leg.from, target_name: '' },
    destination: sideOf(leg.to, leg.name),
    ...{ direction: 'outgoing' as const, status: 'dialing' as const, action_id: null, hangup_reason: null },
    ...{ tm_create: createdAt, tm_progressing: null, tm_hangup: null },
  }))
  return { calls, groupcalls: [shown(id, await batch.read())] }
}

async function made(env: Env, callId: CallId | undefined): Promise<void> {
  if (callId === undefined) return
  const trunk = stubFor(env, 'trunk', workspaceOf(callId))
  for (const until = Date.now() + MADE_WITHIN_MS; Date.now() < until; ) {
    if (await trunk.knows(callId)) return
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }
}

export async function readGroup(env: Env, member: Caller, id: GroupcallId): Promise<Groupcall> {
  return shown(id, await stateOf(env, member, id))
}

/** What rings is let go, and whoever has answered is hung up. */
export async function endGroup(env: Env, member: Caller, id: GroupcallId): Promise<void> {
  const state = await stateOf(env, member, id)
  await stubFor(env, 'batch', id).deliver({ type: 'batch.stopped', at: Date.now() }, null)
  const answered = legsOf(state).find(isAnswer)
  if (answered !== undefined && answered.phase !== 'ended') await hangUp(env, answered.legId)
}

/** Whatever the call is doing. A call that is over stays as it is. */
export async function hangUp(env: Env, callId: string): Promise<void> {
  const call = stubFor(env, 'call', callId)
  const { call: life } = await call.read()
  if (life.phase !== 'live') return
  // A leg of a group call is not canceled, because the one that answers too late would still get the flow.
  const cancels = life.answeredAt === null && life.links.batchId === null
  await call.deliver({ type: cancels ? 'call.cancel-wanted' : 'call.complete-wanted', at: Date.now() }, null)
}

/** Its first call is asked about, because naming the round would make it. */
async function stateOf(env: Env, member: Caller, id: GroupcallId): Promise<BatchState> {
  const missing = new Refusal(404, 'There is no such group call.')
  await requireCall(env, member, legId(id, 1)).catch(() => {
    throw missing
  })
  const state = await stubFor(env, 'batch', id).read()
  if (state.phase === 'empty') throw missing
  return state
}

const legsOf = (state: BatchState): readonly Leg[] => (state.phase === 'empty' ? [] : state.legs)
const STATUS = { empty: 'hangup', open: 'progressing', closing: 'hangingup', closed: 'hangup' } as const

function isAnswer(leg: Leg): boolean {
  return leg.phase === 'holding' || leg.phase === 'won' || (leg.phase === 'ended' && leg.outcome === 'connected')
}

function shown(id: GroupcallId, state: BatchState): Groupcall {
  const legs = legsOf(state)
  return {
    ...{ id, status: STATUS[state.phase], ring_method: 'ring_all', answer_method: 'hangup_others' },
    answer_call_id: legs.find(isAnswer)?.legId ?? null,
    call_ids: legs.map(leg => leg.legId),
    call_count: legs.length,
  }
}
