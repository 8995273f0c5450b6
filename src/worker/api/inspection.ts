/** Asks the actors around a call what they are about to do. */
import type { Env } from '../../actors/env.ts'
import type { Inspected } from '../../actors/shell/inspection.ts'
import { stubFor } from '../../actors/stubs.ts'
import { type CallId, parseId } from '../../core/ids.ts'
import type { CallDetail } from '../../wire/api.ts'
import type { ActorInspection } from '../../wire/inspection.ts'

const KINDS = ['call', 'batch', 'campaign', 'desk', 'room', 'queue'] as const
/** A call that went through many hands; each is one call between objects. */
const ACTORS_MAX = 20

/** The call itself, and whoever has told a fact about it, in the order in which they did. */
export async function actorsAround(env: Env, callId: CallId, timeline: CallDetail['timeline'], workspaceId: string) {
  const ids = [...new Set([callId, ...timeline.map(({ actor }) => actor)])].slice(0, ACTORS_MAX)
  const asked = await Promise.all(ids.map(id => inspect(env, id, workspaceId)))
  return { items: asked.filter(one => one !== null), next: null }
}

async function inspect(env: Env, id: string, workspaceId: string): Promise<ActorInspection | null> {
  const kind = KINDS.find(one => parseId(one, id, workspaceId) !== null)
  if (kind === undefined) return null
  const actor = stubFor(env, kind, id) as unknown as Pick<Inspected, 'inspect'>
  return { id, ...(await actor.inspect()) }
}
