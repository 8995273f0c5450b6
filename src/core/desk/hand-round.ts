/**
 * What an agent dials by hand: one number, or a few people at once. It is a race like a campaign's, but no campaign is asked, and no
 * outcome is owed. What becomes of people who stand in the book is told to the book.
 */
import type { BatchFact } from '../batch/state.ts'
import { DEFAULT_PLAN, nextTry } from '../campaign/retry.ts'
import type { Desk } from './decide.ts'
import { queuedLane } from './lane.ts'
import { type AgentInput, type DeskInput, roomOf } from './state.ts'

export function dialByHand(desk: Desk, input: Extract<AgentInput, { type: 'single.dialed' }>): void {
  if (desk.whyNoSeat() !== null) return
  const { batchId, callId, contact, others = [] } = input
  const lease = { leaseId: desk.nextLeaseId(), for: { kind: 'batch' as const, id: batchId } }
  const lanes = [{ callId, contact }, ...others].map(one => queuedLane({ ...one, from: '' }, desk.at))
  const room = roomOf(desk.state)
  desk.add({ type: 'single-asked', at: desk.at, batchId, lease, room, callId, personal: { lanes } })
}

type Reply = Extract<DeskInput, { type: 'single.opened' | 'single.refused' }>

/** The round is open, or none of our numbers was free. A lane for which there was no number is over. */
export function handRoundReplied(desk: Desk, input: Reply): void {
  if (desk.state.batchId !== input.batchId || desk.state.lanes.length === 0) return
  const froms = input.type === 'single.opened' ? [input.from, ...(input.others ?? [])] : []
  for (const [index, { callId, from, state }] of desk.state.lanes.entries()) {
    const number = froms[index] ?? null
    if (number !== null) {
      if (from === '') desk.add({ type: 'lane-changed', at: desk.at, callId, patch: { from: number } })
    } else if (state !== 'ended') {
      const patch = { state: 'ended' as const, reason: 'refused' as const, sinceMs: desk.at }
      desk.add({ type: 'lane-changed', at: desk.at, callId, patch })
    }
  }
  if (input.type === 'single.refused') desk.returned({ kind: 'batch', id: input.batchId })
}

/** A campaign tells the book by itself. */
export function handRoundTried(desk: Desk, batchId: string, fact: BatchFact): void {
  const { state, at } = desk
  if (fact.type !== 'leg-ended' || state.batchId !== batchId || state.campaignId !== null) return
  const contact = state.lanes.find(one => one.callId === fact.legId)?.contact
  if (!contact || contact.contactId === null) return
  const { status } = nextTry(fact.outcome, contact.attempt - 1, at, DEFAULT_PLAN)
  const { contactId } = contact
  desk.add({ type: 'contact-tried', at, callId: fact.legId, contactId, status, outcome: fact.outcome })
}
