/** Decides who may hear and read a conversation: a supervisor every one, an agent those that are or were their own. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { belongsTo } from '../../core/ids.ts'
import type { Member } from '../people.ts'
import { Refusal } from '../problem.ts'
import { deskIdOf } from './own-desk.ts'

/** Throws 404: a member who may not read it is not told that it exists. */
export async function requireAccess(env: Env, member: Member, callId: string): Promise<void> {
  const nobody = new Refusal(404, 'There is no such call.')
  if (!belongsTo(callId, member.workspaceId)) throw nobody
  if (member.role !== 'agent') return
  const { call } = await stubFor(env, 'call', callId).read()
  if (call.phase === 'empty') throw nobody
  const { agentName, deskId } = call.links
  if (agentName !== member.name && deskId !== deskIdOf(member)) throw nobody
}
