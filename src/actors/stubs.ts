/** All stubs come from here, a new one per attempt, because a stub that saw a reset keeps failing. */
import type { Env } from './env.ts'

const SPACES = {
  batch: 'BATCH',
  call: 'CALL',
  campaign: 'CAMPAIGN',
  desk: 'DESK',
  rehearsal: 'REHEARSAL',
  room: 'ROOM',
  trunk: 'TRUNK',
  workspace: 'WORKSPACE',
  log: 'LOG',
} as const

export function stubFor<K extends keyof typeof SPACES>(
  env: Env,
  kind: K,
  id: string,
): ReturnType<Env[(typeof SPACES)[K]]['getByName']> {
  const space = env[SPACES[kind]] as unknown as DurableObjectNamespace
  return space.getByName(id) as unknown as ReturnType<Env[(typeof SPACES)[K]]['getByName']>
}
