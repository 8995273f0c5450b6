/** Changes of who belongs to a workspace and in which role, and the sign-ins of a person. */
import type { Env } from '../actors/env.ts'
import { OWES_SECOND_FACTOR } from '../actors/sign-in.ts'
import type { Role } from '../wire/api.ts'

export type MembershipChange = 'done' | 'unknown' | 'last-admin'

/** True when another admin is left. Inside the statement that changes the row, because two admins may demote each other at once. */
const NOT_THE_LAST = `(role <> 'admin' OR (SELECT COUNT(*) FROM membership o WHERE o.workspaceId = membership.workspaceId AND o.role = 'admin') > 1)`

/**
 * Of a sign-in: it is in workspace ?2. One that has not asked for anything yet is in none, and counts as one of this workspace. Whoever
 * gets a second workspace has none of those from before (`placeSignIns`).
 */
const IN_WORKSPACE = 'COALESCE(session.workspaceId, ?2) = ?2'

/** A workspace always keeps an admin: the last one is neither demoted nor removed. Whoever is no admin any more invites nobody. */
export async function changeRole(env: Env, workspaceId: string, userId: string, role: Role): Promise<MembershipChange> {
  if (!(await isMember(env, workspaceId, userId))) return 'unknown'
  const { meta } = await env.DB.prepare(
    `UPDATE membership SET role = ?3 WHERE userId = ?1 AND workspaceId = ?2 AND (?3 = 'admin' OR ${NOT_THE_LAST})`,
  )
    .bind(userId, workspaceId, role)
    .run()
  if (meta.changes === 0) return 'last-admin'
  if (role !== 'admin')
    await env.DB.prepare('DELETE FROM invitations WHERE madeBy = ? AND workspaceId = ?').bind(userId, workspaceId).run()
  return 'done'
}

/** The name that a person has in this workspace; another one calls them as it likes. */
export async function rename(env: Env, workspaceId: string, userId: string, name: string): Promise<MembershipChange> {
  if (!(await isMember(env, workspaceId, userId))) return 'unknown'
  await env.DB.prepare('UPDATE membership SET name = ? WHERE userId = ? AND workspaceId = ?')
    .bind(name, userId, workspaceId)
    .run()
  return 'done'
}

/**
 * The sign-ins that are in this workspace end with the membership, and so do the invitations that the person has made. Whoever
 * belongs to no workspace any more is forgotten, so that the e-mail is free again.
 */
export async function removeMember(env: Env, workspaceId: string, userId: string): Promise<MembershipChange> {
  if (!(await isMember(env, workspaceId, userId))) return 'unknown'
  const { meta } = await env.DB.prepare(
    `DELETE FROM membership WHERE userId = ? AND workspaceId = ? AND ${NOT_THE_LAST}`,
  )
    .bind(userId, workspaceId)
    .run()
  if (meta.changes === 0) return 'last-admin'
  await env.DB.batch([
    env.DB.prepare(`DELETE FROM session WHERE userId = ?1 AND ${IN_WORKSPACE}`).bind(userId, workspaceId),
    env.DB.prepare('DELETE FROM invitations WHERE madeBy = ? AND workspaceId = ?').bind(userId, workspaceId),
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

/** Does this desk belong to a member who is signed in to this workspace somewhere? `deskName` is made of the user's id (`src/core/ids.ts`). */
export async function isAtWork(env: Env, workspaceId: string, deskName: string, now: number): Promise<boolean> {
  const found = env.DB.prepare(
    `SELECT 1 FROM membership m JOIN session s ON s.userId = m.userId AND COALESCE(s.workspaceId, m.workspaceId) = m.workspaceId
     JOIN workspace w ON w.id = m.workspaceId JOIN user u ON u.id = m.userId
     WHERE m.workspaceId = ?1 AND (m.userId = ?2 OR replace(m.userId, '-', '_') = ?2) AND s.expiresAt > ?3 AND NOT ${OWES_SECOND_FACTOR} LIMIT 1`,
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

/** The sign-ins of a person that have not run out, newest first; with a workspace only those that are in it. */
export async function signInsOf(env: Env, userId: string, workspaceId: string | null, now: number): Promise<SignIn[]> {
  const { results } = await env.DB.prepare(
    `SELECT id, createdAt, updatedAt, expiresAt, ipAddress, userAgent FROM session
     WHERE userId = ?1 AND (?2 IS NULL OR ${IN_WORKSPACE}) AND expiresAt > ?3 ORDER BY createdAt DESC LIMIT 200`,
  )
    .bind(userId, workspaceId, new Date(now).toISOString())
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

/** Undefined: this person has no such sign-in; else the workspace that it was in. */
export async function endSignIn(env: Env, userId: string, sessionId: string): Promise<string | null | undefined> {
  const ended = await env.DB.prepare('DELETE FROM session WHERE id = ? AND userId = ? RETURNING workspaceId')
    .bind(sessionId, userId)
    .first<{ workspaceId: string | null }>()
  return ended === null ? undefined : ended.workspaceId
}

/** Those that are in this workspace: an admin of one does not reach into another. */
export async function endSignIns(env: Env, workspaceId: string, userId: string): Promise<void> {
  await env.DB.prepare(`DELETE FROM session WHERE userId = ?1 AND ${IN_WORKSPACE}`).bind(userId, workspaceId).run()
}

/** All sign-ins of the person but this one, in whatever workspace they are. */
export async function endOtherSignIns(env: Env, userId: string, sessionId: string): Promise<void> {
  await env.DB.prepare('DELETE FROM session WHERE userId = ? AND id <> ?').bind(userId, sessionId).run()
}
