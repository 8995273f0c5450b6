/** What the carrier hears of a running flow: a projection of its state, the same however often it is asked. */
import type { Instructions } from '../../instruction/instruction.ts'
import type { CallState } from '../state.ts'
import { isQuiet } from './page-draft.ts'
import { actionAt } from './places.ts'
import { type EndReason, type Flow, HOLDING_MS, pageOfToken, tokenOf } from './state.ts'

/**
 * The page that the carrier was given after the one with this token; of several the last, which has taken the place of an idle one. Without
 * a token, and for one whose page was overtaken by an answer of the outside or is older than what is kept, it is the page at hand.
 */
export function pageFor(flow: Flow, token: string | null): Instructions {
  const done = token === null ? null : pageOfToken(token)
  const given = done === null ? undefined : flow.pages.findLast(one => one.follows === done)
  const page = given ?? flow.pages.at(-1)
  // The call is not answered, and nothing was written yet.
  return (
    page?.instructions ?? [
      { kind: 'wait', ms: HOLDING_MS },
      { kind: 'continue', token: tokenOf(0) },
    ]
  )
}

/** A running flow for whoever asks about the call: without its steps, pages and variables, which are large. */
export interface KnownFlow {
  activeflowId: string
  flowId: string | null
  version: number
  phase: Flow['phase']
  /** the step that it is at; null: it has not begun, or is over */
  stepId: string | null
  reason: EndReason | null
  executed: number
}
export type KnownCall = Omit<CallState, 'flow'> & { flow: KnownFlow | null }

export function knownCall(state: CallState): KnownCall {
  const { flow } = state
  if (flow === null) return { ...state, flow }
  const { activeflowId, flowId, version, phase } = flow
  const live = flow.phase === 'over' ? null : flow
  const stepId = live === null ? null : (actionAt(live, live.frames.length - 1)?.id ?? null)
  const reason = flow.phase === 'over' ? flow.reason : null
  return { ...state, flow: { activeflowId, flowId, version, phase, stepId, reason, executed: live?.executed ?? 0 } }
}

/** It has given a page, or the call, to somebody who makes a sound. A flow may be over with its first page. */
export function isHeard(flow: Flow | null): boolean {
  if (flow?.phase === 'running') return !flow.quiet || flow.waiting?.for === 'agent'
  const last = flow?.phase === 'over' ? flow.pages.at(-1) : undefined
  return last !== undefined && !isQuiet(last.instructions)
}

/** The flow decides what this call hears; null: somebody else does, or there is no flow. */
export function speakingFlow(flow: Flow | null): Flow | null {
  if (flow === null || (flow.phase === 'over' && flow.reason === 'taken-away')) return null
  return flow.phase !== 'over' && flow.waiting?.for === 'agent' ? null : flow
}
