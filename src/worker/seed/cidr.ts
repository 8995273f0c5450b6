/** Calls that a foreign system starts with a key (S3-58 … S3-60): the same call objects, log, gate and numbers as every other call. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { CallId } from '../../core/ids.ts'
import { seedCidrRoutes } from '../../wire/routes/seed-cidr.ts'
import { placeAiCall } from '../api/ai-calls.ts'
import { requireCall } from '../api/conversation-access.ts'
import { agentIdOf } from '../api/own-desk.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'

const FIELDS = { to: 'to', from: 'from' }

/** @throws Refusal 404: no such call, or this key did not start it */
async function ownCall(env: Env, member: Caller, callId: CallId) {
  await requireCall(env, member, callId)
  const call = stubFor(env, 'call', callId)
  const state = (await call.read()).call
  if (state.phase === 'empty' || state.links.kind !== 'cidr' || state.links.agentId !== agentIdOf(member))
    throw new Refusal(404, 'There is no such call.')
  return { call, state }
}

export const seedCidr = bind(seedCidrRoutes, {
  async 'POST /api/cidr/originate'({ env, member, body }) {
    const { callId, callSid, status } = await placeAiCall(env, {
      workspaceId: member.workspaceId,
      kind: 'cidr',
      agentId: body.agentId ?? null,
      to: body.to,
      from: body.from ?? null,
      contactId: body.contactId ?? null,
      message: body.message ?? null,
      consent: body.consent ?? null,
      by: member,
      fields: FIELDS,
    })
    return { callId, callSid, status }
  },

  async 'GET /api/cidr/calls/:callId'({ env, member, params: { callId } }) {
    const { state } = await ownCall(env, member, callId)
    return { callId, callSid: state.providerId, status: state.phase === 'over' ? ('hangup' as const) : state.status }
  },

  async 'POST /api/cidr/calls/:callId/hangup'({ env, member, params: { callId } }) {
    const { call, state } = await ownCall(env, member, callId)
    if (state.phase === 'live') {
      const type = state.answeredAt === null ? ('call.cancel-wanted' as const) : ('call.complete-wanted' as const)
      await call.deliver({ type, at: Date.now() }, null)
    }
    return { message: 'ending' }
  },
})
