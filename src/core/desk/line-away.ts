/** While the agent's line is away (a page that is loaded again), whoever they talk with hears music and not silence. */
import type { Desk } from './decide.ts'
import { roomOf } from './state.ts'

/** Whom the agent talks with in their room, and who hears nothing now; null: nobody, or somebody who hears music already. */
export function leftAlone({ state }: Desk): string | null {
  const { conversation, guests } = state
  if (!conversation || conversation.held || conversation.provisional || conversation.transfer) return null
  return guests.includes(conversation.callId) ? conversation.callId : null
}

export function holdKept(desk: Desk, callId: string | null, held: boolean): void {
  const { conversation } = desk.state
  // A hand-over that has begun meanwhile holds and unholds by itself.
  if (callId === null || conversation?.callId !== callId || conversation.transfer) return
  desk.add({ type: 'hold-asked', at: desk.at, callId, held, room: roomOf(desk.state) })
}
