/** Demo people of local mode. Whether they exist is decided by how the process was started, never by a request. */
import type { Env } from '../../actors/env.ts'
import { homeWorkspace, isLocal } from '../env.ts'
import { ensureMember, signIn } from '../people.ts'
import { Refusal } from '../problem.ts'

export const DEMO_USERS = [
  { key: 'ada', name: 'Ada', email: 'ada@demo.invalid', role: 'agent' },
  { key: 'bo', name: 'Bo', email: 'bo@demo.invalid', role: 'agent' },
  { key: 'sam', name: 'Sam', email: 'sam@demo.invalid', role: 'supervisor' },
  { key: 'root', name: 'Root', email: 'root@demo.invalid', role: 'admin' },
] as const
const DEMO_WORKSPACE = 'Demo workspace'

/** Creates the demo person if they are new, and signs them in; 404 outside local mode. */
export async function demoSignIn(env: Env, key: string): Promise<{ userId: string; cookies: string[] }> {
  if (!isLocal(env)) throw new Refusal(404, 'There is no such thing here.')
  const user = DEMO_USERS.find(one => one.key === key)
  if (!user) throw new Refusal(400, 'There is no such demo user.', [{ field: 'key', message: 'unknown' }])
  const password = await passwordOf(env, user.key)
  const { name, email, role } = user
  const place = { workspaceId: homeWorkspace(env), workspaceName: DEMO_WORKSPACE }
  const userId = await ensureMember(env, { name, email, role, password, ...place })
  const answer = await signIn(env, email, password)
  return { userId, cookies: answer.headers.getSetCookie() }
}

/** Nobody types this password: it is derived from the secret of this installation. */
async function passwordOf(env: Env, key: string): Promise<string> {
  const bytes = new TextEncoder().encode(`demo|${key}|${env.SESSION_SECRET ?? ''}`)
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...hash].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
