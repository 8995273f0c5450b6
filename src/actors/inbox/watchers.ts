/** The desks whose agents see a box: the person's own, those of a queue's members, those of whoever leads the team. */
import type { Box } from '../../core/call/voicemail/state.ts'
import { deskId, deskName, parseId } from '../../core/ids.ts'
import type { Env } from '../env.ts'
import { stubFor } from '../stubs.ts'

const LEADS_MAX = 200

/** Is there such a person or queue? An id that nobody has made names no object. */
export async function isThere(env: Env, workspaceId: string, { kind, id }: Box): Promise<boolean> {
  switch (kind) {
    case 'workspace':
      return true
    case 'person': {
      const found = env.DB.prepare(
        "SELECT 1 FROM membership WHERE workspaceId = ? AND (userId = ?2 OR replace(userId, '-', '_') = ?2) LIMIT 1",
      )
      return (await found.bind(workspaceId, id).first()) !== null
    }
    case 'queue': {
      const queueId = parseId('queue', id, workspaceId)
      if (queueId === null) return false
      const rows = await stubFor(env, 'workspace', workspaceId).queues({ do: 'read', queueId })
      return rows !== null && rows.length > 0
    }
  }
}

/** Of those who lead the team only whoever is signed in somewhere has a screen. */
export async function desksOf(env: Env, workspaceId: string, box: Box): Promise<string[]> {
  switch (box.kind) {
    case 'person':
      return [deskId(workspaceId, box.id)]
    case 'queue':
      return Object.keys((await stubFor(env, 'queue', box.id).read()).agents)
    case 'workspace': {
      const { results } = await env.DB.prepare(
        `SELECT m.userId FROM membership m WHERE m.workspaceId = ?1 AND m.role <> 'agent'
         AND EXISTS (SELECT 1 FROM session s WHERE s.userId = m.userId AND s.expiresAt > ?2) ORDER BY m.userId LIMIT ?3`,
      )
        .bind(workspaceId, new Date().toISOString(), LEADS_MAX)
        .all<{ userId: string }>()
      return results.map(({ userId }) => deskId(workspaceId, deskName(userId)))
    }
  }
}
