/** A scenario of a flow as data: what the caller and the outside do, and what must come of it. */
import type { OutsideAnswer } from '../../call/flow/state.ts'
import type { DialEnd } from '../../call/life/state.ts'
import type { Variables } from '../variables.ts'

/** What the caller does where the flow listens to them. One after another; when they are used up, the caller is silent. */
export type CallerAct =
  /** `early`: before the prompt is over */
  | { keys: string; afterMs?: number; early?: true }
  | { silent: true }
  /** into a voicemail */
  | { speaksMs: number }
  /** leaves a room */
  | { leavesAfterMs: number }
  | { hangsUpAfterMs: number }

/** What the outside does when this verb asks it, in the order of the asks. `dial`: what becomes of the parties that are rung. */
export type OutsideAct =
  | { verb: 'dial'; end: DialEnd['status']; afterMs?: number; talkedMs?: number }
  | { verb: string; afterMs?: number; answer: OutsideAnswer }
  /** it never answers */
  | { verb: string; never: true }

/** The first three kinds must come in this order; the others are about the whole call. */
export type Expectation =
  /** a part of what is said */
  | { hears: string }
  | { step: string }
  | { asks: string }
  | { neverHears: string }
  /** ms after the call came in; `give`: so much earlier or later is the same */
  | { answeredAfterMs: number; give?: number }
  | { variable: string; is: string }
  /** why the flow ended */
  | { ends: string }
  | { endsWithinMs: number }

export interface Scenario {
  name: string
  /** when the call comes in or is answered, ms since the epoch */
  at: number
  direction: 'incoming' | 'outgoing'
  from: string
  to: string
  variables: Variables
  caller: readonly CallerAct[]
  outside: readonly OutsideAct[]
  /** flows that `fetch_flow` finds, by id */
  flows: { readonly [flowId: string]: readonly unknown[] }
  /** the caller hangs up then, whatever happens */
  hangsUpAtMs: number | null
  expect: readonly Expectation[]
}

export interface Line {
  /** since the beginning */
  atMs: number
  kind: 'hears' | 'step' | 'asks' | 'does' | 'answers' | 'ends' | 'carrier'
  words: string
}

export interface Played {
  transcript: readonly Line[]
  /** null: everything came as expected */
  failed: { index: number; expectation: Expectation; because: string } | null
  endedAtMs: number
  /** why the flow ended; null: it did not */
  reason: string | null
}
