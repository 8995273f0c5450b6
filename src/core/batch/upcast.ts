/** Facts of older releases of the batch, in today's words. One that is of today is given back as it is. */
import type { OldFact } from '../machine.ts'
import type { BatchFact, SeatPlace } from './state.ts'

/** 0.1.0 named a room, or an AI agent without a version as `ai:<agent>`. */
export function placeOf(room: string): SeatPlace {
  if (!room.startsWith('ai:')) return { kind: 'room', room }
  const order = { agentId: room.slice('ai:'.length), version: 1, record: false }
  return { kind: 'agent', order: { ...order, driver: 'stream', language: 'en-US' } }
}

export function upcastBatch(fact: OldFact): BatchFact {
  if (fact.type === 'batch-opened') {
    // The host was an agent's id. A round that was in the air then gives people without a seat the message.
    const { host, ...policy } = fact.policy as Record<string, unknown>
    return { ...fact, policy: typeof host === 'object' ? { ...policy, host } : policy } as unknown as BatchFact
  }
  if (fact.type === 'seat-joined') {
    const { room, ...seat } = fact.seat as { room?: string; place?: SeatPlace }
    return { ...fact, seat: room === undefined ? seat : { ...seat, place: placeOf(room) } } as unknown as BatchFact
  }
  return fact as unknown as BatchFact
}
