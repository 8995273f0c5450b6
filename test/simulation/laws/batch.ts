/** The race's laws in a live world: those of the exhaustive proof, and the ones that need several batches and time. */
import {
  type BatchEffect,
  type BatchFact,
  type BatchInput,
  type BatchState,
  isOpen,
} from '../../../src/core/batch/state.ts'
import { brokenLaw } from '../../exhaustive/batch-invariants.ts'
import type { Batch } from '../actors/batch.ts'
import type { Judged } from '../part.ts'
import type { World } from '../world.ts'

/** Every leg is over by then, counted from the end of its batch. */
export const LEG_OVER_MS = 120_000

export function judgeBatch(
  world: World,
  batch: Batch,
  judged: Judged<BatchState, BatchInput, BatchFact, BatchEffect>,
): void {
  const law = brokenLaw(judged)
  if (law) world.broken(`${batch.id}: ${law}`)
  const { facts, input, after } = judged
  if (facts.length === 0) return
  if (input.type === 'seat.left') batch.left.add(input.seatId)
  if (isOpen(after) && after.seats.some(seat => batch.left.has(seat.seatId) && seat.legId === null))
    world.broken(`${batch.id}: dials for a desk that has left`)
  for (const fact of facts) if (fact.type === 'leg-released') batch.releasedAt.set(fact.legId, world.now)
  if (facts[0]?.type === 'batch-opened') oneLeasePerAgent(world, batch, after)
  const idle = after.phase !== 'empty' && !(isOpen(after) && canStillTalk(after))
  if (!idle) batch.endedAt = null
  else batch.endedAt ??= world.now
}

/** No two open batches may have a seat of the same agent, because their customers would meet. */
function oneLeasePerAgent(world: World, opened: Batch, after: BatchState): void {
  if (!isOpen(after)) return
  for (const seat of after.seats)
    for (const other of world.batches.values()) {
      if (other === opened || !isOpen(other.state)) continue
      if (other.state.seats.some(one => one.deskId === seat.deskId))
        world.broken(`${seat.deskId} is leased to ${opened.id} and to ${other.id}`)
    }
}

function canStillTalk(state: Extract<BatchState, { phase: 'open' | 'closing' }>): boolean {
  if (state.seats.some(seat => seat.legId !== null)) return true
  return state.phase === 'open' && state.seats.length > 0
}
