/** The workspaces of a person: listed, entered, made. */
import { stubFor } from '../../actors/stubs.ts'
import { workspaceRoutes } from '../../wire/routes/workspaces.ts'
import { endSockets } from '../end-access.ts'
import { mayMakeWorkspace } from '../env.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { enterWorkspace, makeWorkspace, newWorkspaceId, WORKSPACES_MAX, workspacesOf } from '../workspaces.ts'
import { requireOwnPassword } from './own-password.ts'

export const workspaces = bind(workspaceRoutes, {
  async 'GET /api/me/workspaces'({ env, member }) {
    const items = (await workspacesOf(env, member.userId)).map(one => ({
      ...one,
      current: one.workspaceId === member.workspaceId,
    }))
    return { items, next: null, mayMake: mayMakeWorkspace(env, member) }
  },

  async 'PUT /api/me/workspace'({ env, member, body: { workspaceId } }) {
    const wanted = (await workspacesOf(env, member.userId)).find(one => one.workspaceId === workspaceId)
    const { userId, session } = member
    const entered = wanted && (await enterWorkspace(env, { userId, sessionId: session.id }, workspaceId, Date.now()))
    if (!wanted || entered === undefined)
      throw new Refusal(404, 'You do not belong to this workspace.', [
        { field: 'workspaceId', message: 'none of yours' },
      ])
    if (member.workspaceId !== workspaceId) await endSockets(env, member, { sessions: [session.id] })
    return { workspaceId, name: wanted.name }
  },

  async 'POST /api/workspaces'({ env, member, body: { name } }) {
    if (!mayMakeWorkspace(env, member)) throw new Refusal(403, 'You may not make a workspace here.')
    await requireOwnPassword(env, member.userId)
    const workspaceId = newWorkspaceId()
    await stubFor(env, 'workspace', workspaceId).setProfile(name, name, '')
    if (!(await makeWorkspace(env, { workspaceId, name, adminId: member.userId }, Date.now())))
      throw new Refusal(422, `This installation has ${WORKSPACES_MAX} workspaces, which is as many as it may have.`)
    return { workspaceId, name }
  },
})
