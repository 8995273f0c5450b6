/** Invitations: made and revoked by an admin, answered by whoever has the link. */
import type { Env } from '../../actors/env.ts'
import { invitationRoutes } from '../../wire/routes/invitations.ts'
import { endSockets } from '../end-access.ts'
import {
  dropInvitation,
  type Invitation,
  invitationOf,
  invitationsOf,
  joinAsNew,
  makeInvitation,
  revokeInvitation,
  useInvitation,
} from '../invitations.ts'
import { signedInOf, signIn } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { countTry, rememberAddress, tooManyTries } from '../sign-in-limits.ts'
import { enterWorkspace } from '../workspaces.ts'
import { requireOwnPassword } from './own-password.ts'

/** One answer for a token that is wrong, used, declined, revoked or over. */
const over = () =>
  new Refusal(404, 'This invitation is not valid, or not any more. Ask whoever invited you for a new one.')

/** A guess counts as a wrong password does. */
async function found(env: Env, headers: Headers, token: string): Promise<Invitation> {
  const now = Date.now()
  const tried = await countTry(env, token, headers, now)
  if (!tried.allowed) throw tooManyTries()
  const invitation = await invitationOf(env, token, now)
  if (invitation === null) throw over()
  await tried.takeBack()
  return invitation
}

const hasAccount = () => new Refusal(409, 'This e-mail has an account already. Sign in with it, then accept.')

export const invitations = bind(invitationRoutes, {
  async 'GET /api/invitations'({ env, member }) {
    return { items: await invitationsOf(env, member.workspaceId, Date.now()), next: null }
  },

  async 'POST /api/invitations'({ c, env, member, body }) {
    const { workspaceId, userId: madeBy } = member
    const made = await makeInvitation(env, { ...body, workspaceId, madeBy }, Date.now())
    if (made === 'belongs')
      throw new Refusal(409, 'This person belongs to the workspace already.', [
        { field: 'email', message: 'belongs already' },
      ])
    if (made === 'no-admin') throw new Refusal(403, 'You are not an admin of this workspace any more.')
    if (made === 'full') throw new Refusal(422, 'Too many invitations wait for an answer. Revoke some first.')
    // What follows `#` is not sent with a request, so the token stands in no log.
    const link = `${new URL('/app/invitation', env.PUBLIC_BASE_URL ?? c.req.url).href}#${made.token}`
    return { invitationId: made.invitationId, link, endsMs: made.endsMs }
  },

  async 'DELETE /api/invitations/:invitationId'({ env, member, params: { invitationId } }) {
    if (!(await revokeInvitation(env, member.workspaceId, invitationId)))
      throw new Refusal(404, 'There is no such invitation.')
    return { message: 'revoked' }
  },

  async 'POST /api/invitation/look'({ c, env, body: { token } }) {
    const { workspaceName, role, email, madeBy, endsMs, known } = await found(env, c.req.raw.headers, token)
    return { workspaceName, role, email, madeBy, endsMs, known }
  },

  async 'POST /api/invitation/join'({ c, env, body: { token, name, password } }) {
    const invitation = await found(env, c.req.raw.headers, token)
    if (invitation.known) throw hasAccount()
    const now = Date.now()
    const joined = await joinAsNew(env, invitation, { name, password }, now)
    if (joined === 'known') throw hasAccount()
    if (joined === 'over') throw over()
    await rememberAddress(env, joined.userId, c.req.raw.headers, now)
    const answer = await signIn(env, invitation.email, password)
    for (const cookie of answer.headers.getSetCookie()) c.header('Set-Cookie', cookie, { append: true })
    return { workspaceId: invitation.workspaceId, workspaceName: invitation.workspaceName }
  },

  async 'POST /api/invitation/accept'({ c, env, body: { token } }) {
    const invitation = await found(env, c.req.raw.headers, token)
    const person = await signedInOf(env, c.req.raw.headers)
    if (person === null) throw new Refusal(401, 'Sign in first.')
    if (person.email !== invitation.email)
      throw new Refusal(403, 'This invitation is for another e-mail than the one you are signed in with.')
    const { workspaceId, workspaceName } = invitation
    const { userId, session } = person
    await requireOwnPassword(env, userId)
    const now = Date.now()
    if (!(await useInvitation(env, invitation, userId, now))) throw over()
    const before = await enterWorkspace(env, { userId, sessionId: session.id }, workspaceId, now)
    if (before != null && before !== workspaceId)
      await endSockets(env, { userId, workspaceId: before }, { sessions: [session.id] })
    return { workspaceId, workspaceName }
  },

  async 'POST /api/invitation/decline'({ c, env, body: { token } }) {
    await dropInvitation(env, await found(env, c.req.raw.headers, token))
    return { message: 'declined' }
  },
})
