/**
 * The one table of a consultation: an agent hands a person over and speaks with the target first. For each phase it says what the agent
 * may do, and who is on hold. Refusals, the desk's view and the API read it, so that no button promises what is refused.
 */
export type Move = 'swap' | 'merge' | 'complete' | 'cancel'

/** The target stands in the agent's room once it is there; the person has never left it. */
export type Phase =
  /** the target has not said yes; the person hears music */
  | 'ringing'
  /** the target has said yes and is on the way into the agent's room */
  | 'joining'
  /** agent and target speak, the person hears music */
  | 'asking'
  /** agent and person speak, the target hears music */
  | 'swapped'
  /** all three speak */
  | 'merged'
  /** the target is on the way to the room where the person will join them; the person hears music */
  | 'parting'

/** The phases in which the target is in the agent's room. */
export type Talking = 'asking' | 'swapped' | 'merged'

interface PhaseRow {
  moves: readonly Move[]
  personHeld: boolean
  targetHeld: boolean
}
export const PHASES: Record<Phase, PhaseRow> = {
  ringing: { moves: ['cancel'], personHeld: true, targetHeld: false },
  joining: { moves: ['cancel'], personHeld: true, targetHeld: false },
  asking: { moves: ['swap', 'merge', 'complete', 'cancel'], personHeld: true, targetHeld: false },
  swapped: { moves: ['swap', 'merge', 'complete', 'cancel'], personHeld: false, targetHeld: true },
  merged: { moves: ['complete', 'cancel'], personHeld: false, targetHeld: false },
  parting: { moves: [], personHeld: true, targetHeld: false },
}

export function mayMove(phase: Phase, move: Move): boolean {
  return PHASES[phase].moves.includes(move)
}

export function isTalking(phase: Phase): phase is Talking {
  return phase === 'asking' || phase === 'swapped' || phase === 'merged'
}
