/** People: better-auth with e-mail and password on D1; roles are in our own membership table. */

import type { Env } from '../actors/env.ts'
import { OWES_SECOND_FACTOR } from '../actors/sign-in.ts'
import type { Role } from '../wire/api.ts'
import type { Scope } from '../wire/scope.ts'
import type { Auth } from './auth.ts'
import { randomText } from './secret-text.ts'
import { LAST_PLACE } from './workspaces.ts'

/** Whoever acts: a person, or a program with a key, whose `userId` is that of the key. */
export interface Caller {
  userId: string
  name: string
  role: Role
  workspaceId: string
  workspaceName: string
  /** the key of a program; a person has none */
  keyId?: string
  /** the sign-in of this request; of a program: its key */
  session: { id: string; endsMs: number }
  /** of that key */
  scopes?: readonly Scope[]
}
export interface Member extends Caller {
  email: string
  /** the workspace wants a second factor, and this person has none: only the set-up is open */
  owesSecondFactor: boolean
}

const made = new WeakMap<object, Auth>()

/** There is one per isolate and environment. The first request that needs it loads it; a webhook never does. */
export async function authOf(env: Env): Promise<Auth> {
  const { makeAuth } = await import('./auth.ts')
  // Another request may have made it during the wait, so look before building one, which costs milliseconds.
  const auth = made.get(env.DB) ?? makeAuth(env)
  made.set(env.DB, auth)
  return auth
}

/** Who is signed in, whether or not they belong to a workspace. */
export interface SignedIn {
  userId: string
  name: string
  email: string
  session: { id: string; endsMs: number }
}

export async function signedInOf(env: Env, headers: Headers): Promise<SignedIn | null> {
  const session = await (await authOf(env)).api.getSession({ headers })
  if (!session) return null
  const { user, session: of } = session
  const signIn = { id: of.id, endsMs: new Date(of.expiresAt).getTime() }
  return { userId: user.id, name: user.name, email: user.email, session: signIn }
}

/** A sign-in is in one workspace at a time (`workspaces.ts`); it is looked at with every request. */
const PLACE = `SELECT m.role, m.workspaceId, w.name AS workspaceName, COALESCE(m.name, u.name) AS name,
    ${OWES_SECOND_FACTOR} AS owes
  FROM session s JOIN membership m ON m.userId = s.userId AND m.workspaceId = s.workspaceId JOIN workspace w ON w.id = m.workspaceId
  JOIN user u ON u.id = s.userId
  WHERE s.id = ?`
/** A new sign-in begins where the person went last, and stays there whatever their other sign-ins do. */
const BEGIN = `UPDATE session SET workspaceId = ${LAST_PLACE} WHERE id = ? AND workspaceId IS NULL`

export async function memberOf(env: Env, headers: Headers): Promise<Member | null> {
  const person = await signedInOf(env, headers)
  if (person === null) return null
  const place = async () =>
    env.DB.prepare(PLACE)
      .bind(person.session.id)
      .first<Pick<Member, 'role' | 'workspaceId' | 'workspaceName' | 'name'> & { owes: number }>()
  let found = await place()
  if (found === null) {
    await env.DB.prepare(BEGIN).bind(person.session.id).run()
    found = await place()
  }
  if (found === null) return null
  const { owes, ...of } = found
  return { ...person, ...of, owesSecondFactor: owes === 1 }
}

/** People of a workspace in the order of their ids, after `cursor`. */
export async function membersOf(
  env: Env,
  workspaceId: string,
  cursor: string | null,
  limit: number,
): Promise<Pick<Member, 'userId' | 'name' | 'role'>[]> {
  const { results } = await env.DB.prepare(
    'SELECT m.userId, COALESCE(m.name, u.name) AS name, m.role FROM membership m JOIN user u ON u.id = m.userId WHERE m.workspaceId = ? AND m.userId > ? ORDER BY m.userId LIMIT ?',
  )
    .bind(workspaceId, cursor ?? '', limit)
    .all<Pick<Member, 'userId' | 'name' | 'role'>>()
  return results
}

export async function memberRowOf(
  env: Env,
  workspaceId: string,
  userId: string,
): Promise<Pick<Member, 'userId' | 'name' | 'role'> | null> {
  return env.DB.prepare(
    'SELECT m.userId, COALESCE(m.name, u.name) AS name, m.role FROM membership m JOIN user u ON u.id = m.userId WHERE m.workspaceId = ? AND m.userId = ?',
  )
    .bind(workspaceId, userId)
    .first<Pick<Member, 'userId' | 'name' | 'role'>>()
}

/** A person by their id, or by the name that calls and queues have for them (`deskName`). */
export async function memberNamed(
  env: Env,
  workspaceId: string,
  name: string,
): Promise<Pick<Member, 'userId' | 'name' | 'role'> | null> {
  return env.DB.prepare(
    "SELECT m.userId, COALESCE(m.name, u.name) AS name, m.role FROM membership m JOIN user u ON u.id = m.userId WHERE m.workspaceId = ?1 AND (m.userId = ?2 OR replace(m.userId, '-', '_') = ?2)",
  )
    .bind(workspaceId, name)
    .first<Pick<Member, 'userId' | 'name' | 'role'>>()
}

export async function hasPeople(env: Env): Promise<boolean> {
  return (await env.DB.prepare('SELECT id FROM user LIMIT 1').first()) !== null
}

export interface NewMember {
  email: string
  name: string
  password: string
  role: Role
  workspaceId: string
  workspaceName: string
  /** somebody else has typed the password */
  given?: boolean
}

/** Creates the person and the membership. Null: the e-mail is known, here or in another workspace, and nothing is changed. */
export async function addMember(env: Env, member: NewMember): Promise<string | null> {
  const { userId, statements } = await newAccount(env, member)
  const made = await env.DB.batch([...statements, ...membership(env, userId, member)])
  return wasMade(made) ? userId : null
}

/** The same for a person who may exist already; their role becomes the one given. */
export async function ensureMember(env: Env, member: NewMember): Promise<string> {
  const known = await userIdOf(env, member.email)
  const userId = known ?? (await addMember(env, member)) ?? (await userIdOf(env, member.email))
  if (userId === null) throw new Error('a known e-mail without a user')
  await env.DB.batch(membership(env, userId, member))
  return userId
}

export async function userIdOf(env: Env, email: string): Promise<string | null> {
  const row = await env.DB.prepare('SELECT id FROM user WHERE email = ?')
    .bind(email.toLowerCase())
    .first<{ id: string }>()
  return row?.id ?? null
}

/** Nothing happens if there is no such person. */
function membership(env: Env, userId: string, member: NewMember): D1PreparedStatement[] {
  return [
    env.DB.prepare('INSERT OR IGNORE INTO workspace (id, name, createdAt) VALUES (?, ?, ?)').bind(
      member.workspaceId,
      member.workspaceName,
      Date.now(),
    ),
    env.DB.prepare(
      `INSERT INTO membership (userId, workspaceId, role) SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM user WHERE id = ?1)
       ON CONFLICT (userId, workspaceId) DO UPDATE SET role = ?3`,
    ).bind(userId, member.workspaceId, member.role),
  ]
}

const USER_ID_CHARS = 32
/** Whoever belongs to no workspace is forgotten (`membership.ts`), and so is what an interrupted request of earlier versions has left. */
const FORGET = 'DELETE FROM user WHERE email = ?1 AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.userId = user.id)'
const NEW_USER = `INSERT INTO user (id, name, email, emailVerified, createdAt, updatedAt, givenPassword) VALUES (?1, ?2, ?3, 1, ?4, ?4, ?5)
  ON CONFLICT (email) DO NOTHING`
const NEW_ACCOUNT = `INSERT INTO account (id, accountId, providerId, userId, password, createdAt, updatedAt)
  SELECT ?1, ?2, 'credential', ?2, ?3, ?4, ?4 WHERE EXISTS (SELECT 1 FROM user WHERE id = ?2)`

/**
 * The statements that make a person with a password, in the form of better-auth. They go into one transaction with the membership, so
 * that no request that ends halfway leaves an e-mail behind that is taken and opens nothing.
 */
export async function newAccount(
  env: Env,
  { email, name, password, given = false }: Pick<NewMember, 'email' | 'name' | 'password' | 'given'>,
): Promise<{ userId: string; statements: D1PreparedStatement[] }> {
  const hash = await (await (await authOf(env)).$context).password.hash(password)
  const [userId, accountId] = [randomText(USER_ID_CHARS), randomText(USER_ID_CHARS)]
  const [address, now] = [email.toLowerCase(), new Date().toISOString()]
  const statements = [
    env.DB.prepare(FORGET).bind(address),
    env.DB.prepare(NEW_USER).bind(userId, name, address, now, given ? hash : null),
    env.DB.prepare(NEW_ACCOUNT).bind(accountId, userId, hash, now),
  ]
  return { userId, statements }
}

/** Of a transaction that begins with the statements of `newAccount`. False: the e-mail is known. */
export function wasMade([, user]: D1Result[]): boolean {
  return user?.meta.changes === 1
}

/** Is the password the one that somebody else has typed? Every other password has another hash. */
export async function hasGivenPassword(env: Env, userId: string): Promise<boolean> {
  const row = env.DB.prepare(
    "SELECT 1 FROM user u JOIN account a ON a.userId = u.id WHERE u.id = ? AND a.providerId = 'credential' AND a.password = u.givenPassword",
  )
  return (await row.bind(userId).first()) !== null
}

/** Was this the password that somebody else has typed? A change back to it would look like a choice of the person's own. */
export async function wasGiven(env: Env, userId: string, password: string): Promise<boolean> {
  const hash = await env.DB.prepare('SELECT givenPassword FROM user WHERE id = ?')
    .bind(userId)
    .first<string | null>('givenPassword')
  return hash !== null && (await (await authOf(env)).$context).password.verify({ hash, password })
}

/** Ends all sign-ins of the person and begins a new one: its cookies. Null: the current password is not right. */
export async function changePassword(
  env: Env,
  headers: Headers,
  currentPassword: string,
  newPassword: string,
): Promise<string[] | null> {
  const body = { currentPassword, newPassword, revokeOtherSessions: true }
  const answer = await (await authOf(env)).api.changePassword({ body, headers, asResponse: true })
  return answer.ok ? answer.headers.getSetCookie() : null
}

/** The sign-in answer of better-auth, with its cookie. */
export async function signIn(env: Env, email: string, password: string): Promise<Response> {
  return (await authOf(env)).api.signInEmail({ body: { email, password }, asResponse: true })
}
