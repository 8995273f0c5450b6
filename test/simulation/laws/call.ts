/** A call's life goes one way, and ends once. */
import type { CallEffect, CallFact, CallInput, CallState } from '../../../src/core/call/state.ts'
import type { Call } from '../actors/call.ts'
import type { Judged } from '../part.ts'
import type { World } from '../world.ts'

const RANK = { queued: 0, initiated: 1, ringing: 2, 'in-progress': 3 } as const
const RANK_OVER = 4

export function judgeCall(
  world: World,
  call: Call,
  { before, input, facts, effects, after }: Judged<CallState, CallInput, CallFact, CallEffect>,
): void {
  const [was, is] = [before.call, after.call]
  if (facts.length === 0 && after === before && was.phase !== 'over') return
  const broken = (law: string) => world.broken(`${call.id}: ${law}`)
  if (was.phase === 'over') {
    if (is !== was) broken('an over call changed')
    const lives = input.type === 'call.reported' && rankOf(input.status) < RANK_OVER
    if (lives && input.providerId !== was.providerId && !effects.some(effect => effect.type === 'complete-call'))
      broken('a call that we believe dead lives on')
    for (const { type } of facts)
      if (type !== 'call-stray' && type !== 'recording-reported' && !type.startsWith('voicemail-'))
        broken('facts after the end')
    return
  }
  if (is.phase === 'over') call.overAt = world.now
  let ends = 0
  for (const { type } of facts) if (type === 'call-hungup') ends += 1
  if (ends > 1) broken('two ends')
  if (was.phase === 'live' && is.phase === 'live') {
    if (was.answeredAt !== null && is.answeredAt !== was.answeredAt) broken('answered twice')
    if (was.providerId !== null && is.providerId !== was.providerId) broken('the carrier id changed')
    if (rankOf(is.providerStatus) < rankOf(was.providerStatus)) broken('the status went back')
    if (was.attempt.state !== 'waiting-slot' && effects.some(effect => effect.type === 'create-call'))
      broken('attempted twice')
  }
}

function rankOf(status: string | null): number {
  return status === null ? -1 : (RANK[status as keyof typeof RANK] ?? RANK_OVER)
}
