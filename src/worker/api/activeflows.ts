/** Flows that run on calls, or have run. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { KnownFlow } from '../../core/call/flow/pages.ts'
import { type CallId, parseId } from '../../core/ids.ts'
import { activeflowRoutes } from '../../wire/routes/activeflows.ts'
import type { Activeflow } from '../../wire/voice-call.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { requireAccess } from './conversation-access.ts'
import { pageOfCalls } from './voice-calls.ts'

interface By {
  env: Env
  member: Caller
}
const noFlow = () => new Refusal(404, 'There is no such running flow.')
/** Others have no flow on them. */
const WITH_FLOWS = ['inbound', 'api']

function shown(callId: string, flow: KnownFlow): Activeflow {
  return {
    id: flow.activeflowId,
    flow_id: flow.flowId,
    version: flow.version,
    status: flow.phase === 'over' ? 'ended' : 'running',
    reference_type: 'call',
    reference_id: callId,
    current_action_id: flow.stepId,
    executed_count: flow.executed,
    end_reason: flow.reason,
  }
}

async function flowOf({ env, member }: By, callId: CallId): Promise<KnownFlow> {
  await requireAccess(env, member, callId)
  const { flow } = await stubFor(env, 'call', callId).read()
  if (flow === null) throw noFlow()
  return flow
}

export const activeflows = bind(activeflowRoutes, {
  async 'GET /v1.0/activeflows'(by) {
    const { items, next } = await pageOfCalls(by, by.query)
    const calls = items.flatMap(({ callId, kind }) => {
      const id = WITH_FLOWS.includes(kind) ? parseId('call', callId, by.member.workspaceId) : null
      return id === null ? [] : [id]
    })
    const found = await Promise.all(
      calls.map(async id => {
        const { flow } = await stubFor(by.env, 'call', id).read()
        return flow === null ? [] : [shown(id, flow)]
      }),
    )
    return { items: found.flat(), next }
  },

  async 'GET /v1.0/activeflows/:activeflowId'(by) {
    const { activeflowId } = by.params
    return shown(activeflowId, await flowOf(by, activeflowId))
  },

  async 'POST /v1.0/activeflows/:activeflowId/stop'(by) {
    const { activeflowId } = by.params
    if ((await flowOf(by, activeflowId)).phase === 'over') throw new Refusal(409, 'This flow is over.')
    const input = { type: 'flow.end-wanted' as const, at: Date.now(), hangsUp: true }
    await stubFor(by.env, 'call', activeflowId).deliver(input, null)
    return { message: 'ending' }
  },
})
