/** The call that a request names by the carrier's id or by ours: whose number it was. */
import type { Env } from '../../actors/env.ts'
import { logOf } from '../../actors/stubs.ts'
import { callDetail } from '../../wire/api.ts'

/** The log hears of a call a second after it happens (`LOG_DELAY_MS`), and an outcome may be saved sooner. */
const HEARD_WITHIN_MS = 4_000
const LOOK_MS = 400

export interface CalledNumber {
  callId: string
  /** the other person's, E.164; null: it was withheld */
  number: string | null
}

/**
 * @param waits look again until the log has heard of the call: an opt-out must not miss the number
 * @returns null: this workspace knows no such call
 */
export async function calledNumber(
  env: Env,
  workspaceId: string,
  named: string,
  waits: boolean,
): Promise<CalledNumber | null> {
  const until = Date.now() + (waits ? HEARD_WITHIN_MS : 0)
  for (;;) {
    const row = await rowOf(env, workspaceId, named)
    if (row !== null) return { callId: row.callId, number: row.number === '' ? null : row.number }
    if (Date.now() >= until) return null
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }
}

async function rowOf(env: Env, workspaceId: string, named: string) {
  const log = logOf(env, workspaceId)
  const brought = await log.byProviderId(named)
  if (brought !== null) return brought
  const json = await log.detail(named)
  return json === null ? null : callDetail.parse(JSON.parse(json)).call
}
