/**
 * Whoever is alone in a room hears nothing, so a hold is not taken back from them before somebody is there whom they would hear. A
 * conference by name has its own music for that.
 */
import { ofLeg } from './legs.ts'
import type { Role, RoomEffect, RoomFact, RoomState } from './state.ts'

/** Nobody in the room hears them. */
export function isUnheard(role: Role): boolean {
  return role === 'listener' || role === 'coach'
}

/** In this room, and with nobody who hears them and can be heard. The line of an agent waits for nobody. */
export function isAlone({ participants, conference }: RoomState, callId: string): boolean {
  const one = participants.find(other => other.callId === callId)
  if (one === undefined || one.role === 'agent' || conference !== null) return false
  return participants.every(({ callId: other, role, held }) => other === callId || held || isUnheard(role))
}

/** Those who were alone in `state`, and are not any more: the end of their hold, for which somebody has asked, is asked for again. */
export function companyCame(state: RoomState, except: string, at: number): RoomFact[] {
  return state.participants.flatMap(({ callId }): RoomFact[] => {
    const waits = callId !== except && state.wanted[callId] === false && isAlone(state, callId)
    return waits ? [{ type: 'hold-wanted', at, callId, held: false }] : []
  })
}

/**
 * Those whose hold has ended, and who have nobody any more. Whoever was never on hold is the business of their desk, which knows whether they may hear
 * music.
 */
export function leftAlone(state: RoomState): string[] {
  return state.participants.flatMap(({ callId, held }) =>
    !held && state.wanted[callId] === false && isAlone(state, callId) ? [callId] : [],
  )
}

/** The end of a hold that was asked for when somebody was there, and is sent, or sent again, when they have left. */
export function isInVain(
  state: RoomState,
  { providerId, held }: Extract<RoomEffect, { type: 'hold-participant' }>,
): boolean {
  return !held && isAlone(state, ofLeg(state, providerId)?.callId ?? '')
}
