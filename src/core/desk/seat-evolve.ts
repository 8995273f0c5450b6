/** What a fact changes in the seat of an agent, in the round or pool that it is for, and in the agent's own line. */
import { unreachable } from '../machine.ts'
import type { DeskFactOf, DeskState } from './state.ts'

type SeatFact = Extract<
  DeskFactOf,
  {
    type:
      | 'seat-granted'
      | 'seat-asked'
      | 'seat-ask-withdrawn'
      | 'seat-refused'
      | 'seat-revoked'
      | 'seat-returned'
      | 'round-shown'
      | 'single-asked'
  }
>

export function withSeat(state: DeskState, fact: SeatFact): DeskState {
  switch (fact.type) {
    case 'seat-granted':
      return { ...state, lease: fact.lease, leases: state.leases + 1, asked: null }
    case 'seat-asked':
      return { ...state, asked: fact.ask }
    case 'seat-ask-withdrawn':
    case 'seat-refused':
      return state.asked?.askId === fact.askId ? { ...state, asked: null } : state
    case 'seat-revoked':
      return { ...state, lease: null, leaving: fact.lease, presenceSinceMs: fact.at }
    case 'seat-returned':
      return { ...state, lease: null, leaving: null, presenceSinceMs: fact.at }
    case 'round-shown':
      return {
        ...state,
        batchId: fact.batchId,
        campaignId: fact.campaignId,
        lanes: fact.personal.lanes,
        settings: fact.settings,
        presenceSinceMs: fact.at,
      }
    case 'single-asked':
      return {
        ...state,
        lease: fact.lease,
        leases: state.leases + 1,
        batchId: fact.batchId,
        campaignId: null,
        lanes: fact.personal.lanes,
      }
    default:
      return unreachable(fact)
  }
}

export function withLine(
  state: DeskState,
  fact: Extract<DeskFactOf, { type: 'line-opening' | 'line-opened' | 'line-away' | 'line-closed' }>,
): DeskState {
  const line = { ...state.line, sinceMs: fact.at, graceUntilMs: null }
  switch (fact.type) {
    case 'line-opening':
      // A line that comes back while it is away or open keeps its room, because the customer waits there.
      return {
        ...state,
        line: {
          ...line,
          state: 'opening',
          callId: fact.callId,
          providerId: fact.providerId,
          opened: line.opened + 1,
          generation: fact.generation,
          graceUntilMs: state.line.graceUntilMs,
        },
      }
    case 'line-opened':
      return { ...state, line: { ...line, state: 'open', kept: null } }
    case 'line-away':
      return { ...state, line: { ...line, state: 'away', graceUntilMs: fact.graceUntilMs, kept: fact.kept ?? null } }
    case 'line-closed':
      // The next line has a room of its own.
      return { ...state, guests: [], line: { ...line, state: 'closed', callId: null, providerId: null, kept: null } }
    default:
      return unreachable(fact)
  }
}
