/** Fetches the sound of a call's recording from the carrier with our keys, which no browser ever sees. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { CallId } from '../../core/ids.ts'
import { telephonyOf } from '../../providers/registry.ts'
import { Refusal } from '../problem.ts'

export async function recordingOf(env: Env, workspaceId: string, callId: CallId): Promise<Response> {
  const telephony = await telephonyOf(env, workspaceId)
  const known = await stubFor(env, 'call', callId).document('recording')
  if (known === null || telephony === null) throw new Refusal(404, 'There is no recording of this call.')
  const answer = await telephony.recordingSound(known).catch(() => null)
  if (answer === null || !answer.ok || answer.body === null)
    throw new Refusal(502, 'The carrier has no sound of it yet.')
  return new Response(answer.body, {
    headers: { 'Content-Type': 'audio/wav', 'Cache-Control': 'private, no-store' },
  })
}
