/**
 * The vocabulary of a ring: a call itself asks for one agent, by an offer to their desk like that of a queue or a colleague. Its flow wants them for
 * the person on the line, or a program has called them. Nobody has the person meanwhile, so there is nobody to whom they go back: the flow goes on.
 */
import type { Repeat } from '../../machine.ts'
import type { OfferAnswer } from '../../queue/state.ts'

/** What has become of it. `unavailable`: the desk is not free, or nobody is there; `lost`: the line of the agent who had taken it */
export type RingEnd = 'declined' | 'unavailable' | 'no-answer' | 'taken-back' | 'lost' | 'done'

export interface Ring {
  /** names the offer at the desk */
  ringId: string
  deskId: string
  /** the step of the flow that wants the agent; null: a program has called them, and the call is theirs */
  ask: number | null
  /** `asked`: the desk has not said yet that it rings */
  stage: 'asked' | 'rings' | 'taken' | 'over'
  untilMs: number
  /** the room of the agent who has taken it */
  room: string
  because: RingEnd | null
}

export type RingInput = { at: number } & (
  | { type: 'ring.wanted'; ringId: string; deskId: string; ask: number | null; ringMs: number }
  /** the desk rings */
  | { type: 'ring.rang'; ringId: string }
  /** the desk says what becomes of the offer, or of the conversation after it */
  | { type: 'ring.answered'; ringId: string; answer: OfferAnswer; room: string }
)

export type RingFact = { at: number } & (
  | { type: 'ring-began'; ringId: string; deskId: string; ask: number | null; untilMs: number }
  | { type: 'ring-heard'; ringId: string; deskId: string }
  | { type: 'ring-taken'; ringId: string; deskId: string; room: string }
  /** `told`: the desk knows, because it has said so itself */
  | { type: 'ring-over'; ringId: string; deskId: string; because: RingEnd; told: boolean }
)

export type RingEffect = Repeat<
  'neighbour',
  | { type: 'ring-agent'; ringId: string; deskId: string }
  /** `over`: the conversation is, if there was one */
  | { type: 'end-ring'; ringId: string; deskId: string; over: boolean }
  /** the agent who has the person, for the call and its log; null: they have them no more */
  | { type: 'name-agent'; deskId: string | null }
>
