/** The vocabulary of a desk in a consultation: of the agent who asks first, and of the one who is asked and visits their room. */
import type { Move, Phase } from '../call/transfer/moves.ts'
import type { Repeat } from '../machine.ts'
import type { Offered } from './view.ts'

/** A line that goes home from a visit is there by then, or it is given up and opened anew. */
export const VISIT_HOME_MS = 15_000
/** A line that was called in is there by then; the call that has called it in decides earlier. */
export const VISIT_MOST_MS = 20_000

/** Two requests to the carrier may overtake each other: so long after a visit a line that leaves its room is expected back. */
export const VISIT_AFTER_MS = 10_000

/** The agent was asked first by a colleague, and their line is in the colleague's room, or on its way there or home. */
export interface Visit {
  of: Offered
  room: string
  sinceMs: number
  stage: 'going' | 'there' | 'returning'
  /** when the way there or home takes too long; null: the line is there */
  untilMs: number | null
  phase: Phase
}

/** Ids that a consultation needs; they are made outside. */
export interface Asking {
  legId: string
  home: string
}

export type ConsultAgentInput =
  /** of a consultation */
  | { type: 'transfer.move-asked'; callId: string; move: Move }
  /** whoever was asked first leaves again */
  | { type: 'visit.left'; callId: string }

export type ConsultInput =
  /** where a consultation is. `offerId`: this desk's agent is asked in it; null: they ask */
  | { type: 'transfer.phase'; callId: string; transferId: string; offerId: string | null; phase: Phase }
  /** the line shall come into this room, for the person of this offer; and go home again */
  | { type: 'visit.wanted'; of: Offered; room: string }
  | { type: 'visit.over'; of: Offered }
  /** a strange room tells of this desk's line. `sinceMs`: when it happened */
  | { type: 'visit.reported'; room: string; callId: string; word: 'joined' | 'left'; sinceMs: number }
  /** the carrier does not take the line where it should go */
  | { type: 'line.unmoved'; callId: string }

export type ConsultFact = { at: number } & (
  | { type: 'transfer-move-asked'; callId: string; transferId: string; move: Move }
  | { type: 'transfer-phase-changed'; callId: string; transferId: string; phase: Phase }
  /** the line is gone while somebody is asked in this agent's room */
  | { type: 'transfer-unattended'; callId: string; transferId: string }
  | { type: 'visit-began'; of: Offered; room: string; callId: string; providerId: string; untilMs: number }
  | { type: 'visit-joined'; of: Offered; callId: string }
  | { type: 'visit-phase-changed'; of: Offered; phase: Phase }
  /** the line goes home */
  | { type: 'visit-over'; of: Offered; callId: string; providerId: string; untilMs: number }
  /** `unmoved`: the carrier did not take the line along, which is at home; `lost`: the line is gone */
  | { type: 'visit-ended'; of: Offered; callId: string; because: 'home' | 'unmoved' | 'lost' }
  /** it could not be asked to visit anybody */
  | { type: 'visit-refused'; of: Offered }
  /** nobody knows where this line is, so it is ended; the agent's page opens another */
  | { type: 'line-abandoned'; providerId: string }
)

type LineEffect = Repeat<
  'carrier',
  | { type: 'move-line'; providerId: string; callId: string; to: 'away' | 'home' }
  | { type: 'end-line'; providerId: string }
>
export type ConsultEffect =
  | LineEffect
  | Repeat<
      'neighbour',
      | { type: 'move-transfer'; callId: string; transferId: string; move: Move }
      | { type: 'leave-transfer'; callId: string; transferId: string }
      | { type: 'tell-visit'; of: Offered; callId: string; is: 'in' | 'home' | 'gone'; because: 'not-there' | 'failed' }
    >
