/**
 * Public events of a log: facts by the table of `src/core/events`, completed with the call that they are about. A cursor is one of the log
 * itself, so pages of facts and of events may be read on from each other.
 */
import { factsBehind, publicEvent, statusBy } from '../../core/events/events.ts'
import { nameIn } from '../../core/events/names.ts'
import type { CallRow, LogEvent } from '../../wire/api.ts'
import type { PublicEvent, PublicEventPage } from '../../wire/events.ts'
import { callAt } from '../../wire/logged-call.ts'
import type { PublicQuery } from './contract.ts'
import type { LogReader } from './reader.ts'

/** Null: there is no such cursor. */
export async function publicPage(reader: LogReader, query: PublicQuery): Promise<PublicEventPage | null> {
  const { cursor, limit, events } = query
  const page = await reader.events({ cursor, limit, types: factsBehind(events) })
  if (page === null) return null
  const rows = await rowsOf(reader, page.items)
  const items = page.items.flatMap(fact => publish(fact, rows, query))
  return { items, next: page.next, more: page.more }
}

async function rowsOf(reader: LogReader, facts: readonly LogEvent[]): Promise<Map<string, CallRow>> {
  const calls = new Set(facts.flatMap(({ id, about: { call } }) => (isOfCall(id, call) ? [call] : [])))
  const rows = await Promise.all([...calls].map(call => reader.rowOf('call_id', call)))
  return new Map(rows.flatMap(row => (row === null ? [] : [[row.callId, row]])))
}

function isOfCall(id: string, call: string | undefined): call is string {
  return call !== undefined && id.startsWith(`${call}:`)
}

function publish(fact: LogEvent, rows: Map<string, CallRow>, query: PublicQuery): PublicEvent[] {
  const made = publicEvent(fact)
  if (made === null || query.events?.includes(made.event) === false) return []
  const { id, cursor, at } = fact
  const { call } = fact.about
  const row = isOfCall(id, call) ? rows.get(call) : undefined
  const known = row === undefined ? {} : callAt(row, at, statusBy(fact.type))
  const subject = id.slice(0, id.lastIndexOf(':'))
  const type = nameIn(query.vocabulary, made.event, made.fields.status)
  return [{ id, cursor, type, timestamp: new Date(at).toISOString(), data: { id: subject, ...known, ...made.fields } }]
}
