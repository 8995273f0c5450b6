/** People, the workspace and its first sign-in. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { toE164 } from '../../wire/phone-number.ts'
import { accountRoutes } from '../../wire/routes/account.ts'
import { memberPages } from '../../wire/routes/pages.ts'
import { homeWorkspace, isLocal } from '../env.ts'
import { addMember, hasPeople, membersOf, type NewMember } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { DEMO_USERS, demoSignIn } from './demo.ts'

async function added(env: Env, member: NewMember): Promise<string> {
  const userId = await addMember(env, member)
  if (userId === null)
    throw new Refusal(409, 'A person with this e-mail exists already.', [{ field: 'email', message: 'known already' }])
  return userId
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
    return member
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
    if (body.timeZone !== undefined) await book.changeSettings({ timeZone: body.timeZone })
    return { ok: true as const }
  },

  async 'GET /api/members'({ env, member, query }) {
    const items = await membersOf(env, member.workspaceId, memberPages.after(query.cursor), query.limit)
    const ids = items.map(one => one.userId)
    return { items, next: memberPages.next(ids, query.limit) }
  },

  async 'POST /api/members'({ env, member, body }) {
    const { workspaceId, workspaceName } = member
    return { userId: await added(env, { ...body, workspaceId, workspaceName }) }
  },
})
