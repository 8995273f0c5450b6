/**
 * The sign-in of the person who opens a socket, as the Worker hands it to the actor. The Worker sets the header itself, so what a
 * browser sends under this name is never read.
 */
const HEADER = 'X-Trunkline-Sign-In'

export interface SocketSignIn {
  id: string
  endsMs: number
  userId: string
  role: string
  /** of a program: `id` is that of its key, which must have this scope */
  scope?: string
}

/** An upgrade for an actor, with the person's sign-in. */
export function upgradeFor(url: string, signIn: SocketSignIn): Request {
  return new Request(url, { headers: { Upgrade: 'websocket', [HEADER]: JSON.stringify(signIn) } })
}

/**
 * Of a workspace `w` and a person `u`: the workspace wants a second factor, and the person has none. Such a sign-in opens only the
 * set-up (`src/worker/route-table.ts`).
 */
export const OWES_SECOND_FACTOR = '(w.secondFactor = 1 AND u.twoFactorEnabled = 0)'

/** Those sign-ins that stand, of people who are in this workspace with the role in which they opened their socket, and of programs whose key does. */
export async function standingOf(
  database: D1Database,
  workspaceId: string,
  signIns: SocketSignIn[],
): Promise<SocketSignIn[]> {
  const programs = signIns.filter(one => one.scope !== undefined)
  const keys = programs.length === 0 ? [] : await keysStanding(database, workspaceId, programs)
  const people = signIns.filter(one => one.scope === undefined)
  return people.length === 0 ? keys : [...keys, ...(await peopleStanding(database, workspaceId, people))]
}

/** A key that was revoked, is over, or has lost the scope opens nothing any more. */
async function keysStanding(
  database: D1Database,
  workspaceId: string,
  programs: SocketSignIn[],
): Promise<SocketSignIn[]> {
  const { results } = await database
    .prepare(
      `SELECT k.keyId AS id, s.value AS scope FROM api_keys k, json_each(k.scopes) s
       WHERE k.workspaceId = ? AND k.keyId IN (SELECT value FROM json_each(?)) AND (k.endsMs IS NULL OR k.endsMs > ?)`,
    )
    .bind(workspaceId, JSON.stringify(programs.map(one => one.id)), Date.now())
    .all<{ id: string; scope: string }>()
  return programs.filter(one => results.some(({ id, scope }) => id === one.id && scope === one.scope))
}

async function peopleStanding(
  database: D1Database,
  workspaceId: string,
  signIns: SocketSignIn[],
): Promise<SocketSignIn[]> {
  const { results } = await database
    .prepare(
      `SELECT s.id, m.role FROM session s JOIN membership m ON m.userId = s.userId AND m.workspaceId = s.workspaceId
       JOIN workspace w ON w.id = m.workspaceId JOIN user u ON u.id = m.userId
       WHERE m.workspaceId = ? AND s.id IN (SELECT value FROM json_each(?)) AND s.expiresAt > ? AND NOT ${OWES_SECOND_FACTOR}`,
    )
    .bind(workspaceId, JSON.stringify(signIns.map(one => one.id)), new Date().toISOString())
    .all<{ id: string; role: string }>()
  return signIns.filter(one => results.some(({ id, role }) => id === one.id && role === one.role))
}

export function signInOf(request: Request): SocketSignIn | null {
  const text = request.headers.get(HEADER)
  return text === null ? null : (JSON.parse(text) as SocketSignIn)
}
