/** The sound of a call for a program: the carrier's sound comes to the call's own object, which passes it on. */
import type { Env } from '../../actors/env.ts'
import { upgradeFor } from '../../actors/sign-in.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { CallId } from '../../core/ids.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'

const SCOPE = 'calls:listen'

/** @throws Refusal 409 in words: this call has no sound now */
export async function mediaStream(env: Env, member: Caller, callId: CallId): Promise<Response> {
  const stub = stubFor(env, 'call', callId)
  const signIn = { id: member.keyId ?? '', endsMs: 0, userId: member.userId, role: member.role, scope: SCOPE }
  const answer = await stub.fetch(
    upgradeFor(`https://call/media?by=${encodeURIComponent(member.name.toWellFormed())}`, signIn),
  )
  if (answer.status === 409) throw new Refusal(409, await answer.text())
  if (answer.status === 429) throw new Refusal(429, 'As many listen to this call as may.')
  return answer
}
