/** All stubs come from here, a new one per attempt, because a stub that saw a reset keeps failing. */
import { logId } from '../core/ids.ts'
import { monthOf } from '../core/month.ts'
import type { Env } from './env.ts'

const SPACES = {
  batch: 'BATCH',
  billing: 'BILLING',
  call: 'CALL',
  campaign: 'CAMPAIGN',
  desk: 'DESK',
  import: 'IMPORT',
  inbox: 'INBOX',
  mask: 'MASK',
  queue: 'QUEUE',
  recording: 'RECORDING',
  registrar: 'REGISTRAR',
  rehearsal: 'REHEARSAL',
  room: 'ROOM',
  stream: 'STREAM',
  subscriber: 'SUBSCRIBER',
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

/** The log of a workspace: the object of this month answers for all. */
export function logOf(env: Env, workspaceId: string): ReturnType<Env['LOG']['getByName']> {
  return stubFor(env, 'log', logId(workspaceId, monthOf(Date.now())))
}
