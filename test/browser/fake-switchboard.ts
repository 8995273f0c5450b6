/** The API's answers about flows, numbers and queues, for tests that only look at screens. */
import type { Flow } from '../../src/wire/flow.ts'
import type { Queue, QueueCall } from '../../src/wire/queue.ts'
import type { VoiceAgent } from '../../src/wire/voice-agent.ts'
import { answerOf } from './fake-ai.ts'

const MADE = '2026-11-02T09:00:00.000Z'
const QUEUE_ID = 'w_demo.q_1'
const WAITED_MS = 83_000

export const FLOW: Flow = {
  id: 'fl_1',
  type: 'flow',
  name: 'Reception',
  detail: 'Hours and a menu',
  actions: [
    { id: 'hours', type: 'business_hours', option: hours() },
    { id: 'menu', type: 'menu', option: { text: 'Press 1 for sales.', target_ids: { 1: 'sales' } } },
    { id: 'bye', type: 'hangup', option: {} },
    { id: 'sales', type: 'queue_join', option: { queue_id: QUEUE_ID } },
    { id: 'closed', type: 'talk', option: { text: 'We are closed.' } },
  ],
  version: 2,
  canary: null,
  warnings: [{ stepId: 'closed', field: null, message: 'a branch takes the name' }],
  tm_create: MADE,
  tm_update: MADE,
}
function hours() {
  return {
    zone: 'Europe/Berlin',
    intervals: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
    closed_target_id: 'closed',
  }
}

const QUEUE: Queue = {
  id: QUEUE_ID,
  name: 'Support',
  detail: '',
  tm_create: MADE,
  tm_update: MADE,
  routing_method: 'longest-idle',
  offer_timeout: 20_000,
  wait_timeout: 0,
  capacity: 100,
  wrap_up: 15_000,
  pause_unanswered: true,
  announce_every: 60_000,
  service_target: 20_000,
  short_abandon: 5_000,
  language: 'en-US',
  skills: [],
  music_urls: [],
  members: [
    { agent_id: 'u1', skills: {}, free: true, reason: null, tm_since: MADE, calls: 3 },
    { agent_id: 'u2', skills: { English: 1 }, free: false, reason: 'phone-not-ready', tm_since: MADE, calls: 0 },
  ],
  wait_queuecall_ids: [`${QUEUE_ID}.e_1`],
  service_queuecall_ids: [],
  total_incoming_count: 8,
  total_serviced_count: 6,
  total_abandoned_count: 1,
  service_level: 0.857,
  abandon_rate: 0.143,
  average_wait: 12_000,
  longest_wait: 61_000,
}

function callers(): QueueCall[] {
  const caller = { queue_id: QUEUE_ID, reference_id: 'w_demo.call_1', callback: false, duration_waiting: WAITED_MS }
  const since = (ms: number) => new Date(Date.now() - ms).toISOString()
  return [
    {
      ...{ ...caller, id: `${QUEUE_ID}.e_1`, status: 'connecting', place: 1, service_agent_id: 'u1' },
      tm_create: since(WAITED_MS),
    },
    {
      ...{ ...caller, id: `${QUEUE_ID}.e_2`, status: 'waiting', place: 2, service_agent_id: null },
      tm_create: since(40_000),
    },
  ] as QueueCall[]
}

function people(): VoiceAgent[] {
  const statuses = ['available', 'busy', 'away', 'offline'] as const
  const names = ['Ada', 'Bo', 'Cy with a long name that does not end soon', 'Di', 'Ed']
  return names.map((name, index) => ({
    id: `u${index + 1}`,
    user_id: `u${index + 1}`,
    name,
    role: 'agent',
    status: statuses[(index + 3) % statuses.length] ?? 'offline',
    tm_status: MADE,
    addresses: [{ type: 'agent', target: `u${index + 1}`, target_name: name }],
  }))
}

const PHONES = [
  { extension: '101', name: 'Reception', phones: 0, at_carrier: true },
  { extension: '102', name: 'Warehouse with a long name that does not end soon', phones: 2, at_carrier: false },
  { extension: '103', name: 'Canteen', phones: 0, at_carrier: false },
]

/** Null: not an address of the switchboard. */
export function switchboardAnswer(pathname: string): unknown {
  if (pathname === '/v1.0/agents') return answerOf('GET /v1.0/agents', { items: people(), next: null })
  if (pathname === '/v1.0/queues') return answerOf('GET /v1.0/queues', { items: [QUEUE], next: null })
  if (pathname === `/v1.0/queues/${QUEUE_ID}`) return answerOf('GET /v1.0/queues/:queueId', QUEUE)
  if (pathname === '/v1.0/queuecalls') return answerOf('GET /v1.0/queuecalls', { items: callers(), next: null })
  if (pathname === '/api/directory') return answerOf('GET /api/directory', { items: PHONES, next: null })
  if (pathname === '/v1.0/extensions') return answerOf('GET /v1.0/extensions', { items: [], next: null })
  if (pathname === '/v1.0/flows') return answerOf('GET /v1.0/flows', { items: [FLOW], next: null })
  if (pathname === '/v1.0/flows/checks')
    return answerOf('POST /v1.0/flows/checks', { errors: [], warnings: FLOW.warnings })
  if (pathname === `/v1.0/flows/${FLOW.id}`) return answerOf('GET /v1.0/flows/:flowId', FLOW)
  if (pathname === `/v1.0/flows/${FLOW.id}/versions`)
    return answerOf('GET /v1.0/flows/:flowId/versions', {
      items: [
        {
          version: 2,
          tm_create: MADE,
          rolledBackTo: null,
          changes: [{ stepId: 'menu', change: 'changed', fields: ['text'] }],
        },
        { version: 1, tm_create: MADE, rolledBackTo: null, changes: [] },
      ],
      next: null,
    })
  return pathname === '/v1.0/numbers' ? answerOf('GET /v1.0/numbers', { items: [], next: null }) : null
}
