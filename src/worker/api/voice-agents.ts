/** The people of the team, with what their desks say of them. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { DeskView } from '../../core/desk/view.ts'
import { teamPages } from '../../wire/routes/pages.ts'
import { voiceAgentRoutes } from '../../wire/routes/voice-agents.ts'
import type { VoiceAgent } from '../../wire/voice-agent.ts'
import { type Caller, memberNamed, membersOf } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { command } from './desk.ts'
import { agentIdOf, deskIdOf } from './own-desk.ts'

type Person = Pick<Caller, 'userId' | 'name' | 'role'>

const STATUS = {
  offline: 'offline',
  ready: 'available',
  paused: 'away',
  dialing: 'busy',
  'on-call': 'busy',
  'wrap-up': 'busy',
} as const

function statusOf(view: DeskView | null): VoiceAgent['status'] {
  if (view === null) return 'offline'
  const rings = view.inbound !== null && !view.inbound.accepted && view.presence !== 'on-call'
  return rings ? 'ringing' : STATUS[view.presence]
}

async function shown(env: Env, workspaceId: string, { userId, name, role }: Person): Promise<VoiceAgent> {
  const view = await stubFor(env, 'desk', deskIdOf({ workspaceId, userId })).view()
  const id = agentIdOf({ userId })
  return {
    ...{ id, user_id: userId, name, role, status: statusOf(view) },
    tm_status: view === null ? null : new Date(view.presenceSinceMs).toISOString(),
    addresses: [{ type: 'agent', target: id, target_name: name }],
  }
}

export const voiceAgents = bind(voiceAgentRoutes, {
  async 'GET /v1.0/agents'({ env, member: { workspaceId }, query }) {
    const people = await membersOf(env, workspaceId, teamPages.after(query.cursor), query.limit)
    const items = await Promise.all(people.map(one => shown(env, workspaceId, one)))
    const ids = people.map(one => one.userId)
    return { items, next: teamPages.next(ids, query.limit) }
  },

  async 'GET /v1.0/agents/:userId'({ env, member: { workspaceId }, params }) {
    const person = await memberNamed(env, workspaceId, params.userId)
    if (person === null) throw new Refusal(404, 'There is no such person in the team.')
    return shown(env, workspaceId, person)
  },

  async 'PUT /v1.0/agents/me/status'({ env, member, body }) {
    const { workspaceId } = member
    const { status } = await shown(env, workspaceId, member)
    if (body.status === 'away' && status !== 'away') await command(env, member, { type: 'presence.paused' })
    if (body.status === 'available' && status === 'away') await command(env, member, { type: 'presence.ready' })
    return shown(env, workspaceId, member)
  },
})
