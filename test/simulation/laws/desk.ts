/** One agent: one lease, one conversation, nothing lost from the screen. */
import { isOpen } from '../../../src/core/batch/state.ts'
import type { DeskEffect, DeskFactOf, DeskInput, DeskState } from '../../../src/core/desk/state.ts'
import type { Desk } from '../actors/desk.ts'
import type { Judged } from '../part.ts'
import type { World } from '../world.ts'

/** A lease is granted only when no other batch believes in one. */
function stillSeated(world: World, deskId: string, batchId: string): void {
  for (const { id, state } of world.batches.values())
    if (id !== batchId && isOpen(state) && state.seats.some(seat => seat.deskId === deskId))
      world.broken(`${deskId} is granted to ${batchId} while ${id} still has it`)
}

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
        stillSeated(world, desk.id, fact.lease.batchId)
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
  if (after.line.state === 'closed' && after.lease) broken('a closed line holds a seat')
  if (after.line.generation < before.line.generation) broken('the generation of the line went back')
  desk.noticed()
}
