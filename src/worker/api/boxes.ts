/** Which boxes of the inbox somebody may see. */
import type { Env } from '../../actors/env.ts'
import type { Boxes } from '../../actors/inbox/contract.ts'
import { stubFor } from '../../actors/stubs.ts'
import { type Box, GENERAL_BOX } from '../../core/call/voicemail/state.ts'
import type { Caller } from '../people.ts'
import { agentIdOf, deskIdOf } from './own-desk.ts'

interface By {
  env: Env
  member: Caller
}

/** The boxes that this person looks after. A program has none of its own, and sees what a supervisor sees. */
export async function ownBoxes({ env, member }: By): Promise<Box[]> {
  if (member.keyId !== undefined) return [GENERAL_BOX]
  const queues = await stubFor(env, 'desk', deskIdOf(member)).queues()
  const leads: Box[] = member.role === 'agent' ? [] : [GENERAL_BOX]
  const person: Box = { kind: 'person', id: agentIdOf(member) }
  return [person, ...queues.map((id): Box => ({ kind: 'queue', id })), ...leads]
}

/** Null: every box of the workspace. */
export async function visibleTo(by: By): Promise<Boxes> {
  return by.member.role === 'agent' ? ownBoxes(by) : null
}
