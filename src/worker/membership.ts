/** Changes of who belongs to a workspace and in which role, and the sign-ins of a person. */
import type { Env } from '../actors/env.ts'
import type { Role } from '../wire/api.ts'

export type MembershipChange = 'done' | 'unknown' | 'last-admin'

/** True when another admin is left. Inside the statement that changes the row, because two admins may demote each other at once. */
const NOT_THE_LAST = `(role <> 'admin' OR (SELECT COUNT(*) FROM membership o WHERE o.workspaceId = membership.workspaceId AND o.role = 'admin') > 1)`

/** A workspace always keeps an admin: the last one is neither demoted nor removed. */
export async function changeRole(env: Env, workspaceId: string, userId: string, role: Role): Promise<MembershipChange> {
  if (!(await isMember(env, workspaceId, userId))) return 'unknown'
  const { meta } = await env.DB.prepare(
    `UPDATE membership SET role = ?3 WHERE userId = ?1 AND workspaceId = ?2 AND (?3 = 'admin' OR ${NOT_THE_LAST})`,
  )
    .bind(userId, workspaceId, role)
    .run()
  return meta.changes > 0 ? 'done' : 'last-admin'
}

export async function rename(env: Env, workspaceId: string, userId: string, name: string): Promise<MembershipChange> {
  if (!(await isMember(env, workspaceId, userId))) return 'unknown'
  await env.DB.prepare('UPDATE user SET name = ?, updatedAt = ? WHERE id = ?')
    .bind(name, new Date().toISOString(), userId)
    .run()
  return 'done'
}

/** The sign-ins end with the membership. Whoever belongs to no workspace any more is forgotten, so that the e-mail is free again. */
export async function removeMember(env: Env, workspaceId: string, userId: string): Promise<MembershipChange> {
  if (!(await isMember(env, workspaceId, userId))) return 'unknown'
  const { meta } = await env.DB.prepare(
    `DELETE FROM membership WHERE userId = ? AND workspaceId = ? AND ${NOT_THE_LAST}`,
  )
    .bind(userId, workspaceId)
    .run()
  if (meta.changes === 0) return 'last-admin'
  await env.DB.batch([
    env.DB.prepare('DELETE FROM session WHERE userId = ?').bind(userId),
    env.DB.prepare('DELETE FROM user WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM membership WHERE userId = ?1)').bind(
      userId,
    ),
  ])
  return 'done'
}

export async function isMember(env: Env, workspaceId: string, userId: string): Promise<boolean> {
  const found = env.DB.prepare('SELECT 1 FROM membership WHERE userId = ? AND workspaceId = ?')
  return (await found.bind(userId, workspaceId).first()) !== null
}

/** Does this desk belong to a member who is signed in somewhere? `deskName` is made of the user's id (`src/core/ids.ts`). */
export async function isAtWork(env: Env, workspaceId: string, deskName: string, now: number): Promise<boolean> {
  const found = env.DB.prepare(
    `SELECT 1 FROM membership m JOIN session s ON s.userId = m.userId
     WHERE m.workspaceId = ? AND (m.userId = ?2 OR replace(m.userId, '-', '_') = ?2) AND s.expiresAt > ?3 LIMIT 1`,
  )
  return (await found.bind(workspaceId, deskName, new Date(now).toISOString()).first()) !== null
}

/** Those of the names (`deskName`, as calls name people) that a member of the workspace has. */
export async function namesInTeam(env: Env, workspaceId: string, names: string[]): Promise<Set<string>> {
  const { results } = await env.DB.prepare(
    `SELECT replace(userId, '-', '_') AS name FROM membership
     WHERE workspaceId = ? AND replace(userId, '-', '_') IN (SELECT value FROM json_each(?))`,
  )
    .bind(workspaceId, JSON.stringify(names))
    .all<{ name: string }>()
  return new Set(results.map(row => row.name))
}

/** The ids of those people of the workspace that these names (`deskName`) are made of. */
export async function userIdsOf(env: Env, workspaceId: string, names: string[]): Promise<Map<string, string>> {
  const { results } = await env.DB.prepare(
    `SELECT userId, replace(userId, '-', '_') AS name FROM membership
     WHERE workspaceId = ? AND replace(userId, '-', '_') IN (SELECT value FROM json_each(?))`,
  )
    .bind(workspaceId, JSON.stringify([...new Set(names)]))
    .all<{ userId: string; name: string }>()
  return new Map(results.map(({ name, userId }) => [name, userId]))
}

export interface SignIn {
  sessionId: string
  createdMs: number
  usedMs: number
  endsMs: number
  address: string | null
  browser: string | null
}

/** The sign-ins of a person that have not run out, newest first. */
export async function signInsOf(env: Env, userId: string, now: number): Promise<SignIn[]> {
  const { results } = await env.DB.prepare(
    'SELECT id, createdAt, updatedAt, expiresAt, ipAddress, userAgent FROM session WHERE userId = ? AND expiresAt > ? ORDER BY createdAt DESC LIMIT 200',
  )
    .bind(userId, new Date(now).toISOString())
    .all<Record<'id' | 'createdAt' | 'updatedAt' | 'expiresAt', string> & { ipAddress: string; userAgent: string }>()
  return results.map(row => ({
    sessionId: row.id,
    createdMs: Date.parse(row.createdAt),
    usedMs: Date.parse(row.updatedAt),
    endsMs: Date.parse(row.expiresAt),
    address: row.ipAddress || null,
    browser: row.userAgent || null,
  }))
}

/** False: this person has no such sign-in. */
export async function endSignIn(env: Env, userId: string, sessionId: string): Promise<boolean> {
  const ended = env.DB.prepare('DELETE FROM session WHERE id = ? AND userId = ?')
  return (await ended.bind(sessionId, userId).run()).meta.changes > 0
}

export async function endSignIns(env: Env, userId: string): Promise<void> {
  await env.DB.prepare('DELETE FROM session WHERE userId = ?').bind(userId).run()
}
