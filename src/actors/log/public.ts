/**
 * Public events of a log: facts by the table of `src/core/events`, completed with the call that they are about. A cursor is one of the log
 * itself, so pages of facts and of events may be read on from each other.
 */
import { factsBehind, publicEvent, statusBy } from '../../core/events/events.ts'
import { type KnownCall, legacyEvent } from '../../core/events/legacy.ts'
import { type EventName, nameIn, type Vocabulary } from '../../core/events/names.ts'
import type { CallRow, LogEvent } from '../../wire/api.ts'
import type { PublicEvent, PublicEventPage } from '../../wire/events.ts'
import { callAt } from '../../wire/logged-call.ts'
import type { PublicQuery, StreamPage } from './contract.ts'
import type { LogReader } from './reader.ts'

/** Null: there is no such cursor. */
export async function publicPage(reader: LogReader, query: PublicQuery): Promise<PublicEventPage | null> {
  const { cursor, limit, events } = query
  const page = await reader.events({ cursor, limit, types: factsBehind(events) })
  if (page === null) return null
  const calls = page.items.flatMap(({ id, about: { call } }) => (isOfCall(id, call) ? [call] : []))
  const rows = await rowsOf(reader, calls)
  const items = page.items.flatMap(fact => publish(fact, rows, query.vocabulary, query.events)?.event ?? [])
  return { items, next: page.next, more: page.more }
}

/** All public events behind a cursor, with what the topics of sockets look at. Null: there is no such cursor. */
export async function streamPage(reader: LogReader, cursor: string, limit: number): Promise<StreamPage | null> {
  const page = await reader.events({ cursor, limit, types: factsBehind(null) })
  if (page === null) return null
  const rows = await rowsOf(
    reader,
    page.items.flatMap(({ about: { call } }) => call ?? []),
  )
  const items = page.items.flatMap(fact => {
    const made = publish(fact, rows, 'seed', null)
    if (made === null) return []
    const { event, name } = made
    const callId = fact.about.call ?? null
    const row = callId === null ? undefined : rows.get(callId)
    const { agent_id: agent, verdict, status } = event.data
    const legacy = legacyEvent(name, { agentId: agent === undefined ? null : String(agent), verdict }, knownCall(row))
    return [{ event, voipbin: nameIn('voipbin', name, status), callId, legacy }]
  })
  return { items, next: page.next, more: page.more }
}

function knownCall(row: CallRow | undefined): KnownCall | null {
  if (row === undefined) return null
  const { callId, direction, number, from, name, contactId, agentId, answeredBy, hangupReason } = row
  const incoming = direction === 'inbound'
  return { callId, incoming, number, ourNumber: from, name, contactId, agentId, answeredBy, hangupReason }
}

async function rowsOf(reader: LogReader, ids: readonly string[]): Promise<Map<string, CallRow>> {
  const calls = new Set(ids)
  const rows = await Promise.all([...calls].map(call => reader.rowOf('call_id', call)))
  return new Map(rows.flatMap(row => (row === null ? [] : [[row.callId, row]])))
}

function isOfCall(id: string, call: string | undefined): call is string {
  return call !== undefined && id.startsWith(`${call}:`)
}

/** Null: it is none of these events. */
function publish(
  fact: LogEvent,
  rows: Map<string, CallRow>,
  vocabulary: Vocabulary,
  events: readonly EventName[] | null,
): { name: EventName; event: PublicEvent } | null {
  const made = publicEvent(fact)
  if (made === null || events?.includes(made.event) === false) return null
  const { id, cursor, at } = fact
  const { call } = fact.about
  const row = isOfCall(id, call) ? rows.get(call) : undefined
  const known = row === undefined ? {} : callAt(row, at, statusBy(fact.type))
  const subject = id.slice(0, id.lastIndexOf(':'))
  const type = nameIn(vocabulary, made.event, made.fields.status)
  const data = { id: subject, ...known, ...made.fields }
  return { name: made.event, event: { id, cursor, type, timestamp: new Date(at).toISOString(), data } }
}
