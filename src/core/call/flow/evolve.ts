/** The state of a running flow after each of its facts. */
import { isReserved, withSystemVariable, withVariable } from '../../flow/variables.ts'
import { assert, unreachable } from '../../machine.ts'
import type { EndedFlow, Flow, FlowFact, Frame, Inside, LiveFlow } from './state.ts'
import { PAGES_KEPT } from './state.ts'

const FRESH: Inside = { tries: 0, half: 1 }
const BEGINNING = { repeats: false, at: 0, inside: null, counts: {} } as const

export function evolveFlow(flow: Flow | null, fact: FlowFact): Flow | null {
  if (fact.type === 'flow-created') return created(fact, flow)
  assert(flow !== null && flow.phase !== 'over', `${fact.type} without a flow`)
  return evolveLive(flow, fact)
}

function created(fact: Extract<FlowFact, { type: 'flow-created' }>, before: Flow | null): LiveFlow {
  const { activeflowId, flowId, version, apology, language, soundsUrl, actions, personal } = fact
  return {
    phase: 'ready',
    ...{ activeflowId, flowId, version, apology, language, soundsUrl },
    programs: [actions],
    frames: [{ ask: null, ...BEGINNING }],
    waiting: null,
    // A second flow of one call goes on counting: a late word of the carrier about a page of the first one is about none of its own, and so with answers of the outside.
    page: before?.page ?? 0,
    pages: [],
    quiet: true,
    last: '',
    // Personal values may have been erased since.
    variables: personal?.variables ?? {},
    system: personal?.system ?? {},
    heldUntilMs: 0,
    executed: 0,
    atOnce: 0,
    asks: before?.asks ?? 0,
    verdict: null,
  }
}

function evolveLive(flow: LiveFlow, fact: Exclude<FlowFact, { type: 'flow-created' }>): Flow {
  switch (fact.type) {
    case 'flow-started':
      return { ...flow, phase: 'running' }
    case 'flow-step-entered': {
      const frames = topped(flow, frame => ({ ...frame, inside: FRESH }))
      return { ...flow, frames, executed: flow.executed + 1, atOnce: flow.atOnce + 1 }
    }
    case 'flow-step-continued':
      return { ...flow, frames: topped(flow, frame => ({ ...frame, inside: fact.inside })) }
    case 'flow-step-ended': {
      const { depth, at } = fact.next
      const moved = (frame: Frame, index: number) => (index === depth ? { ...frame, at, inside: null } : frame)
      return { ...flow, frames: flow.frames.map(moved), last: fact.result }
    }
    case 'flow-loop-counted': {
      const counted = (frame: Frame) => ({ ...frame, counts: { ...frame.counts, [frame.at]: fact.count } })
      return { ...flow, frames: topped(flow, counted) }
    }
    case 'flow-variable-set':
      return withSet(flow, fact.key, fact.personal?.value ?? '')
    case 'flow-variable-refused':
    case 'flow-agent-engaged':
      return flow
    case 'flow-deed-owed':
      return { ...flow, asks: fact.deed }
    case 'flow-stack-pushed': {
      const frame: Frame = { ask: fact.ask, ...BEGINNING, repeats: fact.repeats }
      return { ...flow, programs: [...flow.programs, fact.actions], frames: [...flow.frames, frame] }
    }
    case 'flow-stack-left': {
      const depth = flow.frames.findIndex(frame => frame.ask === fact.ask)
      return { ...flow, programs: flow.programs.slice(0, depth), frames: flow.frames.slice(0, depth), waiting: null }
    }
    case 'flow-page-made':
      return withPage(flow, fact)
    case 'flow-page-done':
      return { ...flow, waiting: null, heldUntilMs: 0, atOnce: 0 }
    case 'flow-outside-asked': {
      const { ask, untilMs, heldUntilMs, mask } = fact
      const masked = mask === undefined ? {} : { maskId: mask }
      return { ...flow, asks: ask, waiting: { for: 'outside', ask, untilMs }, heldUntilMs, ...masked }
    }
    case 'flow-outside-answered':
      return { ...flow, waiting: null, atOnce: 0 }
    case 'flow-ended':
      return ended(flow, fact.reason)
    default:
      return unreachable(fact)
  }
}

function topped({ frames }: LiveFlow, change: (frame: Frame) => Frame): Frame[] {
  return frames.map((frame, index) => (index === frames.length - 1 ? change(frame) : frame))
}

function withSet(flow: LiveFlow, key: string, value: string): LiveFlow {
  const system = isReserved(key)
  const next = system ? withSystemVariable(flow.system, key, value) : withVariable(flow.variables, key, value)
  if (typeof next === 'string') return flow
  return system ? { ...flow, system: next } : { ...flow, variables: next }
}

/** A page that waits for nothing outside is given to the carrier, so no reply is held back any more. */
function withPage(flow: LiveFlow, fact: Extract<FlowFact, { type: 'flow-page-made' }>): LiveFlow {
  const { page, follows, waiting, quiet, idle, personal } = fact
  const made = { page, follows, instructions: personal?.instructions ?? [], ...(idle ? { idle } : {}) }
  const pages = [...flow.pages, made].slice(-PAGES_KEPT)
  const heldUntilMs = waiting?.for === 'outside' ? flow.heldUntilMs : 0
  return { ...flow, page, pages, waiting, quiet, heldUntilMs }
}

function ended(
  { activeflowId, flowId, version, page, pages, asks, maskId }: LiveFlow,
  reason: EndedFlow['reason'],
): EndedFlow {
  const masked = maskId === undefined ? {} : { maskId }
  return { phase: 'over', activeflowId, flowId, version, reason, page, pages, asks, ...masked }
}
