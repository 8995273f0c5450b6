/** Desks as tests begin with them. */
import { deskId, lineId } from '../ids.ts'
import { type DeskState, EMPTY_DESK } from './state.ts'

/** The first line of this agent is open, as the carrier's call `CA9` in their fourth room, and nobody has them. */
export function readyDesk(name: 'Ada' | 'Bo'): DeskState {
  const userId = name.toLowerCase()
  const id = deskId('w_a', userId)
  return {
    ...EMPTY_DESK,
    agent: { userId, deskId: id, name, role: 'agent', identity: `agent_${userId}` },
    phone: { ownerTabId: 'tab', state: 'registered' },
    line: { ...EMPTY_DESK.line, state: 'open', generation: 4, opened: 1, callId: lineId(id, 1), providerId: 'CA9' },
  }
}
