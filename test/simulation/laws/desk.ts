/** Laws of a desk: one lease, one conversation, nothing lost from the screen. */
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
  const mustShow = (callId: string | undefined, since: number) => {
    if (callId === undefined || callId === after.conversation?.callId || callId === after.parked?.callId) return
    for (let index = since; index < facts.length; index += 1) {
      const fact = facts[index]
      if (fact?.type === 'conversation-ended' && fact.callId === callId) return
    }
    broken(`the conversation ${callId} is gone from the screen`)
  }
  mustShow(before.conversation?.callId, 0)
  mustShow(before.parked?.callId, 0)
  let leaseId = before.lease?.leaseId ?? null
  for (const fact of facts) {
    switch (fact.type) {
      case 'seat-granted':
      case 'single-asked':
        if (leaseId !== null && leaseId !== fact.lease.leaseId) broken('two leases')
        stillSeated(world, desk.id, fact.lease.for.id)
        leaseId = fact.lease.leaseId
        break
      case 'inbound-accepted':
        if (fact.lease === undefined) break
        if (leaseId !== null) broken('two leases')
        leaseId = fact.lease.leaseId
        break
      case 'seat-revoked':
      case 'seat-returned':
        leaseId = null
        break
      case 'conversation-started':
        mustShow(fact.callId, facts.indexOf(fact) + 1)
        break
      default:
    }
  }
  for (const owed of after.pending)
    if (after.pending.some(other => other.callId === owed.callId && other !== owed)) broken('an outcome owed twice')
  if (after.line.state === 'closed' && after.lease) broken('a closed line holds a seat')
  if (after.line.generation < before.line.generation) broken('the generation of the line went back')
}
