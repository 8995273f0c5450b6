/** Ends what a person has open when a session, a role or the membership ends: sockets at once, and their dialling. The same for a key. */
import type { DeskLeave } from '../actors/contracts.ts'
import type { Env } from '../actors/env.ts'
import { stubFor } from '../actors/stubs.ts'
import { deskIdOf } from './api/own-desk.ts'
import type { Member } from './people.ts'
import { workspacesOf } from './workspaces.ts'

const TRIES_MAX = 3

/**
 * Screens that watch a call look by themselves every few seconds whether their session still stands
 * (`src/actors/call/voice/watchers.ts`), because no list says which calls a person watches.
 */
export async function endSockets(
  env: Env,
  person: Pick<Member, 'userId' | 'workspaceId'>,
  leave: DeskLeave,
): Promise<void> {
  const { userId, workspaceId } = person
  await Promise.all([
    insist(() => stubFor(env, 'desk', deskIdOf(person)).leave(leave)),
    insist(() => stubFor(env, 'stream', workspaceId).leave({ userId, sessions: leave.sessions })),
  ])
}

/** In every workspace of the person: their sign-ins are over wherever they were. */
export async function endSocketsEverywhere(env: Env, userId: string): Promise<void> {
  for (const { workspaceId } of await workspacesOf(env, userId))
    await endSockets(env, { userId, workspaceId }, { sessions: null })
}

/** Sockets of programs with this key, which was revoked. */
export async function endSocketsOfKey(env: Env, workspaceId: string, keyId: string): Promise<void> {
  await insist(() => stubFor(env, 'stream', workspaceId).leave({ keyId }))
}

async function insist(what: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await what()
    } catch (error) {
      // The sign-in is gone already, so nobody would ask again.
      if (tries === TRIES_MAX) throw error
    }
  }
}
