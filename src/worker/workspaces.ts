/** The workspaces of a person. A sign-in is in one of them at a time, and that is stored here, never in the browser. */
import type { Env } from '../actors/env.ts'
import type { Role } from '../wire/api.ts'

/** Where a person belongs, by name. */
export async function workspacesOf(
  env: Env,
  userId: string,
): Promise<{ workspaceId: string; name: string; role: Role }[]> {
  const { results } = await env.DB.prepare(
    'SELECT m.workspaceId, w.name, m.role FROM membership m JOIN workspace w ON w.id = m.workspaceId WHERE m.userId = ? ORDER BY w.name, m.workspaceId',
  )
    .bind(userId)
    .all<{ workspaceId: string; name: string; role: Role }>()
  return results
}

/** The workspace that the sign-in was in before. Undefined: the person does not belong there, and nothing is changed. */
export async function enterWorkspace(
  env: Env,
  { userId, sessionId }: { userId: string; sessionId: string },
  workspaceId: string,
  now: number,
): Promise<string | null | undefined> {
  const before = await env.DB.prepare('SELECT workspaceId FROM session WHERE id = ?')
    .bind(sessionId)
    .first<{ workspaceId: string | null }>()
  const [entered] = await env.DB.batch([
    env.DB.prepare(
      'UPDATE session SET workspaceId = ?2 WHERE id = ?1 AND EXISTS (SELECT 1 FROM membership WHERE userId = ?3 AND workspaceId = ?2)',
    ).bind(sessionId, workspaceId, userId),
    env.DB.prepare('UPDATE membership SET chosenMs = ? WHERE userId = ? AND workspaceId = ?').bind(
      now,
      userId,
      workspaceId,
    ),
  ])
  return entered?.meta.changes === 0 ? undefined : (before?.workspaceId ?? null)
}
