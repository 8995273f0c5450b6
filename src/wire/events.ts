/** Public events as programs get them: by cursor, and by webhook. The schema and the example of each are made from one table. */
import { z } from 'zod'
import { EVENT_TABLES } from '../core/events/events.ts'
import { EVENT_NAMES, type EventName, nameIn, VOCABULARIES, type Vocabulary } from '../core/events/names.ts'
import type { Field, PersonalField } from '../core/events/row.ts'
import { reportFigure, reportRows } from './report.ts'
import { voiceCallRow } from './voice-call.ts'

const count = z.number().int()
const text = z.string()
const optional = z.string().nullable()
/** Of a report: `GET /v1.0/reports/{report}` has the same, with definitions. `more`: it has more rows than are told. */
const reportTable = z.object({
  key: text,
  columns: z.array(reportFigure.omit({ means: true })),
  rows: reportRows,
  total: reportRows.element.shape.values,
  more: z.boolean(),
})
const TABLE_EXAMPLE = {
  key: 'Day',
  columns: [{ name: 'calls', words: 'Calls', unit: 'count' }],
  rows: [{ key: '2026-11-30', label: '2026-11-30', values: [412] }],
  total: [412],
  more: false,
}
/** Every field that an event may have, with an example. */
const FIELDS: { readonly [F in Field | PersonalField]: readonly [z.ZodType, unknown] } = {
  activeflowId: [text, 'w_demo.call_1f'],
  amountMicros: [count, 20_000_000],
  announced: [z.boolean(), true],
  answer: [text, 'accepted'],
  balanceMicros: [count, 24_500_000],
  because: [text, 'declined'],
  by: [text, 'remote'],
  cause: [optional, 'high-packet-loss'],
  code: [count.nullable(), null],
  consequence: [optional, 'callback'],
  contactId: [optional, 'ct_7'],
  depth: [count, 0],
  dueAt: [count.nullable(), 1_796_117_400_000],
  entryId: [text, 'e_1'],
  flowId: [optional, 'fl_7'],
  free: [z.boolean(), true],
  from: [text, '2026-11-30'],
  held: [z.boolean(), true],
  label: [optional, 'Interested'],
  left: [count, 12],
  level: [text, 'bad'],
  lines: [count, 2],
  link: [text, 'https://example.com/app/reports?report=calls&from=2026-11-30&to=2026-11-30'],
  mode: [text, 'whisper'],
  moderator: [z.boolean(), false],
  muted: [z.boolean(), false],
  name: [optional, 'Ada'],
  number: [optional, '+14155550100'],
  outcome: [text, 'connected'],
  outcomeId: [text, 'interested'],
  paused: [z.boolean(), false],
  priority: [count, 0],
  reason: [optional, null],
  recordingId: [text, 're_1'],
  report: [text, 'calls'],
  role: [text, 'agent'],
  rule: [text, 'do-not-call'],
  seconds: [count.nullable(), 42],
  sessionId: [optional, 'w_demo.m_15005550006.s1f'],
  side: [text, 'a'],
  startMs: [count, 8_000],
  status: [text, 'completed'],
  stepId: [optional, 'menu'],
  supervisionId: [text, 'w_demo.d_ada.3.v1f'],
  table: [reportTable, TABLE_EXAMPLE],
  taskId: [text, '00T1'],
  talkedMs: [count, 42_000],
  text: [text, 'Good morning.'],
  transferId: [text, 't_1'],
  timeZone: [text, 'America/New_York'],
  to: [text, '2026-11-30'],
  tries: [count, 1],
  untilMs: [count.nullable(), 1_796_083_200_000],
  verb: [text, 'menu'],
  verdict: [text, 'human'],
  version: [count, 3],
  waitedMs: [count, 8_000],
  who: [text, 'caller'],
}
/** Whom an event is about. Of a call the whole call is given as well, as far as it is known. */
const SUBJECTS = {
  call: ['call_id', 'w_demo.call_1f'],
  batch: ['round_id', 'w_demo.c_spring.b7'],
  campaign: ['campaign_id', 'w_demo.c_spring'],
  contact: ['contact_id', 'ct_7'],
  room: ['room_id', 'w_demo.cf_1f'],
  desk: ['agent_id', 'ada'],
  queue: ['queue_id', 'w_demo.q_1f'],
  webhook: ['webhook_id', 'w_demo.wh_1f'],
  mask: ['mask_id', 'w_demo.m_15005550006'],
  ledger: ['billing_account_id', 'ba_w_demo'],
  report: ['report_schedule_id', 'w_demo.rs_1f'],
} as const
type Kind = keyof typeof SUBJECTS

const CALL_EXAMPLE = {
  id: 'w_demo.call_1f',
  source: { type: 'tel', target: '+14155550001', target_name: '' },
  destination: { type: 'tel', target: '+14155550100', target_name: 'Ada' },
  direction: 'outgoing',
  status: 'progressing',
  hangup_reason: null,
  tm_create: '2026-11-30T09:00:00.000Z',
  tm_progressing: '2026-11-30T09:00:08.000Z',
  tm_hangup: null,
}
const STATUS_OF: { readonly [E in EventName]?: string } = {
  call_created: 'dialing',
  call_dialing: 'dialing',
  call_ringing: 'ringing',
  call_answered: 'progressing',
  call_canceling: 'canceling',
  call_terminating: 'terminating',
  call_hungup: 'hangup',
}

export interface Described {
  event: EventName
  /** whose actor makes it */
  kind: Kind
  schema: z.ZodObject
  example: Record<string, unknown>
}

const snake = (name: string) => name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

/** The data of one event: what its facts may say, of whichever of them it is made. */
export function describe(event: EventName): Described {
  const rows = Object.entries(EVENT_TABLES).flatMap(([kind, table]) =>
    Object.values(table).flatMap(row => (row?.event === event ? [{ kind: kind as Kind, row }] : [])),
  )
  const [first] = rows
  if (first === undefined) throw new Error(`no fact makes ${event}`)
  const names = [...new Set(rows.flatMap(({ row }) => [...row.fields, ...row.personal]))] as (Field | PersonalField)[]
  const fields = Object.fromEntries(names.map(name => [snake(name), FIELDS[name][0].optional()]))
  const examples = Object.fromEntries(names.map(name => [snake(name), FIELDS[name][1]]))
  const [subject, id] = SUBJECTS[first.kind]
  const ids = Object.fromEntries(Object.values(SUBJECTS).map(([name]) => [name, z.string().optional()]))
  const others = { ...ids, groupcall_id: z.string().optional() }
  const ofCall = first.kind === 'call'
  const schema = z.object({ ...(ofCall ? voiceCallRow.partial().shape : {}), id: z.string(), ...others, ...fields })
  const status = STATUS_OF[event]
  const over = event === 'call_hungup' ? { hangup_reason: 'normal', tm_hangup: '2026-11-30T09:02:10.000Z' } : {}
  const early = ['dialing', 'ringing', 'canceling'].includes(status ?? '') ? { tm_progressing: null } : {}
  const call = ofCall ? { ...CALL_EXAMPLE, ...(status === undefined ? {} : { status }), ...early, ...over } : {}
  return { event, kind: first.kind, schema, example: { id, ...call, [subject]: id, ...examples } }
}

export const DESCRIBED: readonly Described[] = EVENT_NAMES.map(describe)

/** Names that a list of types may have: those of both vocabularies, so that none is ever refused for being the other's. */
export const EVENT_TYPES: readonly string[] = [
  ...new Set(
    EVENT_NAMES.flatMap(name =>
      VOCABULARIES.flatMap(each => [nameIn(each, name, null), nameIn(each, name, 'completed')]),
    ),
  ),
]
const NAMED: ReadonlyMap<string, readonly EventName[]> = new Map(
  EVENT_TYPES.map(type => [
    type,
    EVENT_NAMES.filter(name =>
      VOCABULARIES.some(each => nameIn(each, name, null) === type || nameIn(each, name, 'completed') === type),
    ),
  ]),
)
/** The event of a name in either vocabulary. */
export function eventsNamed(type: string): readonly EventName[] {
  return NAMED.get(type) ?? []
}

/** In a list of types: all of them. */
export const EVERYTHING = '*'

/** The events of a list of types; null: all of them. */
export function eventsOf(types: readonly string[]): EventName[] | null {
  return types.includes(EVERYTHING) ? null : [...new Set(types.flatMap(eventsNamed))]
}

/** Does a list of types have this event, by its name in either vocabulary? */
export function wants(types: readonly string[], { type, data }: Pick<PublicEvent, 'type' | 'data'>): boolean {
  if (types.includes(EVERYTHING)) return true
  const named = eventsNamed(type).flatMap(name => VOCABULARIES.map(each => nameIn(each, name, data.status)))
  return named.some(name => types.includes(name))
}

/** One public event. What a webhook sends is this, without the cursor. */
export const publicEvent = z.object({
  /** the same for ever, and for every endpoint; whoever gets an event twice knows it by this */
  id: z.string(),
  /** reading on from here gives the next event */
  cursor: z.string(),
  type: z.string(),
  timestamp: z.string(),
  data: z.record(z.string(), z.unknown()),
})
export type PublicEvent = z.infer<typeof publicEvent>
/** An event in the seed's words, in those of a vocabulary. */
export function named(vocabulary: Vocabulary, event: PublicEvent): PublicEvent {
  return { ...event, type: nameIn(vocabulary, event.type as EventName, event.data.status) }
}
export const publicEventPage = z.object({ items: z.array(publicEvent), next: z.string(), more: z.boolean() })
export type PublicEventPage = z.infer<typeof publicEventPage>
export type { Vocabulary }
