/** Whose leg one of the carrier is. */
import type { Participant, RoomState } from './state.ts'

/** The participant whose leg this is now; null when it is no participant's leg, or one that a participant had before. */
export function ofLeg(state: RoomState, providerId: string): Participant | null {
  return state.participants.find(one => state.carrier.legs[one.callId] === providerId) ?? null
}

/** A leg or a conference that is over. */
export function isGone(state: RoomState, carrierId: string): boolean {
  return state.gone.includes(carrierId)
}
