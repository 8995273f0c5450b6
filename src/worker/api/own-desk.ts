/** The desk of the person who asks. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { deskId, deskName, phoneName } from '../../core/ids.ts'
import type { Member } from '../people.ts'

export function deskIdOf(member: Member): string {
  return deskId(member.workspaceId, deskName(member.userId))
}

/** The desk knows its agent from the first request on. */
export async function openDesk(env: Env, member: Member): Promise<string> {
  const id = deskIdOf(member)
  const { userId, name, role } = member
  await stubFor(env, 'desk', id).open({ userId, deskId: id, name, role, identity: phoneName(id) })
  return id
}
