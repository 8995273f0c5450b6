/** What a supervisor says to an agent at their desk. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { unique } from '../../actors/unique.ts'
import { NOTICES_MAX } from '../../core/desk/told.ts'
import { floorRoutes } from '../../wire/routes/floor.ts'
import { endSockets } from '../end-access.ts'
import { endSignIns } from '../membership.ts'
import { type Member, memberNamed } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { deskIdOf } from './own-desk.ts'

/** The agent and their desk. @throws Refusal when there is no such agent, or they never came */
async function agentAt(env: Env, { workspaceId }: Member, userId: string) {
  const person = await memberNamed(env, workspaceId, userId)
  if (person === null) throw new Refusal(404, 'There is no such person in the team.')
  const desk = stubFor(env, 'desk', deskIdOf({ workspaceId, userId: person.userId }))
  const view = await desk.view()
  if (view === null) throw new Refusal(409, `${person.name} has never signed in.`)
  return { person, desk, view }
}

export const floor = bind(floorRoutes, {
  async 'POST /v1.0/agents/:userId/messages'({ env, member, params, body: { text } }) {
    const { person, desk, view } = await agentAt(env, member, params.userId)
    if ((view.notices?.length ?? 0) >= NOTICES_MAX)
      throw new Refusal(409, `${person.name} has ${NOTICES_MAX} messages to read.`)
    const notice = { noticeId: unique(), text: text.trim(), by: member.name }
    await desk.deliver({ type: 'message.left', at: Date.now(), ...notice }, null)
    return { message: 'left' }
  },

  async 'POST /v1.0/agents/:userId/state'({ env, member, params, body: { state, reason } }) {
    const { person, desk, view } = await agentAt(env, member, params.userId)
    if (person.userId === member.userId) throw new Refusal(409, 'This is your own desk.')
    if (person.role === 'admin' && member.role !== 'admin')
      throw new Refusal(403, 'Only an administrator may do this to an administrator.')
    if (state === 'signed-out' && view.conversation !== null)
      throw new Refusal(409, `${person.name} talks with somebody. Take the call over first, or wait.`)
    const notice = { noticeId: unique(), text: reason.trim(), by: member.name }
    await desk.deliver({ type: 'agent.forced', at: Date.now(), to: state, ...notice }, null)
    if (state === 'signed-out') {
      await endSignIns(env, member.workspaceId, person.userId)
      await endSockets(env, { userId: person.userId, workspaceId: member.workspaceId }, { sessions: null })
    }
    return { message: state }
  },
})
