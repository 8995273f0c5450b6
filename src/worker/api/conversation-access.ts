/** Decides who may hear and read a conversation: a supervisor every one, an agent those that are or were their own. */
import type { Env } from '../../actors/env.ts'
import { logOf, stubFor } from '../../actors/stubs.ts'
import { agentOfDesk, type CallId } from '../../core/ids.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { agentIdOf } from './own-desk.ts'

const nobody = () => new Refusal(404, 'There is no such call.')

/**
 * Throws 404 if nobody ever made this id. Its own object is not asked, because naming it would create it. A call is in the log
 * from its first fact on; until the log has heard that fact, the trunk knows the id.
 */
export async function requireCall(
  env: Env,
  { workspaceId }: Pick<Caller, 'workspaceId'>,
  callId: CallId,
): Promise<void> {
  if (await logOf(env, workspaceId).knows(callId)) return
  if (!(await stubFor(env, 'trunk', workspaceId).knows(callId))) throw nobody()
}

/** Throws 404: a member who may not read it is not told that it exists. */
export async function requireAccess(env: Env, member: Caller, callId: CallId): Promise<void> {
  await requireCall(env, member, callId)
  if (member.role !== 'agent') return
  const { call } = await stubFor(env, 'call', callId).read()
  if (call.phase === 'empty') throw nobody()
  const { agentId = null, deskId } = call.links
  const own = agentIdOf(member)
  if (agentId !== own && agentOfDesk(deskId) !== own) throw nobody()
}
