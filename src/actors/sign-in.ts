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
}

/** An upgrade for an actor, with the person's sign-in. */
export function upgradeFor(url: string, signIn: SocketSignIn): Request {
  return new Request(url, { headers: { Upgrade: 'websocket', [HEADER]: JSON.stringify(signIn) } })
}

/** Those sign-ins that stand, of people who have the role in which they opened their socket. */
export async function standingOf(
  database: D1Database,
  workspaceId: string,
  signIns: SocketSignIn[],
): Promise<SocketSignIn[]> {
  const { results } = await database
    .prepare(
      `SELECT s.id, m.role FROM session s JOIN membership m ON m.userId = s.userId
       WHERE m.workspaceId = ? AND s.id IN (SELECT value FROM json_each(?)) AND s.expiresAt > ?`,
    )
    .bind(workspaceId, JSON.stringify(signIns.map(one => one.id)), new Date().toISOString())
    .all<{ id: string; role: string }>()
  return signIns.filter(one => results.some(({ id, role }) => id === one.id && role === one.role))
}

export function signInOf(request: Request): SocketSignIn | null {
  const text = request.headers.get(HEADER)
  return text === null ? null : (JSON.parse(text) as SocketSignIn)
}
