/** The scripted carrier is set up by the environment of local mode and by nothing else; no request can choose it. */
import type { AccountPlace } from '../carrier.ts'
import type { ScriptedAccount } from '../port.ts'

export interface ScriptedEnv {
  /** the workspace whose calls go to the scripted carrier */
  SCRIPTED_CARRIER_WORKSPACE?: string
  TRUNKLINE_MODE?: string
}

const LOOPBACK = /^https?:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/

export function scriptedAccount(env: ScriptedEnv, { workspaceId, publicUrl }: AccountPlace): ScriptedAccount | null {
  if (env.TRUNKLINE_MODE !== 'local' || !LOOPBACK.test(publicUrl)) return null
  if (env.SCRIPTED_CARRIER_WORKSPACE !== workspaceId) return null
  return { provider: 'scripted', workspaceId, publicUrl, callsPerSecond: 100, secret: `scripted ${workspaceId}` }
}
