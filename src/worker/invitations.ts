/**
 * Invitations to a workspace, in D1. A token is `iv_` and 42 random characters; only its SHA-256 is stored. A row stands for one
 * use: whoever accepts, declines or revokes deletes it, so that a token that is over is not told from one that never was.
 */
import type { Env } from '../actors/env.ts'
import { uniqueWith } from '../actors/unique.ts'
import type { Role } from '../wire/api.ts'
import { INVITATIONS_MAX, type InvitationRow } from '../wire/invitation.ts'
import { type NewMember, newAccount, wasMade } from './people.ts'
import { randomText, sha256 } from './secret-text.ts'
import { placeSignIns } from './workspaces.ts'

const DAYS = 7
const DAY_MS = 24 * 3_600_000
const TOKEN_CHARS = 42
const FORM = /^iv_[A-Za-z0-9]{42}$/

/**
 * Of an invitation `i`: whoever has made it is an admin of its workspace. It is asked in each statement, because whoever is demoted or
 * removed may be making one at that moment.
 */
const MADE_BY_ADMIN =
  "EXISTS (SELECT 1 FROM membership a WHERE a.userId = i.madeBy AND a.workspaceId = i.workspaceId AND a.role = 'admin')"

/** Another invitation of the same e-mail takes the place of the one before. The limit is part of the insert. */
const MAKE = `INSERT INTO invitations (invitationId, workspaceId, email, role, hash, madeBy, madeMs, endsMs)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE (SELECT COUNT(*) FROM invitations WHERE workspaceId = ?2 AND email <> ?3) < ${INVITATIONS_MAX}
    AND EXISTS (SELECT 1 FROM membership WHERE userId = ?6 AND workspaceId = ?2 AND role = 'admin')
  ON CONFLICT (workspaceId, email) DO UPDATE SET invitationId = ?1, role = ?4, hash = ?5, madeBy = ?6, madeMs = ?7, endsMs = ?8`
const LIST = `SELECT i.invitationId, i.email, i.role, i.madeMs, i.endsMs, COALESCE(m.name, u.name, '') AS madeBy
  FROM invitations i LEFT JOIN membership m ON m.userId = i.madeBy AND m.workspaceId = i.workspaceId LEFT JOIN user u ON u.id = i.madeBy
  WHERE i.workspaceId = ? AND i.endsMs > ? AND ${MADE_BY_ADMIN} ORDER BY i.madeMs DESC, i.invitationId`
const FIND = `SELECT i.workspaceId, i.email, i.role, i.hash, i.endsMs, w.name AS workspaceName, COALESCE(m.name, u.name, '') AS madeBy,
    EXISTS (SELECT 1 FROM user k JOIN membership b ON b.userId = k.id WHERE k.email = i.email) AS known
  FROM invitations i JOIN workspace w ON w.id = i.workspaceId
  LEFT JOIN membership m ON m.userId = i.madeBy AND m.workspaceId = i.workspaceId LEFT JOIN user u ON u.id = i.madeBy
  WHERE i.hash = ? AND i.endsMs > ? AND ${MADE_BY_ADMIN}`
const BELONGS =
  'SELECT 1 FROM membership m JOIN user u ON u.id = m.userId WHERE m.workspaceId = ? AND u.email = ? LIMIT 1'
const IS_ADMIN = "SELECT 1 FROM membership WHERE userId = ? AND workspaceId = ? AND role = 'admin'"

export interface Invitation {
  workspaceId: string
  workspaceName: string
  email: string
  role: Role
  hash: string
  endsMs: number
  /** the name of whoever invites */
  madeBy: string
  /** somebody who belongs to a workspace has this e-mail */
  known: boolean
}
export interface Wanted {
  workspaceId: string
  email: string
  role: Role
  /** the id of whoever invites */
  madeBy: string
}

export async function makeInvitation(
  env: Env,
  wanted: Wanted,
  now: number,
): Promise<{ invitationId: string; token: string; endsMs: number } | 'belongs' | 'full' | 'no-admin'> {
  const { workspaceId, role, madeBy } = wanted
  const email = wanted.email.toLowerCase()
  if ((await env.DB.prepare(BELONGS).bind(workspaceId, email).first()) !== null) return 'belongs'
  const invitationId = uniqueWith('iv_')
  const token = `iv_${randomText(TOKEN_CHARS)}`
  const endsMs = now + DAYS * DAY_MS
  const [, made] = await env.DB.batch([
    env.DB.prepare('DELETE FROM invitations WHERE endsMs <= ?').bind(now),
    env.DB.prepare(MAKE).bind(invitationId, workspaceId, email, role, await sha256(token), madeBy, now, endsMs),
  ])
  if (made?.meta.changes !== 0) return { invitationId, token, endsMs }
  return (await env.DB.prepare(IS_ADMIN).bind(madeBy, workspaceId).first()) === null ? 'no-admin' : 'full'
}

/** Those that wait, the newest first. */
export async function invitationsOf(env: Env, workspaceId: string, now: number): Promise<InvitationRow[]> {
  return (await env.DB.prepare(LIST).bind(workspaceId, now).all<InvitationRow>()).results
}

/** False: there is no such invitation here. */
export async function revokeInvitation(env: Env, workspaceId: string, invitationId: string): Promise<boolean> {
  const done = env.DB.prepare('DELETE FROM invitations WHERE workspaceId = ? AND invitationId = ?')
  return (await done.bind(workspaceId, invitationId).run()).meta.changes > 0
}

/** Null: the token is wrong, or its invitation was used, declined or revoked, or is over. */
export async function invitationOf(env: Env, token: string, now: number): Promise<Invitation | null> {
  if (!FORM.test(token)) return null
  const row = await env.DB.prepare(FIND)
    .bind(await sha256(token), now)
    .first<Omit<Invitation, 'known'> & { known: number }>()
  return row === null ? null : { ...row, known: row.known !== 0 }
}

export async function dropInvitation(env: Env, { hash }: Invitation): Promise<void> {
  await env.DB.prepare('DELETE FROM invitations WHERE hash = ?').bind(hash).run()
}

/** The person belongs to the workspace from now on, in one transaction with the end of the invitation. False: it is over. */
export async function useInvitation(env: Env, invitation: Invitation, userId: string, now: number): Promise<boolean> {
  const done = await env.DB.batch(use(env, invitation, userId, now))
  return (done.at(-1)?.meta.changes ?? 0) > 0
}

/** The last statement tells by its changes whether the invitation was good. Nobody joins who is not there. */
function use(env: Env, { hash }: Invitation, userId: string, now: number): D1PreparedStatement[] {
  return [
    placeSignIns(env, userId),
    env.DB.prepare(
      `INSERT INTO membership (userId, workspaceId, role, chosenMs) SELECT ?1, i.workspaceId, i.role, ?3 FROM invitations i
       WHERE i.hash = ?2 AND i.endsMs > ?3 AND ${MADE_BY_ADMIN} AND EXISTS (SELECT 1 FROM user WHERE id = ?1) ON CONFLICT (userId, workspaceId) DO NOTHING`,
    ).bind(userId, hash, now),
    env.DB.prepare(
      `DELETE FROM invitations AS i WHERE i.hash = ?1 AND i.endsMs > ?2 AND ${MADE_BY_ADMIN} AND EXISTS (SELECT 1 FROM user WHERE id = ?3)`,
    ).bind(hash, now, userId),
  ]
}

/** A newcomer's account and membership. */
export async function joinAsNew(
  env: Env,
  invitation: Invitation,
  person: Pick<NewMember, 'name' | 'password'>,
  now: number,
): Promise<{ userId: string } | 'known' | 'over'> {
  const { userId, statements } = await newAccount(env, { ...person, email: invitation.email })
  const done = await env.DB.batch([
    ...statements,
    ...use(env, invitation, userId, now),
    // It was revoked a moment before, so nobody has asked this account in.
    env.DB.prepare('DELETE FROM user WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM membership WHERE userId = ?1)').bind(
      userId,
    ),
  ])
  if (!wasMade(done)) return 'known'
  return (done.at(-1)?.meta.changes ?? 0) > 0 ? 'over' : { userId }
}
