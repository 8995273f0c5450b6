/** What the log of a workspace offers. */
import type { LegacyEvent } from '../../core/events/legacy.ts'
import type { EventName, Vocabulary } from '../../core/events/names.ts'
import type { CallFilters, CallRow } from '../../wire/api.ts'
import type { PublicEvent } from '../../wire/events.ts'

import type { Figures } from './reader.ts'
import type { SumsQuery } from './report/rollups.ts'

type Actor = Rpc.DurableObjectBranded

/**
 * The log of a workspace, one month. The newest month answers for all. Events are numbered in the order in which they
 * arrive, without gaps, and a month that is over takes no more: a reader that has gone on misses nothing. A cursor is text
 * that only the log reads. The id of an event is its actor's and its seq; a page of facts that is sent again across the end of
 * a month makes events that a reader has seen, and the id tells so.
 */
export interface LogContract extends Actor {
  /**
   * One page of an actor's facts, as JSON. False: this month is over; the page belongs to the next one. `listened`: it was taken, and
   * somebody waits for such facts.
   */
  hear(source: string, factsJson: string): Promise<boolean | 'listened'>
  list(query: LogQuery): Promise<CallPage>
  /** A `CallDetail` as JSON, because the data of a timeline has no fixed shape and typed RPC cannot carry it. */
  detail(callId: string): Promise<string | null>
  byProviderId(providerId: string): Promise<CallRow | null>
  /** Has this call a row? */
  knows(callId: string): Promise<boolean>
  /** An `EventPage` as JSON. Null: there is no such cursor. */
  events(query: EventQuery): Promise<string | null>
  /** A `PublicEventPage` as JSON. Null: there is no such cursor. Whoever reads as a listener is told of what comes next. */
  publicEvents(query: PublicQuery, listener?: string): Promise<string | null>
  /** A `StreamPage` as JSON: all public events, for the sockets of the workspace. Null: there is no such cursor. */
  streamed(cursor: string, limit: number, listener?: string): Promise<string | null>
  /** What calls add up to, and when agents were at their desks. */
  figures(query: SumsQuery): Promise<Figures>
  /** The cursor behind the newest event. */
  head(): Promise<string>
  /** Puts a listener on the list, here and for the months to come; another time it changes what it listens to. */
  listen(listener: Listener): Promise<void>
  unlisten(id: string): Promise<void>
  listening(): Promise<Listener[]>
  /** The answer of this month alone to another month, as JSON (`src/actors/log/reader.ts`). */
  answer(question: string): Promise<string>
  /** The months of this workspace, asked of the object that is named by it. Null: `entering` is older than one of them. */
  months(entering: string | null, leaving?: string | null): Promise<string[] | null>
  /** Columns of calls that began in this month, as JSON by call id. Returns those that did. */
  amend(json: string): Promise<string[]>
  /** Open calls of this month whose sound has gone to an AI agent, the newest first. */
  talking(limit: number, viewer?: string): Promise<string[]>
  /** Calls and rounds that are open and have said nothing for too long. */
  silent(now: number, limit: number): Promise<{ calls: string[]; rounds: string[] }>
  /** The sweep has looked at them. True: nothing is open here, and the entry with this token may go. */
  settle(over: string[], woken: string[], token: string, now: number): Promise<boolean>
}
export interface CallPage {
  items: CallRow[]
  next: string | null
  /** the cursor is none of ours, or its month is not kept any more */
  strayed?: true
}
export interface EventQuery {
  /** null: from the first event that is kept */
  cursor: string | null
  limit: number
  /** null: all of them */
  types: string[] | null
}
/** An event in both vocabularies, and as the seed's programs know it. */
export interface StreamedEvent {
  /** in the seed's words */
  event: PublicEvent
  voipbin: string
  callId: string | null
  /** null: the seed has no such event */
  legacy: LegacyEvent | null
}
export interface StreamPage {
  items: StreamedEvent[]
  next: string
  more: boolean
}
/** Whoever is told of what is new: an endpoint of webhooks by its id, or the sockets of the workspace by the workspace's. */
export interface Listener {
  id: string
  /** null: of all events */
  events: EventName[] | null
}
export interface PublicQuery {
  /** null: from the first event that is kept */
  cursor: string | null
  limit: number
  /** null: all of them */
  events: EventName[] | null
  vocabulary: Vocabulary
}
export interface LogQuery extends CallFilters {
  cursor: string | null
  limit: number
  /** calls of this agent only */
  agentId?: string
}
