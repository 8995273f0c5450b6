/**
 * Every reachable state of small flows, under every order of what the carrier, the caller, the outside and the clock may do, repeats and
 * stale answers included. `node test/exhaustive/explore-flow.ts [--large] [--until-broken]` prints the laws that
 * do not hold, and one JSON line last.
 */
import { call } from '../../src/core/call/call.ts'
import { type OutsideAnswer, tokenOf } from '../../src/core/call/flow/state.ts'
import type { CallInput } from '../../src/core/call/state.ts'
import { checkFlow } from '../../src/core/flow/check.ts'
import { FlowWatch } from './flow-laws.ts'
import { beginning } from './flow-random.ts'

export interface FlowWorld {
  name: string
  incoming: boolean
  steps: object[]
  /** inputs in a row, in the ordinary test and in the long one */
  depth: readonly [small: number, large: number]
}

const TEL = { type: 'tel', target: '+15550199' }
const talk = (id: string, more: object = {}) => ({ id, type: 'talk', option: { text: id }, ...more })
const END = { id: 'end', type: 'hangup' }

export const FLOW_WORLDS: FlowWorld[] = [
  {
    name: 'a menu with a wrong key, a key that ends a sentence, and keys that are sent',
    incoming: true,
    depth: [7, 12],
    steps: [
      { id: 'hello', type: 'talk', option: { text: 'hello', digits_handle: 'next' } },
      {
        id: 'menu',
        type: 'menu',
        option: { text: 'm', target_ids: { 1: 'one' }, retries: 1, default_target_id: 'end' },
      },
      { id: 'one', type: 'digits_receive', option: { length: 2 } },
      { id: 'b', type: 'branch', option: { target_ids: { 1: 'menu' } } },
      END,
    ],
  },
  {
    name: 'a queue, and voicemail when nobody is there',
    incoming: true,
    depth: [3, 4],
    steps: [
      { id: 'a', type: 'answer' },
      { id: 'q', type: 'queue_join', option: { queue_id: 'q', no_answer_target_id: 'v' } },
      END,
      { id: 'v', type: 'voicemail', option: { box: 'b', error_target_id: 'end' }, next_id: 'end' },
    ],
  },
  {
    name: 'a connection that relays its reason, and a transfer that does not',
    incoming: false,
    depth: [3, 4],
    steps: [
      { id: 't', type: 'transfer', option: { to: TEL, error_target_id: 'c' } },
      { id: 'c', type: 'connect', option: { destinations: [TEL], relay_reason: true } },
      talk('after'),
    ],
  },
  {
    name: 'a flow in a flow, with a jump back and a count',
    incoming: true,
    depth: [3, 4],
    steps: [
      { id: 'f', type: 'fetch_flow', option: { flow_id: 'f', error_target_id: 's' } },
      { id: 'g', type: 'goto', option: { target_id: 'f', loop_count: 1 } },
      { id: 's', type: 'fetch', option: { event_url: 'https://f.test/' } },
    ],
  },
  {
    name: 'an AI agent, then another',
    incoming: false,
    depth: [3, 4],
    steps: [
      { id: 'x', type: 'ai_agent', option: { agent_id: 'ai_1', error_target_id: 'y' } },
      { id: 'y', type: 'ai_talk', option: { assistance_id: 'ai_2' } },
      talk('z'),
    ],
  },
  {
    name: 'effects: a recording, requests, another call',
    incoming: true,
    depth: [4, 6],
    steps: [
      { id: 'r', type: 'recording_start', option: { error_target_id: 'w' } },
      talk('now'),
      { id: 'w', type: 'webhook_send', option: { uri: 'https://w.test/' } },
      {
        id: 'h',
        type: 'webhook_fetch',
        option: { uri: 'https://w.test/', variables: { a: 'a' }, error_target_id: 'o' },
      },
      { id: 'o', type: 'callback_offer', option: { queue_id: 'q' } },
      { id: 's', type: 'recording_stop' },
    ],
  },
  {
    name: 'a jump that is counted, and one that turns too often',
    incoming: true,
    depth: [4, 6],
    steps: [
      talk('a'),
      { id: 'g', type: 'goto', option: { target_id: 'a', loop_count: 2 } },
      { id: 'k', type: 'digits_receive', option: {} },
      { id: 'h', type: 'goto', option: { target_id: 'h', loop_count: 500 } },
    ],
  },
  {
    name: 'detection, and waiting to be resumed',
    incoming: false,
    depth: [4, 6],
    steps: [{ id: 'd', type: 'amd' }, talk('p'), { id: 'b', type: 'block' }],
  },
]

const ANSWERS: OutsideAnswer[] = [
  { is: 'result', result: 'served', variables: { a: '1' } },
  { is: 'result', result: 'busy' },
  { is: 'failed', because: 'no' },
  { is: 'steps', actions: [talk('in', { next_id: 'end' })] },
  { is: 'steps', actions: [talk('wait')], repeats: true },
  { is: 'steps', actions: [{ id: 'd', type: 'dial', option: { parties: { list: [] }, from: '+1' } }] },
  { is: 'steps', actions: [{ id: 'j', type: 'fetch_flow', option: { flow_id: 'g' } }] },
  {
    is: 'steps',
    actions: [{ id: 'k', type: 'agent_talk', option: { agent_id: 'ai_1', version: 1, duration: 9_000 } }],
  },
  { is: 'steps', actions: [{ type: 'sing' }] },
]

/** Everything that may happen now, whether it fits or not. */
function inputsOf({ state }: FlowWatch, at: number): CallInput[] {
  const { flow } = state
  const page = flow?.page ?? 0
  const asks = flow === null || flow.phase === 'over' ? 1 : flow.asks
  const due = call.deadline(state)
  const asked = (token: string | null, more: object = {}): CallInput => ({ type: 'flow.asked', at, token, ...more })
  const latest = [asks, asks - 1].filter(ask => ask > 0)
  return [
    asked(null),
    asked(tokenOf(page - 1)),
    ...['', '1', '9'].map(digits => asked(tokenOf(page), { digits })),
    asked(tokenOf(page), { recordedMs: 4_000, holdsMs: 3_000 }),
    ...(['completed', 'busy'] as const).map(
      (status): CallInput => ({ type: 'flow.dialed', at, end: { status, talkedMs: null } }),
    ),
    ...latest.flatMap(ask => ANSWERS.map((answer): CallInput => ({ type: 'flow.answered', at, ask, answer }))),
    { type: 'clock.struck', at },
    ...(due === null ? [] : [{ type: 'clock.struck' as const, at: Math.max(at, due) }]),
    ...(['human', 'machine'] as const).map((verdict): CallInput => ({ type: 'call.judged', at, verdict })),
    { type: 'flow.resumed', at },
    { type: 'flow.end-wanted', at, hangsUp: true },
    { type: 'flow.end-wanted', at, hangsUp: false },
    { type: 'delivery.given-up', at, effect: 'flow-ask-neighbour', attempts: 3 },
    { type: 'call.reported', at, providerId: 'CA1', status: 'completed' },
  ]
}

interface Reached {
  watch: FlowWatch
  at: number
}

export interface ExploredFlows {
  states: number
  transitions: number
  /** by the reason of their end */
  reasons: string[]
}

/** Throws on the first broken law, with the inputs that lead there. */
export function exploreFlow({ name, incoming, steps, depth }: FlowWorld, large = false): ExploredFlows {
  const { errors, actions } = checkFlow(steps, { call: true })
  if (errors[0]) throw new Error(`${name}: ${JSON.stringify(errors[0])}`)
  const first = new FlowWatch()
  const begun = beginning(actions, incoming)
  for (const input of begun) first.commit(input)
  let front: (Reached & { path: string[] })[] = [{ watch: first, at: begun[0]?.at ?? 0, path: [] }]
  const seen = new Set<string>()
  const reasons = new Set<string>()
  let transitions = 0
  for (let level = 0; level < depth[large ? 1 : 0]; level += 1) {
    const next: typeof front = []
    for (const { watch, at, path } of front)
      for (const input of inputsOf(watch, at)) {
        const world = watch.fork()
        const way = [...path, wordOf(input)]
        follow(world, input, name, way)
        transitions += 1
        const { flow } = world.state
        if (flow?.phase === 'over') reasons.add(flow.reason)
        const key = keyOf(world, input.at)
        if (seen.has(key)) continue
        seen.add(key)
        endsAlone({ watch: world.fork(), at: input.at }, name, way)
        next.push({ watch: world, at: input.at, path: way })
      }
    front = next
  }
  return { states: seen.size, transitions, reasons: [...reasons].sort() }
}

function follow(watch: FlowWatch, input: CallInput, name: string, path: string[]): void {
  try {
    watch.commit(input)
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : error} after ${path.join(' · ')}`)
  }
}

/** The caller does nothing and the outside says nothing: the flow comes to its end, unless somebody else must end it. */
function endsAlone(from: Reached, name: string, path: string[]): void {
  const { watch } = from
  let { at } = from
  for (let turn = 0; turn < 40; turn += 1) {
    const { flow } = watch.state
    if (flow === null || flow.phase === 'over' || flow.frames.some(({ repeats }) => repeats)) return
    const { waiting } = flow
    if (waiting !== null && waiting.for !== 'carrier') at = Math.max(at, waiting.untilMs ?? at)
    const dial = waiting?.for === 'carrier' && waiting.expects === 'dial'
    const input: CallInput =
      waiting?.for !== 'carrier'
        ? { type: 'clock.struck', at }
        : dial
          ? { type: 'flow.dialed', at, end: { status: 'no-answer', talkedMs: null } }
          : { type: 'flow.asked', at, token: tokenOf(flow.page) }
    follow(watch, input, name, [...path, `alone: ${wordOf(input)}`])
  }
  throw new Error(`${name}: it never ends by itself after ${path.join(' · ')}`)
}

/** The state with its times relative to now. */
function keyOf({ state }: FlowWatch, at: number): string {
  return JSON.stringify(state, (key, value) => {
    if (typeof value === 'number' && /(Ms|At)$/.test(key)) return value === 0 ? 0 : Math.max(value - at, -1)
    return key === 'party' || key === 'options' ? undefined : value
  })
}

function wordOf(input: CallInput): string {
  const { type, at: _, ...rest } = input
  return `${type} ${JSON.stringify(rest)}`
}

/** All small flows; `broken`: the laws that do not hold, one for each world. */
export function exploreFlows(large = false, untilBroken = false): ExploredFlows & { broken: string[] } {
  const all = { states: 0, transitions: 0, reasons: new Set<string>(), broken: [] as string[] }
  for (const world of FLOW_WORLDS) {
    if (untilBroken && all.broken.length > 0) break
    try {
      const { states, transitions, reasons } = exploreFlow(world, large)
      all.states += states
      all.transitions += transitions
      for (const reason of reasons) all.reasons.add(reason)
    } catch (error) {
      all.broken.push(error instanceof Error ? error.message : String(error))
    }
  }
  return { ...all, reasons: [...all.reasons].sort() }
}

if (import.meta.main) {
  const { broken, ...found } = exploreFlows(process.argv.includes('--large'), process.argv.includes('--until-broken'))
  for (const law of broken) console.log(law)
  console.log(JSON.stringify({ ...found, violations: broken.length }))
  process.exitCode = broken.length > 0 ? 1 : 0
}
