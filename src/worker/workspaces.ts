/** The workspaces of a person. A sign-in is in one of them at a time, and that is stored here, never in the browser. */
import type { Env } from '../actors/env.ts'
import { unique } from '../actors/unique.ts'
import { type WorkspaceId, workspaceId as workspaceIdOf } from '../core/ids.ts'
import type { Role } from '../wire/api.ts'

/** Of one installation. Each is some objects, and all share the account of the carrier. */
export const WORKSPACES_MAX = 200

/** The limit is part of the insert, so that requests at once do not pass it together. */
const MAKE = `INSERT INTO workspace (id, name, createdAt) SELECT ?1, ?2, ?3 WHERE (SELECT COUNT(*) FROM workspace) < ${WORKSPACES_MAX}`

/** Of a sign-in: where its person went last. */
export const LAST_PLACE =
  '(SELECT m.workspaceId FROM membership m WHERE m.userId = session.userId ORDER BY m.chosenMs DESC, m.workspaceId LIMIT 1)'

/**
 * Before a person gets another workspace: sign-ins that have asked for nothing yet are in none, and begin where the person was until
 * now. Else they would count as sign-ins of the new workspace too, whose admins could see and end them.
 */
export function placeSignIns(env: Env, userId: string): D1PreparedStatement {
  const place = `UPDATE session SET workspaceId = ${LAST_PLACE} WHERE userId = ? AND workspaceId IS NULL`
  return env.DB.prepare(place).bind(userId)
}

export function newWorkspaceId(): WorkspaceId {
  return workspaceIdOf(unique())
}

/** Whoever makes it is its first admin. False: there are as many as there may be, and nothing is changed. */
export async function makeWorkspace(
  env: Env,
  { workspaceId, name, adminId }: { workspaceId: string; name: string; adminId: string },
  now: number,
): Promise<boolean> {
  const [, made] = await env.DB.batch([
    placeSignIns(env, adminId),
    env.DB.prepare(MAKE).bind(workspaceId, name, now),
    env.DB.prepare(
      "INSERT INTO membership (userId, workspaceId, role) SELECT ?1, id, 'admin' FROM workspace WHERE id = ?2",
    ).bind(adminId, workspaceId),
  ])
  return made?.meta.changes === 1
}

/** A sign-in that has just taken the place of another one goes on where that was. */
export async function keepPlace(env: Env, userId: string, workspaceId: string): Promise<void> {
  await env.DB.prepare('UPDATE session SET workspaceId = ? WHERE userId = ? AND workspaceId IS NULL')
    .bind(workspaceId, userId)
    .run()
}

export async function nameWorkspace(env: Env, workspaceId: string, name: string): Promise<void> {
  await env.DB.prepare('UPDATE workspace SET name = ? WHERE id = ?').bind(name, workspaceId).run()
}

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
