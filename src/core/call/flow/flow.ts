/** The part `flow` of a call: a flow that runs on it. It decides what the caller hears until it is over or somebody else has the call. */
import { type LiveVerb, verbOf } from '../../flow/verbs/table.ts'
import { type GivenUpFact, once, repeat, tell } from '../../machine.ts'
import { isOf, type Part } from '../../parts.ts'
import type { CallEffect, CallState, PartFact, PartInput } from '../state.ts'
import { decideFlow, FlowDecision, REFUSED } from './decide.ts'
import { evolveFlow } from './evolve.ts'
import type { Flow, FlowEffect, FlowFact } from './state.ts'

export const flow: Part<'flow', CallState, Flow | null, PartInput, PartFact, CallEffect> = {
  initial: null,
  decide: decideFlow,
  strike: making => {
    if (isLive(making.state.flow)) new FlowDecision(making).strike()
  },
  settle: making => {
    if (isLive(making.state.flow)) new FlowDecision(making).settle()
  },
  gaveUp: (making, { effect }) => {
    const { flow } = making.state
    const waits = isLive(flow) && flow?.phase === 'running' && flow.waiting?.for === 'outside' ? flow.waiting.ask : null
    if (waits !== null && ASKING.includes(effect as FlowEffect['type']))
      new FlowDecision(making).answered(waits, { is: 'failed', because: 'given-up' })
  },
  evolve: (slice, fact) => {
    if (isOf('flow', fact)) return evolveFlow(slice, fact)
    return fact.type === 'call-judged' && isLive(slice) ? { ...slice, verdict: fact.verdict } : slice
  },
  react: (fact, state) => (isOf('flow', fact) ? [...redirected(fact, state), ...react(fact, state.flow)] : []),
  deadline: ({ call, flow }) => {
    if (call.phase !== 'live' || !isLive(flow)) return null
    const { waiting } = flow
    return waiting === null || waiting.for === 'carrier' ? null : waiting.untilMs
  },
  about: {
    'flow-created': 'self',
    'flow-started': 'self',
    'flow-step-entered': 'self',
    'flow-step-continued': 'self',
    'flow-step-ended': 'self',
    'flow-loop-counted': 'self',
    'flow-variable-set': 'self',
    'flow-variable-refused': 'self',
    'flow-stack-pushed': 'self',
    'flow-stack-left': 'self',
    'flow-page-made': 'self',
    'flow-page-done': 'self',
    'flow-outside-asked': 'self',
    'flow-outside-answered': 'self',
    'flow-deed-owed': 'self',
    'flow-agent-engaged': 'self',
    'flow-ended': 'self',
  },
}

const ASKING: readonly FlowEffect['type'][] = ['flow-ask-neighbour', 'flow-ask-stranger', 'flow-record']
/** Verbs whose address is somebody else's server. */
const STRANGERS: readonly LiveVerb[] = ['fetch', 'webhook_fetch', 'webhook_send']

/** Answers after which the outside must be told that nobody comes, or stays. */
const LET_GO: readonly string[] = ['timed-out', 'left', ...Object.values(REFUSED)]

function isLive(flow: Flow | null): flow is Exclude<Flow, { phase: 'over' }> {
  return flow !== null && flow.phase !== 'over'
}

function react(fact: FlowFact | GivenUpFact, flow: Flow | null): FlowEffect[] {
  switch (fact.type) {
    case 'flow-outside-asked': {
      const { ask, verb, personal } = fact
      const option = personal?.option ?? {}
      if (verb === 'recording_start') return [once('carrier', { type: 'flow-record', ask, option })]
      if (STRANGERS.includes(verb)) return [once('subscriber', { type: 'flow-ask-stranger', ask, verb, option })]
      // Detection and whoever resumes a flow answer without being asked.
      return verb === 'amd' || verb === 'block' ? [] : [tell({ type: 'flow-ask-neighbour', ask, verb, option })]
    }
    case 'flow-deed-owed': {
      const { deed, verb, personal } = fact
      const option = personal?.option ?? {}
      if (verb === 'recording_stop') return [repeat('carrier', { type: 'flow-stop-recording', deed })]
      if (STRANGERS.includes(verb)) return [once('subscriber', { type: 'flow-tell-stranger', deed, verb, option })]
      return [tell({ type: 'flow-tell-neighbour', deed, verb, option })]
    }
    case 'flow-stack-left':
      return fact.by === 'flow' ? left(fact, flow) : []
    // The caller may have left between two questions of a mask, which it is not told otherwise.
    case 'flow-ended':
      return flow?.maskId === undefined
        ? []
        : [tell({ type: 'flow-leave', ask: 0, verb: 'mask_connect', mask: flow.maskId, result: 'abandoned' })]
    case 'flow-outside-answered':
      return LET_GO.includes(fact.answer) ? left(fact, flow) : []
    default:
      return []
  }
}

type FlowLeave = Extract<FlowEffect, { type: 'flow-leave' }>

/** Only whoever connects a caller holds something for them. */
function left(
  { ask, verb, queue, room }: Pick<FlowLeave, 'ask' | 'verb' | 'queue' | 'room'>,
  flow: Flow | null,
): FlowEffect[] {
  const { class: kind } = verbOf(verb)
  const holds = kind === 'connects' && verb !== 'fetch' && verb !== 'fetch_flow'
  const where = { ...(queue === undefined ? {} : { queue }), ...(room === undefined ? {} : { room }) }
  const masked =
    verb === 'mask_connect' && flow?.maskId !== undefined ? { mask: flow.maskId, result: dialedAs(flow) } : {}
  return holds ? [tell({ type: 'flow-leave', ask, verb, ...where, ...masked })] : []
}

const DIALED: readonly string[] = ['answered', 'busy', 'no-answer', 'failed', 'canceled']

/** How the last step was over, if that rang somebody; else the caller has left before. */
function dialedAs(flow: Flow): string {
  return flow.phase !== 'over' && DIALED.includes(flow.last) ? flow.last : 'abandoned'
}

/** The carrier performs an older page and must fetch the new one. */
function redirected(fact: FlowFact, { call }: CallState): CallEffect[] {
  if (fact.type !== 'flow-page-made' || !fact.redirect) return []
  const providerId = call.phase === 'live' ? call.providerId : null
  return providerId === null ? [] : [repeat('carrier', { type: 'redirect-call', providerId })]
}
