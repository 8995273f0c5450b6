/** The desk of the person who asks. */
import type { Env } from '../../actors/env.ts'
import { type SocketSignIn, standingOf, upgradeFor } from '../../actors/sign-in.ts'
import { stubFor } from '../../actors/stubs.ts'
import { deskId, deskName } from '../../core/ids.ts'
import { phoneName } from '../../core/phone-names.ts'
import type { Caller, Member } from '../people.ts'

/** How calls and the call log name this person. */
export function agentIdOf({ userId }: Pick<Member, 'userId'>): string {
  return deskName(userId)
}

export function deskIdOf(member: Pick<Member, 'userId' | 'workspaceId'>): string {
  return deskId(member.workspaceId, deskName(member.userId))
}

/** The desk whose page asks, if a person does: it is told of changes of what is read. A program reads again. */
export function viewerOf(member: Caller): string | undefined {
  return member.keyId === undefined ? deskIdOf(member) : undefined
}

function signInOf({ userId, role, session }: Member): SocketSignIn {
  return { ...session, userId, role }
}

/** An upgrade for an actor, by which it knows whose socket it is. */
export function upgradeOf(member: Member, url: string): Request {
  return upgradeFor(url, signInOf(member))
}

/**
 * The person may have gone to another workspace, or have been signed out, since this request was let in: the desk was told to end
 * the sockets of the sign-in before it had this one. So the sign-in is looked at once more when the desk has it.
 */
export async function deskSocket(env: Env, member: Member): Promise<Response> {
  const desk = stubFor(env, 'desk', await openDesk(env, member))
  const answer = await desk.fetch(upgradeOf(member, 'https://desk/'))
  const standing = await standingOf(env.DB, member.workspaceId, [signInOf(member)])
  if (standing.length === 0) await desk.leave({ sessions: [member.session.id] })
  return answer
}

/** The desk knows its agent from the first request on. */
export async function openDesk(env: Env, member: Member): Promise<string> {
  const id = deskIdOf(member)
  const { userId, name, role } = member
  await stubFor(env, 'desk', id).open({ userId, deskId: id, name, role, identity: phoneName(id) })
  return id
}
