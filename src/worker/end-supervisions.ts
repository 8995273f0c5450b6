/** Whoever may not listen any more is taken off the calls that they listen to; a phone of theirs would stay there otherwise. */
import type { Env } from '../actors/env.ts'
import { stubFor } from '../actors/stubs.ts'
import { deskId, deskName, deskRoomId } from '../core/ids.ts'
import { forEach } from './each.ts'
import { membersOf } from './people.ts'

const PAGE = 200
const DESKS_AT_ONCE = 20

/** It happens seldom, so every desk that talks is asked. */
export async function endSupervisions(env: Env, workspaceId: string, userIds: string[]): Promise<void> {
  if (userIds.length === 0) return
  const theirs = new Set(userIds.map(userId => deskId(workspaceId, deskName(userId))))
  const desks: string[] = []
  for (let after: string | null = null; ; ) {
    const people: { userId: string }[] = await membersOf(env, workspaceId, after, PAGE)
    desks.push(...people.map(({ userId }) => deskId(workspaceId, deskName(userId))))
    after = people.at(-1)?.userId ?? null
    if (people.length < PAGE) break
  }
  await forEach(desks, DESKS_AT_ONCE, desk => endAt(env, desk, theirs))
}

async function endAt(env: Env, desk: string, supervisors: Set<string>): Promise<void> {
  const view = await stubFor(env, 'desk', desk).view()
  if (view === null || view.conversation === null) return
  const room = stubFor(env, 'room', deskRoomId(desk, view.line.generation))
  const { supervisions } = await room.read()
  for (const { supervisionId, by } of supervisions)
    if (supervisors.has(by.deskId))
      await room.deliver({ type: 'supervision.stopped', at: Date.now(), supervisionId }, null)
}
