/** The desk of the person who asks. */
import type { Env } from '../../actors/env.ts'
import { upgradeFor } from '../../actors/sign-in.ts'
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

/** An upgrade for an actor, by which it knows whose socket it is. */
export function upgradeOf(member: Member, url: string): Request {
  const { userId, role, session } = member
  return upgradeFor(url, { ...session, userId, role })
}

/** The desk knows its agent from the first request on. */
export async function openDesk(env: Env, member: Member): Promise<string> {
  const id = deskIdOf(member)
  const { userId, name, role } = member
  await stubFor(env, 'desk', id).open({ userId, deskId: id, name, role, identity: phoneName(id) })
  return id
}
