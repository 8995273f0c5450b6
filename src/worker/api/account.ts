/** People, the workspace and its first sign-in. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { faultOfPolicy, policyOf, settingsOf } from '../../core/recording/policy.ts'
import { transcriptionOf } from '../../providers/voice-registry.ts'
import { toE164 } from '../../wire/phone-number.ts'
import { accountRoutes } from '../../wire/routes/account.ts'
import { memberPages } from '../../wire/routes/pages.ts'
import { endSockets, endSocketsEverywhere } from '../end-access.ts'
import { endSupervisions } from '../end-supervisions.ts'
import { homeWorkspace, isLocal } from '../env.ts'
import {
  changeRole,
  endSignIn,
  endSignIns,
  isMember,
  type MembershipChange,
  removeMember,
  rename,
  signInsOf,
} from '../membership.ts'
import { addMember, changePassword, hasPeople, memberRowOf, membersOf, type NewMember, wasGiven } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { keepPlace, nameWorkspace } from '../workspaces.ts'
import { DEMO_USERS, demoSignIn } from './demo.ts'
import { deskIdOf } from './own-desk.ts'

async function added(env: Env, member: NewMember): Promise<string> {
  const userId = await addMember(env, member)
  if (userId === null)
    throw new Refusal(409, 'A person with this e-mail exists already.', [{ field: 'email', message: 'known already' }])
  return userId
}

const noMember = () => new Refusal(404, 'There is no such person in this workspace.')

function changed(change: MembershipChange): void {
  if (change === 'unknown') throw noMember()
  if (change === 'last-admin') throw new Refusal(409, 'This is the last admin. Make another person an admin first.')
}

async function signIns(env: Env, userId: string, workspaceId: string | null, current: string) {
  const items = await signInsOf(env, userId, workspaceId, Date.now())
  return { items: items.map(one => ({ ...one, current: one.sessionId === current })), next: null }
}

export const account = bind(accountRoutes, {
  async 'GET /api/config'({ env }) {
    const local = isLocal(env)
    return {
      local,
      demoUsers: local ? DEMO_USERS.map(({ key, name, role }) => ({ key, name, role })) : [],
      phoneNetworkUrl: local ? (env.PHONE_NETWORK_URL ?? null) : null,
    }
  },

  async 'POST /api/demo/sign-in'({ c, env, body }) {
    const { userId, cookies } = await demoSignIn(env, body.key)
    for (const cookie of cookies) c.header('Set-Cookie', cookie, { append: true })
    return { userId }
  },

  async 'GET /api/me'({ member }) {
    const { session: _session, ...person } = member
    return person
  },

  async 'PUT /api/me/password'({ c, env, member, body }) {
    if (await wasGiven(env, member.userId, body.newPassword))
      throw new Refusal(422, 'An admin has chosen this password for you. Choose one that only you know.', [
        { field: 'newPassword', message: 'chosen by an admin' },
      ])
    const cookies = await changePassword(env, c.req.raw.headers, body.currentPassword, body.newPassword)
    if (cookies === null)
      throw new Refusal(422, 'The current password is not right.', [{ field: 'currentPassword', message: 'not right' }])
    await keepPlace(env, member.userId, member.workspaceId)
    await endSocketsEverywhere(env, member.userId)
    for (const cookie of cookies) c.header('Set-Cookie', cookie, { append: true })
    return { message: 'changed' }
  },

  async 'GET /api/me/sessions'({ env, member }) {
    return signIns(env, member.userId, null, member.session.id)
  },

  async 'DELETE /api/me/sessions/:sessionId'({ env, member, params: { sessionId } }) {
    const workspaceId = await endSignIn(env, member.userId, sessionId)
    if (workspaceId === undefined) throw new Refusal(404, 'There is no such sign-in.')
    if (workspaceId !== null) await endSockets(env, { ...member, workspaceId }, { sessions: [sessionId] })
    return { message: 'ended' }
  },

  async 'POST /api/first-admin'({ env, body }) {
    const { token: given, ...person } = body
    if (!env.SETUP_TOKEN || given !== env.SETUP_TOKEN || (await hasPeople(env)))
      throw new Refusal(403, 'This is not allowed here.')
    const workspaceId = homeWorkspace(env)
    await stubFor(env, 'workspace', workspaceId).setProfile(person.workspaceName, person.workspaceName, '')
    return { userId: await added(env, { ...person, role: 'admin', workspaceId }) }
  },

  async 'GET /api/workspace'({ env, member }) {
    const book = stubFor(env, 'workspace', member.workspaceId)
    const [seller, settings] = await Promise.all([book.seller(), book.settings()])
    return { sellerName: seller.name, sellerNumber: seller.number, ...settings }
  },

  async 'PUT /api/workspace'({ env, member, body }) {
    const sellerNumber = toE164(body.sellerNumber) ?? body.sellerNumber
    const book = stubFor(env, 'workspace', member.workspaceId)
    await book.setProfile(body.name, body.sellerName, sellerNumber)
    await nameWorkspace(env, member.workspaceId, body.name)
    const { timeZone } = body
    if (timeZone !== undefined) await book.settings({ timeZone })
    return { ok: true as const }
  },

  async 'PUT /api/workspace/voicemail'({ env, member, body: { days } }) {
    await stubFor(env, 'workspace', member.workspaceId).settings({ voicemailDays: days })
    return { days }
  },

  async 'PUT /api/workspace/recordings'({ env, member, body }) {
    const book = stubFor(env, 'workspace', member.workspaceId)
    const policy = { ...policyOf(await book.settings()), ...body }
    const fault = faultOfPolicy(policy)
    if (fault !== null)
      throw new Refusal(422, 'These settings do not go together.', [{ field: fault.field, message: fault.why }])
    if (policy.transcripts === 'all' && transcriptionOf(env) === null)
      throw new Refusal(409, 'No speech service is set up, so nothing can be written down.')
    return policyOf(await book.settings(settingsOf(policy)))
  },

  async 'GET /api/members'({ env, member, query }) {
    const items = await membersOf(env, member.workspaceId, memberPages.after(query.cursor), query.limit)
    const ids = items.map(one => one.userId)
    return { items, next: memberPages.next(ids, query.limit) }
  },

  async 'POST /api/members'({ env, member, body }) {
    const { workspaceId, workspaceName } = member
    return { userId: await added(env, { ...body, workspaceId, workspaceName, given: true }) }
  },

  async 'PATCH /api/members/:userId'({ env, member: { workspaceId }, params: { userId }, body }) {
    if (body.role !== undefined) changed(await changeRole(env, workspaceId, userId, body.role))
    if (body.name !== undefined) changed(await rename(env, workspaceId, userId, body.name))
    const person = await memberRowOf(env, workspaceId, userId)
    if (person === null) throw noMember()
    // The page connects again by itself, as the person is from now on.
    await endSockets(env, { userId, workspaceId }, { sessions: null })
    if (person.role === 'agent') await endSupervisions(env, workspaceId, [userId])
    return person
  },

  async 'DELETE /api/members/:userId'({ env, member: { workspaceId }, params: { userId } }) {
    changed(await removeMember(env, workspaceId, userId))
    // A phone that is registered at the carrier rings there until its token runs out, so no call may be sent to it.
    await stubFor(env, 'trunk', workspaceId).forgetDesk(deskIdOf({ userId, workspaceId }))
    await endSockets(env, { userId, workspaceId }, { sessions: null, forGood: true })
    await endSupervisions(env, workspaceId, [userId])
    return { message: 'removed' }
  },

  async 'GET /api/members/:userId/sessions'({ env, member, params: { userId } }) {
    if (!(await isMember(env, member.workspaceId, userId))) throw noMember()
    return signIns(env, userId, member.workspaceId, member.session.id)
  },

  async 'DELETE /api/members/:userId/sessions'({ env, member: { workspaceId }, params: { userId } }) {
    if (!(await isMember(env, workspaceId, userId))) throw noMember()
    await endSignIns(env, workspaceId, userId)
    await endSockets(env, { userId, workspaceId }, { sessions: null, forGood: true })
    return { message: 'ended' }
  },
})
