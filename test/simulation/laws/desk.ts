/** One agent: one lease, one conversation, nothing lost from the screen. */
import type { DeskEffect, DeskFactOf, DeskInput, DeskState } from '../../../src/core/desk/state.ts'
import type { Desk } from '../actors/desk.ts'
import type { Judged } from '../shell.ts'
import type { World } from '../world.ts'

export function judgeDesk(
  world: World,
  desk: Desk,
  { before, facts, after }: Judged<DeskState, DeskInput, DeskFactOf, DeskEffect>,
): void {
  if (facts.length === 0) return
  const broken = (law: string) => world.broken(`${desk.id}: ${law}`)
  const talks = new Set([before.conversation?.callId, before.parked?.callId])
  let leaseId = before.lease?.leaseId ?? null
  for (const fact of facts) {
    switch (fact.type) {
      case 'seat-granted':
      case 'single-asked':
        if (leaseId !== null && leaseId !== fact.lease.leaseId) broken('two leases')
        leaseId = fact.lease.leaseId
        break
      case 'seat-revoked':
      case 'seat-returned':
        leaseId = null
        break
      case 'conversation-started':
        talks.add(fact.callId)
        break
      case 'conversation-ended':
        talks.delete(fact.callId)
        break
      default:
    }
  }
  const shown = [after.conversation?.callId, after.parked?.callId]
  for (const callId of talks)
    if (callId !== undefined && !shown.includes(callId)) broken(`the conversation ${callId} is gone from the screen`)
  if (new Set(after.pending.map(owed => owed.callId)).size !== after.pending.length) broken('an outcome owed twice')
  if (after.line.generation < before.line.generation) broken('the generation of the line went back')
  desk.noticed()
}
