/** What a running flow asks and tells the outside: other actors, and servers of other people. */
import type { CallEffect, CallInput, CallState, LiveCall } from '../../core/call/state.ts'
import type { Json, Option } from '../../core/flow/flow.ts'
import { parseId, workspaceOf } from '../../core/ids.ts'
import { type Answered, askServer } from '../../providers/tools/server-request.ts'
import type { FlowToRun } from '../books.ts'
import type { Neighbours } from '../neighbours.ts'
import { ledByMask } from './flow-mask.ts'
import { connected } from './flow-parties.ts'
import { enterConference, JOINING } from './flow-rooms.ts'
import { agentWanted } from './ring.ts'

type Of<T extends CallEffect['type']> = Extract<CallEffect, { type: T }>
type OutsideAnswer = Extract<CallInput, { type: 'flow.answered' }>['answer']

const BODY_CHARS_MAX = 8_000
const CONNECTING: readonly string[] = ['connect', 'transfer']

/** Another actor of ours is asked; a repeat gets an answer again, and the flow takes the first. */
export async function askNeighbour(
  near: Neighbours,
  callId: string,
  state: CallState,
  effect: Of<'flow-ask-neighbour'>,
  key: string,
): Promise<CallInput[]> {
  const { ask, verb, option } = effect
  // A queue answers by itself, as often as there is news.
  if (verb === 'queue_join' && (await enterQueue(near, callId, state, ask, option, `${callId}:${key}`))) return []
  // So does the room of a conference.
  if (JOINING.includes(verb) && (await enterConference(near, callId, effect, `${callId}:${key}`))) return []
  // The desk of an agent answers the call, and the call its flow.
  const wanted = CONNECTING.includes(verb) ? agentWanted(near, callId, ask, option) : null
  if (wanted !== null) return [wanted]
  const answer =
    verb === 'mask_connect'
      ? await ledByMask(near, callId, state, effect)
      : await answerOf(near, callId, state, verb, option)
  return [{ type: 'flow.answered', at: near.now(), ask, answer }]
}

async function answerOf(
  near: Neighbours,
  callId: string,
  state: CallState,
  verb: string,
  option: Option,
): Promise<OutsideAnswer> {
  switch (verb) {
    case 'connect':
    case 'transfer':
      return connected(near, callId, state, option, (agentId, ms) => agentTalks(near, callId, agentId, ms))
    case 'fetch_flow': {
      const run = { do: 'run' as const, flowId: String(option.flow_id), callId }
      const found = await near.actor('workspace', workspaceOf(callId)).flow(run)
      if (found === null) return { is: 'failed', because: 'no-such-flow' }
      const { actionsJson } = JSON.parse(found) as FlowToRun
      return { is: 'steps', actions: JSON.parse(actionsJson) as unknown[] }
    }
    case 'queue_join':
      return { is: 'failed', because: 'no-such-queue' }
    case 'conference_join':
    case 'confbridge_join':
      return { is: 'failed', because: 'no-such-conference' }
    case 'callback_offer':
      return keepPlace(near, callId, state, option)
    case 'ai_agent':
      return agentTalks(near, callId, String(option.agent_id), Number(option.duration ?? 0))
    case 'ai_talk':
      return agentTalks(near, callId, String(option.assistance_id), Number(option.duration ?? 0) * 1_000)
    default:
      // The check at save takes no such verb.
      return { is: 'failed', because: 'not-there-yet' }
  }
}

/** False: there is no such queue. */
async function enterQueue(
  near: Neighbours,
  callId: string,
  { call }: CallState,
  ask: number,
  option: Option,
  id: string,
): Promise<boolean> {
  const queueId = parseId('queue', String(option.queue_id), workspaceOf(callId))
  if (queueId === null || call.phase !== 'live') return false
  const input = {
    type: 'caller.entered' as const,
    at: near.now(),
    entryId: entryOf(callId, ask),
    callId,
    ask,
    priority: 0,
    skills: null,
    personal: callerOf(call),
  }
  return near.actor('queue', queueId).deliver(input, id)
}

function entryOf(callId: string, ask: number): string {
  return `${callId}:${ask}`
}

/** The person, and the number of ours that they know. */
function callerOf({ links, party }: LiveCall) {
  return links.kind === 'inbound' ? { from: party.from, to: party.to } : { from: party.to, to: party.from }
}

/** The caller has left the queue that an ask led to. */
export async function leaveQueue(
  near: Neighbours,
  callId: string,
  { ask, queue = '' }: Of<'flow-leave'>,
  key: string,
): Promise<CallInput[]> {
  const queueId = parseId('queue', queue, workspaceOf(callId))
  if (queueId === null) return []
  const input = { type: 'caller.left' as const, at: near.now(), entryId: entryOf(callId, ask) }
  await near.actor('queue', queueId).deliver(input, `${callId}:${key}`)
  return []
}

async function keepPlace(
  near: Neighbours,
  callId: string,
  { call }: CallState,
  option: Option,
): Promise<OutsideAnswer> {
  const queueId = parseId('queue', String(option.queue_id), workspaceOf(callId))
  if (queueId === null || call.phase !== 'live') return { is: 'failed', because: 'no-such-queue' }
  const personal = callerOf(call)
  if (personal.from === '') return { is: 'failed', because: 'number-withheld' }
  const input = { type: 'callback.wanted' as const, at: near.now(), entryId: `${callId}:callback`, personal }
  const kept = await near.actor('queue', queueId).deliver(input, `${callId}:callback`)
  return kept ? { is: 'result', result: 'taken' } : { is: 'failed', because: 'no-such-queue' }
}

/** `durationMs` 0: as long as the call. */
async function agentTalks(
  near: Neighbours,
  callId: string,
  agentId: string,
  durationMs: number,
): Promise<OutsideAnswer> {
  const order = await near.actor('workspace', workspaceOf(callId)).aiOrder(agentId)
  if (order === null) return { is: 'failed', because: 'no-such-agent' }
  const { version, record = false, driver = 'stream', language = 'en-US' } = order
  const option = { agent_id: agentId, version, record, driver, language, duration: durationMs }
  return { is: 'steps', actions: [{ type: 'agent_talk', option }] }
}

/** Sent once; what it answered, or that it did not, is the step's result. */
export async function askStranger(
  near: Neighbours,
  callId: string,
  state: CallState,
  { ask, verb, option }: Of<'flow-ask-stranger'>,
): Promise<CallInput[]> {
  const { flow } = state
  const waits = flow?.phase === 'running' && flow.waiting?.for === 'outside' && flow.waiting.ask === ask
  // Nobody waits for it any more, so nothing is sent.
  if (!waits) return []
  return [{ type: 'flow.answered', at: near.now(), ask, answer: await answerOfStranger(verb, option, callId) }]
}

/** `of`: what the flow runs on */
export async function answerOfStranger(verb: string, option: Option, of: string): Promise<OutsideAnswer> {
  return resultOf(verb, option, await askServer(requestOf(verb, option, of)))
}

export async function tellStranger(callId: string, { verb, option }: Of<'flow-tell-stranger'>): Promise<CallInput[]> {
  await askServer(requestOf(verb, option, callId))
  return []
}

function requestOf(verb: string, option: Option, callId: string) {
  if (verb === 'fetch') {
    const body = JSON.stringify({ activeflow_id: callId, reference_id: callId })
    return {
      url: String(option.event_url),
      method: String(option.event_method ?? 'POST'),
      body,
      type: 'application/json',
    }
  }
  return {
    url: String(option.uri),
    method: String(option.method ?? 'GET'),
    body: String(option.data ?? ''),
    type: String(option.data_type ?? 'application/json'),
  }
}

function resultOf(verb: string, option: Option, answered: Answered): OutsideAnswer {
  if ('failed' in answered) return { is: 'failed', because: answered.failed }
  const { status, text } = answered
  if (verb === 'webhook_send') {
    const variables = {
      'trunkline.webhook.status': String(status),
      'trunkline.webhook.body': text.slice(0, BODY_CHARS_MAX),
    }
    return { is: 'result', result: String(status), variables }
  }
  if (status < 200 || status > 299) return { is: 'failed', because: `answered-${status}` }
  const json = jsonOf(text)
  if (verb === 'fetch') {
    const actions = Array.isArray(json) ? json : (json as { actions?: unknown } | null)?.actions
    return Array.isArray(actions) ? { is: 'steps', actions } : { is: 'failed', because: 'no-steps' }
  }
  const wanted = Object.entries((option.variables ?? {}) as { readonly [name: string]: Json })
  const variables = Object.fromEntries(wanted.map(([name, place]) => [name, textAt(json, String(place))]))
  return { is: 'result', result: String(status), variables }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** `customer.name` in `{customer: {name: …}}`; what is not there is empty. */
function textAt(json: unknown, place: string): string {
  let value: unknown = json
  for (const key of place.split('.')) {
    const known = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    value = known ? (value as Record<string, unknown>)[key] : undefined
  }
  if (value === undefined || value === null) return ''
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, BODY_CHARS_MAX)
}
