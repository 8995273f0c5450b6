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
  if (facts.length === 0 && after === before && before.phase !== 'over') return
  const broken = (law: string) => world.broken(`${call.id}: ${law}`)
  if (before.phase === 'over') {
    if (after !== before) broken('an over call changed')
    const lives = input.type === 'provider.reported' && rankOf(input.status) < RANK_OVER
    if (lives && input.providerId !== before.providerId && !effects.some(effect => effect.type === 'complete-call'))
      broken('a call that we believe dead lives on')
    for (const { type } of facts) if (type !== 'call-stray' && type !== 'call-recording') broken('facts after the end')
    return
  }
  if (after.phase === 'over') call.overAt = world.now
  let ends = 0
  for (const { type } of facts) if (type === 'call-hungup') ends += 1
  if (ends > 1) broken('two ends')
  if (before.phase === 'live' && after.phase === 'live') {
    if (before.answeredAt !== null && after.answeredAt !== before.answeredAt) broken('answered twice')
    if (before.providerId !== null && after.providerId !== before.providerId) broken('the carrier id changed')
    if (rankOf(after.providerStatus) < rankOf(before.providerStatus)) broken('the status went back')
    if (before.attempt.state !== 'waiting-slot' && effects.some(effect => effect.type === 'create-call'))
      broken('attempted twice')
  }
}

function rankOf(status: string | null): number {
  return status === null ? -1 : (RANK[status as keyof typeof RANK] ?? RANK_OVER)
}
