/** A flow on a call, for the shell: how it begins, and how the carrier's questions reach it. */
import { speakingFlow } from '../../core/call/flow/pages.ts'
import type { CallInput, CallState } from '../../core/call/state.ts'
import type { Action } from '../../core/flow/flow.ts'
import { startingVariables } from '../../core/flow/variables.ts'
import type { FlowToRun } from '../books.ts'
import type { FinishedStep } from '../contracts.ts'

/** The reply to a carrier waits so long for an answer of the outside; the carrier itself waits 15 s. */
const HOLDS_MS = 5_000
const APOLOGY = 'We are sorry, something went wrong. Please call again later. Goodbye.'

export interface Sides {
  callId: string
  direction: 'incoming' | 'outgoing'
  from: string
  to: string
  name: string
}

/** Goes into the transaction that begins the call. `soundsUrl`: where our own sounds are. */
export function flowBegins(flow: FlowToRun, sides: Sides, soundsUrl: string, at: number): CallInput {
  const { callId, direction, from, to, name } = sides
  // There is one flow on a call, so the call's own id names it.
  const activeflowId = callId
  const incoming = direction === 'incoming'
  const names = { fromName: incoming ? name : '', toName: incoming ? '' : name }
  return {
    type: 'flow.begin',
    at,
    holdsMs: HOLDS_MS,
    order: {
      activeflowId,
      flowId: flow.flowId,
      version: flow.version,
      actions: JSON.parse(flow.actionsJson) as Action[],
      variables: flow.variables,
      system: startingVariables({ activeflowId, flowId: flow.flowId, callId, direction, from, to, ...names }),
      apology: APOLOGY,
      language: 'en-US',
      soundsUrl,
    },
  }
}

/** The carrier's question as an input of the flow; null: no flow decides what this call hears. */
export function flowAsked({ flow }: CallState, step: FinishedStep | null, at: number): CallInput | null {
  if (speakingFlow(flow) === null) return null
  const { token, digits, recordedMs } = step ?? { token: null, digits: '', recordedMs: 0 }
  return { type: 'flow.asked', at, token, digits, recordedMs, holdsMs: HOLDS_MS }
}

/** How long the reply may still be held back, ms; 0: it goes at once. */
export function heldMs({ flow }: CallState, at: number): number {
  if (flow === null || flow.phase === 'over' || flow.waiting?.for !== 'outside') return 0
  return Math.max(0, Math.min(HOLDS_MS, flow.heldUntilMs - at))
}
