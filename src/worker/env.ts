/** The settings, checked once per isolate; `/readyz` names what is missing. */
import { z } from 'zod'
import type { Env } from '../actors/env.ts'
import { listIn } from '../providers/ice/server-list.ts'
import { missingForCarrier } from '../providers/registry.ts'
import type { Role } from '../wire/api.ts'

/** Who may make workspaces: admins of the first one, admins of any, or everybody who is signed in. */
const newWorkspaces = z.preprocess(word => word || 'first-admins', z.enum(['first-admins', 'admins', 'everybody']))

const settings = z.object({
  PUBLIC_BASE_URL: z.url(),
  SESSION_SECRET: z.string().min(32),
  NEW_WORKSPACES: newWorkspaces,
})

/** Names of the settings that are missing or unreadable; never their values. */
export async function missingSettings(env: Env): Promise<string[]> {
  const parsed = settings.safeParse(env)
  const ours = parsed.success ? [] : parsed.error.issues.map(issue => String(issue.path[0]))
  const unreadable = listIn(env.ICE_SERVERS) === null ? ['ICE_SERVERS'] : []
  return [...new Set([...ours, ...unreadable, ...(await missingForCarrier(env))])]
}

/** Local mode depends on how the process was started: the environment must say it and the public base must be loopback. */
export function isLocal(env: Env): boolean {
  if (env.TRUNKLINE_MODE !== 'local') return false
  const host = URL.canParse(env.PUBLIC_BASE_URL ?? '') ? new URL(env.PUBLIC_BASE_URL ?? '').hostname : ''
  return host === '127.0.0.1' || host === 'localhost'
}

/** The workspace that the environment's carrier account belongs to. */
export function homeWorkspace(env: Env): string {
  return env.TRUNKLINE_WORKSPACE ?? 'w_main'
}

/** A word that cannot be read lets nobody but those of the default. */
export function mayMakeWorkspace(env: Env, { role, workspaceId }: { role: Role; workspaceId: string }): boolean {
  switch (newWorkspaces.catch('first-admins').parse(env.NEW_WORKSPACES)) {
    case 'first-admins':
      return role === 'admin' && workspaceId === homeWorkspace(env)
    case 'admins':
      return role === 'admin'
    case 'everybody':
      return true
  }
}
