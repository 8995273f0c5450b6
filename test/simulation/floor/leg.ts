/** One call at the carrier of a floor: a caller, the line of an agent, or a number that somebody asks first. */
import type { Instructions } from '../../../src/core/instruction/instruction.ts'
import type { Role } from '../../../src/core/room/state.ts'

export type Ended =
  /** by whoever is at the far end */
  | 'far-end'
  /** its document was over, or said so */
  | 'document'
  /** by a request of ours */
  | 'rest'
  /** no webhook of ours answered */
  | 'fallback'
  /** the line of an agent, by the network */
  | 'dropped'

export interface Leg {
  readonly sid: string
  /** of a line: known when our desk has answered */
  callId: string
  readonly kind: 'caller' | 'line' | 'number'
  readonly to: string
  status: 'ringing' | 'in-progress' | 'over'
  reported: number
  /** raised by every new document; what an older one still does counts no more */
  turn: number
  document: Instructions
  /** the agent whose phone rings, or has this caller, and since when */
  phone: { deskId: string; sinceMs: number; taken: boolean } | null
  room: string | null
  role: Role
  joinedAt: number
  held: boolean
  /** music, words or ringing outside a room */
  sounds: boolean
  silentSince: number | null
  /** has been with somebody, or in a queue: silence counts from then on */
  met: boolean
  /** why this call may end: an agent or the number has ended it, or a message was left */
  mayEnd: string | null
  ended: Ended | null
  endedAt: number | null
}

export function newLeg(sid: string, callId: string, kind: Leg['kind'], to: string): Leg {
  return {
    ...{ sid, callId, kind, to, status: 'ringing', reported: 0, turn: 0, document: [], phone: null },
    ...{ room: null, role: 'customer', joinedAt: 0, held: false, sounds: true, silentSince: null, met: false },
    ...{ mayEnd: null, ended: null, endedAt: null },
  }
}
