/**
 * Makes public events of facts, by one table (`call.ts`, `desk.ts`, `floor.ts`, `notices.ts`). Pure: the same fact gives the same event for ever, however
 * often it is delivered, and to whomever.
 */
import type { About, SubjectKind } from '../about.ts'
import { accountIdOf, agentOfDesk, asGroupcall, workspaceOf } from '../ids.ts'
import { callEvents } from './call.ts'
import { deskEvents } from './desk.ts'
import { batchEvents, campaignEvents, queueEvents, roomEvents } from './floor.ts'
import type { EventName } from './names.ts'
import { ledgerEvents, maskEvents, reportEvents, webhookEvents } from './notices.ts'
import type { Instead } from './row.ts'

interface AnyRow {
  readonly event: EventName
  readonly fields: readonly string[]
  readonly personal: readonly string[]
  readonly instead?: Instead
}
type AnyTable = { readonly [type: string]: AnyRow | null }
/** By the kind of the actor that makes the facts. */
export const EVENT_TABLES: { readonly [Kind in SubjectKind]: AnyTable } = {
  call: callEvents,
  batch: batchEvents,
  campaign: campaignEvents,
  contact: {},
  room: roomEvents,
  desk: deskEvents,
  queue: queueEvents,
  webhook: webhookEvents,
  mask: maskEvents,
  ledger: ledgerEvents,
  report: reportEvents,
}

/** A fact as the log has it: it is from the actor whose id is before the last colon of `id`. */
export interface Logged {
  readonly id: string
  readonly at: number
  readonly type: string
  readonly about: About
  readonly data: { readonly [field: string]: unknown }
  readonly personal: { readonly [field: string]: unknown } | null
}
/** A public event without the call that it is about, which the log completes. */
export interface Made {
  readonly event: EventName
  readonly fields: { readonly [field: string]: unknown }
}

/** Types of facts that make one of these events; null: any event. The same type of another machine may make none. */
export function factsBehind(events: readonly EventName[] | null): string[] {
  const types = Object.values(EVENT_TABLES).flatMap(table =>
    Object.entries(table).flatMap(([type, row]) =>
      row !== null && (events === null || events.includes(row.event)) ? [type] : [],
    ),
  )
  return [...new Set(types)]
}

const PUBLIC = new Set(factsBehind(null))
/** May a fact of this type make an event? */
export function mayBePublic(type: string): boolean {
  return PUBLIC.has(type)
}

/** Null: this fact is nobody's business outside. */
export function publicEvent(fact: Logged): Made | null {
  const kind = kindOf(fact)
  const row = kind === null ? undefined : EVENT_TABLES[kind][fact.type]
  if (!row) return null
  const told = [
    ...pick(row.fields, { ...fact.data, ...row.instead?.(fact) }),
    ...pick(row.personal, fact.personal ?? {}),
  ]
  return { event: row.event, fields: { ...subjects(fact.about), ...Object.fromEntries(told) } }
}

/** The kind of the actor that made the fact: of its subjects it is the one that has the actor's id. */
function kindOf({ id, about }: Logged): SubjectKind | null {
  const source = id.slice(0, id.lastIndexOf(':'))
  const own = Object.entries(about).find(([, subject]) => subject === source)
  return own === undefined ? null : (own[0] as SubjectKind)
}

function pick(names: readonly string[], from: { readonly [field: string]: unknown }): [string, unknown][] {
  return names.flatMap(name => (from[name] === undefined ? [] : [[snake(name), from[name]] as [string, unknown]]))
}

/** `waitedMs` → `waited_ms`, as the voice API writes its fields. */
export function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}

/** Whom it is about, by the names that the voice API has for them. */
function subjects(about: About): { [field: string]: string } {
  const { call, batch, campaign, contact, room, desk, queue, webhook, mask, ledger, report } = about
  const named = {
    call_id: call,
    [asGroupcall(batch ?? null) === null ? 'round_id' : 'groupcall_id']: batch,
    campaign_id: campaign,
    contact_id: contact,
    room_id: room,
    agent_id: agentOfDesk(desk ?? null) ?? undefined,
    queue_id: queue,
    webhook_id: webhook,
    mask_id: mask,
    report_schedule_id: report,
    billing_account_id: ledger === undefined ? undefined : accountIdOf(workspaceOf(ledger)),
  }
  return Object.fromEntries(Object.entries(named).filter((one): one is [string, string] => one[1] !== undefined))
}

const CALL_STATUS: { readonly [type: string]: string } = {
  'call-created': 'dialing',
  'call-received': 'ringing',
  'call-attempted': 'dialing',
  'call-ringing': 'ringing',
  'call-answered': 'progressing',
  'call-canceling': 'canceling',
  'call-terminating': 'terminating',
  'call-hungup': 'hangup',
}
/** The status that this fact gives its call; null: it changes none. */
export function statusBy(type: string): string | null {
  return CALL_STATUS[type] ?? null
}
