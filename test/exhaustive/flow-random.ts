/** Random flows, valid ones by construction and garbage, and random inputs for a running one. */

import { call } from '../../src/core/call/call.ts'
import type { OutsideAnswer } from '../../src/core/call/flow/state.ts'
import { tokenOf } from '../../src/core/call/flow/state.ts'
import type { CallInput, CallLinks, CallState, DialEnd } from '../../src/core/call/state.ts'
import { checkFlow } from '../../src/core/flow/check.ts'
import { type Action, FINISH_ID, NEXT_ID } from '../../src/core/flow/flow.ts'
import { VERBS, type VerbName, verbOf } from '../../src/core/flow/verbs/table.ts'
import type { Random } from '../simulation/random.ts'
import { APOLOGY } from './flow-laws.ts'

const TARGET = { type: 'tel', target: '+15550199' }
const put = (name: string) => `\${${name}}`
const WEEK = [{ days: [0, 1, 2, 3, 4, 5, 6], from: '08:00', to: '17:00' }]

/** An option for a verb; `any` is the id of any step, `on` of a later one. */
type Make = (random: Random, any: () => string, on: () => string) => object
const MAKE: Partial<Record<VerbName, Make>> = {
  answer: () => ({}),
  talk: random => ({
    text: random.pick(['Hello.', `Hi ${put('a')}`, put('big')]),
    digits_handle: random.pick(['', 'next']),
  }),
  play: random => ({
    stream_urls: [random.pick(['https://s.test/a.wav', put('url')])],
    digits_handle: random.pick(['', 'next']),
  }),
  beep: () => ({}),
  sleep: random => ({ duration: random.pick([0, 1, 2_000]) }),
  digits_send: () => ({ digits: '12#' }),
  consent: (random, any) => ({ mode: random.pick(['announce', 'ask']), refused_target_id: any() }),
  voicemail: (_, any) => ({ box: 'b', error_target_id: any() }),
  digits_receive: random => ({ length: random.between(1, 4), key: random.pick(['', '#']) }),
  menu: (random, any) => ({
    text: 'Press.',
    target_ids: { 1: any(), 2: any() },
    retries: random.between(0, 2),
    default_target_id: any(),
  }),
  callback_offer: (_, any) => ({ queue_id: 'q', taken_target_id: any(), error_target_id: any() }),
  branch: (random, _, on) => ({
    variable: random.pick(['a', 'voipbin.call.digits']),
    target_ids: { 1: on() },
    default_target_id: on(),
  }),
  goto: (random, any) => ({ target_id: any(), loop_count: random.pick([0, 1, 3, 2_000]) }),
  condition_variable: (random, _, on) => ({
    condition: random.pick(['==', '>=']),
    variable: random.pick([put('a'), 'a']),
    value_string: '1',
    false_target_id: on(),
  }),
  condition_datetime: (_, __, on) => ({ condition: '>=', hour: 8, false_target_id: on() }),
  condition_call_status: (_, __, on) => ({ status: 'progressing', false_target_id: on() }),
  condition_call_digits: (_, __, on) => ({ length: 2, false_target_id: on() }),
  business_hours: (_, __, on) => ({ zone: 'Europe/Berlin', intervals: WEEK, closed_target_id: on() }),
  variable_set: random => ({
    key: random.pick(['a', 'b', 'big']),
    value: random.pick(['1', '', put('a'), `${put('big')}${put('big')}xxxxxxxxxxxxxxxx`]),
  }),
  call: () => ({ destinations: [TARGET], flow_id: 'f' }),
  connect: (random, any) => ({
    destinations: [TARGET],
    relay_reason: random.chance(0.3),
    ...(random.chance(0.5) ? { no_answer_target_id: any() } : {}),
  }),
  transfer: (_, any) => ({ to: TARGET, no_answer_target_id: any() }),
  conference_join: () => ({ conference_id: 'c' }),
  confbridge_join: (_, any) => ({ confbridge_id: 'c', error_target_id: any() }),
  queue_join: (_, any) => ({ queue_id: 'q', no_answer_target_id: any() }),
  ai_talk: () => ({ assistance_id: 'ai_1', duration: 30 }),
  ai_agent: (_, any) => ({ agent_id: 'ai_1', error_target_id: any() }),
  recording_start: () => ({}),
  recording_stop: () => ({}),
  transcribe_recording: () => ({}),
  transcribe_start: random => ({ direction: random.pick(['in', 'out', 'both']) }),
  transcribe_stop: () => ({}),
  mask_connect: (_, any) => ({ mask_id: 'm', no_answer_target_id: any(), error_target_id: any() }),
  fetch: (random, any) => ({ event_url: 'https://f.test/', ...(random.chance(0.5) ? { error_target_id: any() } : {}) }),
  fetch_flow: (random, any) => ({ flow_id: 'f', ...(random.chance(0.5) ? { error_target_id: any() } : {}) }),
  webhook_send: random => ({ uri: 'https://w.test/', sync: random.chance(0.5) }),
  webhook_fetch: (_, any) => ({ uri: 'https://w.test/', variables: { a: 'a' }, error_target_id: any() }),
  block: () => ({ duration: 5_000 }),
  amd: random => ({ machine_handle: random.pick(['hangup', 'continue']) }),
}
const VERBS_DRAWN = Object.keys(MAKE) as VerbName[]

/** A flow that can be saved. */
export function validFlow(random: Random, prefix = 's', most = 10): Action[] {
  const count = random.between(1, most)
  const idAt = (place: number) => `${prefix}${place}`
  const steps = Array.from({ length: count }, (_, place) => {
    const type = random.pick(VERBS_DRAWN)
    const any = () => (random.chance(0.1) ? random.pick([NEXT_ID, FINISH_ID]) : idAt(random.between(0, count - 1)))
    // Verbs that take no time lead forward only, so that no loop turns for ever.
    const on = () => (place === count - 1 ? FINISH_ID : idAt(random.between(place + 1, count - 1)))
    const option = MAKE[type]?.(random, type === 'goto' || rests(type) ? any : on, on) ?? {}
    const guarded = verbOf(type).fields.some(({ name }) => name === 'error_target_id') && random.chance(0.8)
    return { id: idAt(place), type, option: guarded ? { error_target_id: any(), ...option } : option }
  })
  if (random.chance(0.3)) steps.push({ id: `${prefix}end`, type: random.pick(['hangup', 'stop'] as const), option: {} })
  return steps as Action[]
}

function rests(type: VerbName): boolean {
  return ['speaks', 'listens', 'waits', 'asks-outside', 'connects'].includes(verbOf(type).class)
}

/** A valid flow with parts of it broken, or anything at all. */
export function garbage(random: Random): unknown {
  if (random.chance(0.1)) return anything(random, 3)
  const steps: unknown[] = structuredClone(validFlow(random))
  for (let turns = random.pick([1, 1, 1, 2, 4]); turns > 0; turns -= 1) {
    const step = random.pick(steps) as Record<string, unknown>
    if (typeof step !== 'object' || step === null) continue
    const deed = random.between(0, 5)
    if (deed === 0) step.type = random.pick([...Object.keys(VERBS), 'sing', '__proto__', 7])
    if (deed === 1) step.id = random.pick(['s0', '', 5, 'x'.repeat(70), NEXT_ID])
    if (deed === 2) step.next_id = random.pick(['s0', 's1', 'nowhere', 3, FINISH_ID])
    if (deed === 3) step.option = anything(random, 2)
    if (deed === 4 && typeof step.option === 'object' && step.option !== null) {
      const option = step.option as Record<string, unknown>
      option[random.pick([...Object.keys(option), 'target_id', 'error_target_id', 'text'])] = anything(random, 2)
    }
    if (deed === 5) steps.splice(random.between(0, steps.length), 0, anything(random, 1))
  }
  return steps
}

function anything(random: Random, depth: number): unknown {
  const simple = [null, true, 0, -1, 1.5, 2 ** 53, '', 'x', put('a'), 's0', 's1', '\u0000', '\ud800', 'constructor']
  if (depth === 0 || random.chance(0.5)) return random.pick<unknown>(simple)
  const parts = Array.from({ length: random.between(0, 3) }, () => anything(random, depth - 1))
  if (random.chance(0.5)) return parts
  return Object.fromEntries(parts.map((part, n) => [random.pick(['type', 'target', 'id', '1', `k${n}`]), part]))
}

const T0 = Date.UTC(2026, 2, 29, 0, 30)
const LINKS: CallLinks = {
  kind: 'inbound',
  batchId: null,
  campaignId: null,
  contactId: null,
  deskId: null,
  agentName: null,
}
const PARTY = { to: '+1', from: '+2', name: '' }

/** How a call with this flow begins, by a carrier or by us. */
export function beginning(
  actions: readonly Action[],
  incoming: boolean,
  variables: Record<string, string> = {},
): CallInput[] {
  const known = {
    activeflowId: 'af',
    flowId: 'f',
    version: 1,
    apology: APOLOGY,
    language: 'en-US',
    soundsUrl: 'https://s.test',
  }
  const begin: CallInput = { type: 'flow.begin', at: T0, order: { ...known, actions, variables, system: {} } }
  if (incoming)
    return [{ type: 'call.received', at: T0, links: LINKS, party: PARTY, providerId: 'CA1', flow: true }, begin]
  const options = { ringLimitMs: 30_000, amd: 'beside' as const, record: false }
  return [
    { type: 'call.requested', at: T0, links: { ...LINKS, kind: 'single' }, party: PARTY, options },
    begin,
    { type: 'call.slot-granted', at: T0, notBefore: T0, profile: 'custom' },
    { type: 'call.create-answered', at: T0, providerId: 'CA1', status: 'queued' },
    { type: 'call.answer-seen', at: T0, providerId: 'CA1' },
  ]
}

/** What may come next, whether it fits or not; most often it fits. */
export function nextInput(random: Random, state: CallState, at: number): CallInput {
  const { flow } = state
  const live = flow === null || flow.phase === 'over' ? null : flow
  const page = flow?.page ?? 0
  const chance = random.next()
  if (chance < 0.01)
    return {
      type: 'call.reported',
      at,
      providerId: 'CA1',
      status: random.pick(['in-progress', 'completed', 'ringing']),
    }
  if (chance < 0.015) return { type: 'flow.end-wanted', at, hangsUp: random.chance(0.5) }
  if (chance < 0.05) return { type: 'call.judged', at, verdict: random.pick(['human', 'machine', 'unknown']) }
  if (chance < 0.08) return { type: 'flow.resumed', at }
  if (chance < 0.16)
    return { type: 'flow.asked', at, token: random.chance(0.3) ? null : tokenOf(random.between(0, page + 1)) }
  if (chance < 0.2)
    return { type: 'flow.answered', at, ask: random.between(0, (live?.asks ?? 0) + 1), answer: anAnswer(random) }
  if (chance < 0.24) return { type: 'clock.struck', at }
  if (chance < 0.25) return { type: 'delivery.given-up', at, effect: 'flow-ask-neighbour', attempts: 3 }
  const waiting = live?.waiting
  if (waiting?.for === 'outside') {
    const due = call.deadline(state)
    if (random.chance(0.15) && due !== null) return { type: 'clock.struck', at: Math.max(at, due) }
    return { type: 'flow.answered', at, ask: waiting.ask, answer: anAnswer(random) }
  }
  if (waiting?.for === 'agent')
    return { type: 'flow.answered', at, ask: waiting.ask, answer: { is: 'result', result: 'talked' } }
  if (waiting?.for === 'carrier' && waiting.expects === 'dial') {
    const status: DialEnd['status'] = random.pick(['completed', 'busy', 'no-answer', 'failed', 'canceled'])
    return { type: 'flow.dialed', at, end: { status, talkedMs: null } }
  }
  const digits = random.pick(['', '1', '1', '2', '9', '12#', '🙂'])
  const holdsMs = random.pick([0, 0, 3_000])
  return { type: 'flow.asked', at, token: tokenOf(page), digits, recordedMs: random.pick([0, 4_000]), holdsMs }
}

function anAnswer(random: Random): OutsideAnswer {
  const chance = random.next()
  if (chance < 0.1) return { is: 'failed', because: 'no' }
  const variables: Record<string, string> = random.chance(0.3)
    ? { a: random.pick(['1', '2', 'x'.repeat(20_000)]), 'voipbin.queue.id': 'q' }
    : {}
  if (chance < 0.5)
    return { is: 'result', result: random.pick(['served', 'busy', 'no-answer', 'x'.repeat(500)]), variables }
  if (chance < 0.55) return { is: 'steps', actions: garbage(random) as unknown[] }
  const repeats = random.chance(0.3)
  if (chance < 0.75) return { is: 'steps', actions: [random.pick(INTERNAL)], repeats, variables }
  return { is: 'steps', actions: validFlow(random, random.pick(['s', 'f']), 4), repeats, variables }
}

const INTERNAL = [
  { type: 'dial', option: { parties: { list: [] }, from: '+1' } },
  { type: 'join_room', option: { room: 'r', call_id: 'c' } },
  { type: 'hold_music', option: { stream_urls: ['https://s.test/m.wav'] } },
  { type: 'agent_talk', option: { agent_id: 'ai_1', version: 1, duration: 20_000 } },
]

/** Those of a random flow that may be saved. */
export function savable(given: unknown): Action[] | null {
  const { errors, actions } = checkFlow(given, { call: true })
  return errors.length === 0 ? actions : null
}
