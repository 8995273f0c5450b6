/**
 * The vocabulary of a running flow: a part of the call. The flow is a list of frames (the flow itself, and the stacks that steps
 * have fetched), each at a step of its own; what the caller hears next is a page of instructions, numbered, and kept.
 */
import type { Action, Option } from '../../flow/flow.ts'
import type { Variables } from '../../flow/variables.ts'
import type { LiveVerb } from '../../flow/verbs/table.ts'
import type { Instruction, Instructions } from '../../instruction/instruction.ts'
import type { Once, Repeat } from '../../machine.ts'
import type { DetectedAs, DialEnd } from '../life/state.ts'
import type { TalkOrder } from '../talk/talk.ts'

/** Pages that are kept for carriers that ask again. Each is a row of its own. */
export const PAGES_KEPT = 3
export const PAGE_BYTES_MAX = 60 * 1024
/** A page has no more instructions than these, so that a long loop of sentences asks again now and then. */
export const PAGE_INSTRUCTIONS_MAX = 20
/** What a caller hears while the outside is asked: so long, and then the carrier asks again. An answer does not wait for it. */
export const HOLDING_MS = 2_000
/** A reply that would play music is held back for an answer no longer than this, because whoever waits for it hears nothing. */
export const MUSIC_HELD_MS = 250
/** A running flow in the state of its call: all but its rows, which are variables, pages and the steps themselves. */
export const SMALL_BYTES_MAX = 16 * 1024

export type EndReason =
  /** after the last step */
  | 'finished'
  /** by `stop`, or from outside */
  | 'stopped'
  /** by `hangup` */
  | 'hung-up'
  /** somebody else has the call now */
  | 'taken-away'
  /** the caller, or whoever, ended the call */
  | 'call-over'
  /** a step failed and had no error branch */
  | 'failed'
  /** the limits of a running flow */
  | 'too-many-at-once'
  | 'too-many-steps'

export interface FlowOrder {
  activeflowId: string
  /** null: steps that were given for this call alone */
  flowId: string | null
  version: number
  /** checked by `checkFlow`; at most `FLOW_BYTES_MAX` */
  actions: readonly Action[]
  /** checked by `checkVariables` */
  variables: Variables
  /** `startingVariables` */
  system: Variables
  /** said when a step fails and nothing else is left */
  apology: string
  language: string
  /** where our own sounds are: `https://…/sounds` */
  soundsUrl: string
}

/** What a step of a frame has at hand while it is not over. */
export interface Inside {
  /** how often the caller was asked again */
  tries: number
  /** of a step in two halves (an offer that was taken): which one it is in */
  half: 1 | 2
}
export interface Frame {
  /** the ask that it is the answer to; null: the flow itself */
  ask: number | null
  /** begins anew at its end: the steps that are heard in a queue */
  repeats: boolean
  /** place of the step in the frame's list; behind the last: the frame is over */
  at: number
  /** null: the step at `at` has not begun */
  inside: Inside | null
  /** how often each `goto` has jumped, by its place */
  counts: { readonly [place: number]: number }
}

export type Expects = 'nothing' | 'keys' | 'message' | 'dial'
export interface Page {
  page: number
  /** the page after which the carrier asked for it; null: it was made between two asks, or is the first */
  follows: number | null
  instructions: Instructions
  /** nothing but the wait for the outside: a reply that was held back for the answer goes out without it */
  idle?: true
}
export type Waiting =
  /** the carrier performs a page and comes back */
  /** `box`: whose message is waited for, as the step names it */
  | { for: 'carrier'; expects: Expects; box?: string }
  /** an answer to an ask; the carrier performs a holding page meanwhile */
  | { for: 'outside'; ask: number; untilMs: number }
  /** an AI agent has the call */
  | { for: 'agent'; ask: number; untilMs: number | null }

interface Known {
  activeflowId: string
  flowId: string | null
  version: number
  apology: string
  language: string
  soundsUrl: string
}
export interface LiveFlow extends Known {
  /** `ready`: the call is not answered yet */
  phase: 'ready' | 'running'
  /** the lists of steps, one for each frame */
  programs: readonly (readonly Action[])[]
  frames: readonly Frame[]
  waiting: Waiting | null
  /** number of the last page; 0: there is none */
  page: number
  pages: readonly Page[]
  /** nothing was heard that takes the call up */
  quiet: boolean
  /** how the last step ended */
  last: string
  variables: Variables
  /** names that only steps of ours set */
  system: Variables
  /** the reply to the carrier is held back until then, or until the outside is not waited for any more; 0: it is not */
  heldUntilMs: number
  /** steps begun, in all and since the outside was last waited for */
  executed: number
  atOnce: number
  /** number of the last ask */
  asks: number
  /** what detection has said */
  verdict: DetectedAs | null
  /** the mask that was asked whom to ring: the numbers of both sides are for nobody's eyes from then on */
  maskId?: string
}
export interface EndedFlow extends Pick<Known, 'activeflowId' | 'flowId' | 'version'> {
  phase: 'over'
  reason: EndReason
  /** number of the last ask; absent in states of an older release */
  asks?: number
  maskId?: string
  page: number
  pages: readonly Page[]
}
export type Flow = LiveFlow | EndedFlow

/** What the outside says to an ask. */
export type OutsideAnswer =
  /** steps to run; a second answer of this kind replaces the first one's frame. `repeats`: they begin anew at their end */
  | { is: 'steps'; actions: readonly unknown[]; repeats?: boolean; variables?: Variables }
  | { is: 'result'; result: string; variables?: Variables }
  | { is: 'failed'; because: string }

export type FlowInput = { at: number } /**
 * With or right after the call itself, in the same transaction. `holdsMs`: as for `flow.asked`, if the carrier asks at this moment.
 */ & (
  | { type: 'flow.begin'; order: FlowOrder; holdsMs?: number }
  /**
   * The carrier wants instructions. `token`: of the step that it has finished; null: it begins, or was redirected. `holdsMs`: the reply is
   * held back so long for an answer of the outside, so no redirect is needed meanwhile.
   */
  | { type: 'flow.asked'; token: string | null; digits?: string; recordedMs?: number; holdsMs?: number }
  /** the party that a step had rung is gone, or was not reached */
  | { type: 'flow.dialed'; end: DialEnd }
  | { type: 'flow.answered'; ask: number; answer: OutsideAnswer }
  /** `block` is over */
  | { type: 'flow.resumed' }
  /** `hangsUp`: the call ends with it; else somebody else has the call from now on */
  | { type: 'flow.end-wanted'; hangsUp: boolean }
)

/** A place in the frames: the steps above it are left. */
export interface Place {
  depth: number
  at: number
}

export type FlowFact = { at: number } & (
  | {
      type: 'flow-created'
      activeflowId: string
      flowId: string | null
      version: number
      actions: readonly Action[]
      apology: string
      language: string
      soundsUrl: string
      personal: { variables: Variables; system: Variables }
    }
  | { type: 'flow-started'; activeflowId: string; flowId: string | null; version: number }
  | { type: 'flow-step-entered'; stepId: string; verb: LiveVerb; depth: number }
  /** the caller is asked again, or the step is in its second half */
  | { type: 'flow-step-continued'; stepId: string; inside: Inside }
  | { type: 'flow-step-ended'; stepId: string; verb: LiveVerb; result: string; next: Place }
  | { type: 'flow-loop-counted'; stepId: string; count: number }
  | { type: 'flow-variable-set'; key: string; personal: { value: string } }
  /** the step could not set it, and why */
  | { type: 'flow-variable-refused'; key: string; because: string }
  | { type: 'flow-stack-pushed'; ask: number; repeats: boolean; actions: readonly Action[] }
  /** the steps of this ask are over or left. `by`: who wanted it; the one who answered with them need not be told */
  | { type: 'flow-stack-left'; ask: number; verb: LiveVerb; by: 'flow' | 'outside'; queue?: string; room?: string }
  | {
      type: 'flow-page-made'
      page: number
      follows: number | null
      waiting: Waiting | null
      quiet: boolean
      /** see `Page` */
      idle?: true
      /** the carrier does not ask by itself now */
      redirect: boolean
      personal: { instructions: readonly Instruction[] }
    }
  /** the carrier has performed it and is back */
  | { type: 'flow-page-done'; page: number }
  | {
      type: 'flow-outside-asked'
      ask: number
      stepId: string
      verb: LiveVerb
      untilMs: number
      heldUntilMs: number
      /** the mask that is asked whom to ring */
      mask?: string
      personal: { option: Option }
    }
  /** `queue`, `room`: the one that was asked; a conference as the step names it, or by the id of its room */
  | { type: 'flow-outside-answered'; ask: number; verb: LiveVerb; answer: string; queue?: string; room?: string }
  /** an effect that nobody waits for */
  | { type: 'flow-deed-owed'; deed: number; stepId: string; verb: LiveVerb; personal: { option: Option } }
  | { type: 'flow-agent-engaged'; ask: number; order: TalkOrder; untilMs: number | null }
  | { type: 'flow-ended'; reason: EndReason; stepId: string | null }
)

/** The deeds and asks of a step, by who is asked. `ask` or `deed` with the call's id is the key under which it happens once. */
export type FlowEffect =
  /** actors of ours; they know a repeat by the key */
  | Repeat<
      'neighbour',
      | { type: 'flow-ask-neighbour'; ask: number; verb: LiveVerb; option: Option }
      | { type: 'flow-tell-neighbour'; deed: number; verb: LiveVerb; option: Option }
      /** the caller has left what this ask led to, or nobody waits for its answer any more: queue, room and agent let go */
      /** `mask`, `result`: the one that was asked, and how its step has ended */
      | {
          type: 'flow-leave'
          ask: number
          verb: LiveVerb
          queue?: string
          room?: string
          mask?: string
          result?: string
        }
    >
  /** once: a stranger’s server may not know a repeat */
  | Once<'subscriber', { type: 'flow-ask-stranger'; ask: number; verb: LiveVerb; option: Option }>
  | Once<'subscriber', { type: 'flow-tell-stranger'; deed: number; verb: LiveVerb; option: Option }>
  /** once: a second recording of one call would be paid for twice */
  | Once<'carrier', { type: 'flow-record'; ask: number; option: Option }>
  | Repeat<'carrier', { type: 'flow-stop-recording'; deed: number }>

export function tokenOf(page: number): string {
  return `flow-${page}`
}

/** The page that a token belongs to; null: it is none of ours. */
export function pageOfToken(token: string): number | null {
  const found = /^flow-(\d{1,7})$/.exec(token)
  return found ? Number(found[1]) : null
}
