/** Whoever may not listen any more is taken off the calls that they listen to; a phone of theirs would stay there otherwise. */
import type { Env } from '../actors/env.ts'
import { stubFor } from '../actors/stubs.ts'
import { deskId, deskName, deskRoomId } from '../core/ids.ts'
import { type Member, membersOf } from './people.ts'

const PAGE = 200

/** It happens seldom, so every desk that talks is asked. */
export async function endSupervisions(env: Env, person: Pick<Member, 'userId' | 'workspaceId'>): Promise<void> {
  const { workspaceId } = person
  const own = deskId(workspaceId, deskName(person.userId))
  for (let after: string | null = null; ; ) {
    const people: { userId: string }[] = await membersOf(env, workspaceId, after, PAGE)
    await Promise.all(people.map(({ userId }) => endAt(env, deskId(workspaceId, deskName(userId)), own)))
    after = people.at(-1)?.userId ?? null
    if (people.length < PAGE) return
  }
}

async function endAt(env: Env, desk: string, supervisor: string): Promise<void> {
  const view = await stubFor(env, 'desk', desk).view()
  if (view === null || view.conversation === null) return
  const room = stubFor(env, 'room', deskRoomId(desk, view.line.generation))
  const { supervisions } = await room.read()
  for (const { supervisionId, by } of supervisions)
    if (by.deskId === supervisor)
      await room.deliver({ type: 'supervision.stopped', at: Date.now(), supervisionId }, null)
}
