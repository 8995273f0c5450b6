/** Facts of older releases of the desk, in today's words. One that is of today is given back as it is. */
import type { OldFact } from '../machine.ts'
import type { DeskFactOf, Lease, SeatAsk, SeatAsker } from './state.ts'

/** 0.1.0 knew leases to batches only. */
interface OldLease {
  leaseId: string
  batchId: string
  campaignId: string | null
}

export function upcastLease(lease: OldLease | Lease): Lease {
  return 'for' in lease ? lease : { leaseId: lease.leaseId, for: { kind: 'batch', id: lease.batchId } }
}

function askerOf(campaignId: unknown): SeatAsker {
  return { kind: 'campaign', id: String(campaignId ?? '') }
}

export function upcastDesk(fact: OldFact): DeskFactOf {
  const today = (change: object) => ({ ...fact, ...change }) as unknown as DeskFactOf
  switch (fact.type) {
    // 0.1.0 knew the agent's own leg by the carrier's id alone; its room called it `line` (core/room/upcast.ts).
    case 'line-opening':
      return 'callSid' in fact ? today({ callId: 'line', providerId: fact.callSid }) : today({})
    case 'seat-granted': {
      const lease = fact.lease as OldLease | Lease
      const asker = 'campaignId' in lease ? { asker: askerOf(lease.campaignId) } : {}
      return today({ ...asker, lease: upcastLease(lease) })
    }
    case 'seat-revoked':
    case 'seat-paused':
    case 'single-asked':
      return today({ lease: upcastLease(fact.lease as OldLease | Lease) })
    case 'seat-asked': {
      const ask = fact.ask as SeatAsk | { askId: string; campaignId: string; batchId: string }
      if ('for' in ask) return today({})
      return today({
        ask: { askId: ask.askId, asker: askerOf(ask.campaignId), for: { kind: 'batch', id: ask.batchId } },
      })
    }
    case 'seat-refused':
      return 'asker' in fact ? today({}) : today({ asker: askerOf(fact.campaignId) })
    default:
      return fact as unknown as DeskFactOf
  }
}
