/**
 * Who listens to a workspace's events: the endpoints of its webhooks, and its sockets while there are any. The list is kept by the object that is named by the workspace; a month
 * copies it when it begins.
 *
 * What is new is made into public events once and brought to each listener that wants some of it, together with the place that the listener
 * has read as far as. If it has read as far as that, nothing is missing between, and it need not ask. Otherwise, and when there is much, it is
 * told only that there is something, and reads. The word is a hint: a listener that missed it asks by itself after a while, and by that it is on
 * the list of the month again.
 */
import { mayBePublic } from '../../core/events/events.ts'
import type { EventName } from '../../core/events/names.ts'
import { workspaceOf } from '../../core/ids.ts'
import type { PublicEventPage } from '../../wire/events.ts'
import type { Env } from '../env.ts'
import { stubFor } from '../stubs.ts'
import type { News } from '../subscriber/contract.ts'
import type { Listener } from './contract.ts'
import type { LoggedFact } from './events.ts'
import { BEFORE, type Months } from './months.ts'
import { publicPage } from './public.ts'
import type { LogReader } from './reader.ts'

/** So many events are brought; whoever misses more reads them. */
const BROUGHT_MAX = 50
const BROUGHT_CHARS_MAX = 64_000
/** So many pages wait for a listener that is being told. */
const PENDING_MAX = 8

interface Known {
  /** as it is stored */
  events: string
  /** those that it waits for; null: all of them */
  wants: ReadonlySet<string> | null
  /** the cursor that it has; null: it is not known */
  cursor: string | null
  /** the number of the newest event that it wants, as far as it was told */
  newest: number
  /** what it is brought next */
  pending: Omit<News, 'from'>[]
  /** it is told to read */
  behind: boolean
  telling: boolean
}

export class Listeners {
  readonly #env: Env
  readonly #ctx: DurableObjectState
  readonly #months: Months
  readonly #reader: LogReader
  #known: Map<string, Known> | null = null
  /** the number of the last event that listeners were told of; null: nobody was told of any */
  #told: number | null = null
  #newest = 0
  #publishing = false

  constructor(env: Env, ctx: DurableObjectState, months: Months, reader: LogReader) {
    this.#env = env
    this.#ctx = ctx
    this.#months = months
    this.#reader = reader
  }

  get any(): boolean {
    return this.#read().size > 0
  }

  list(): Listener[] {
    return [...this.#read()].map(([id, { events }]) => ({ id, events: JSON.parse(events) as Listener['events'] }))
  }

  /** Puts a listener on the list, here and where the months to come find it. */
  async add(listener: Listener): Promise<void> {
    if (this.#months.own !== BEFORE) await this.#months.at(null).listen(listener)
    this.seen(listener.id, listener.events)
  }

  async drop(id: string): Promise<void> {
    if (this.#months.own !== BEFORE) await this.#months.at(null).unlisten(id)
    this.#forget(id)
  }

  /** It reads these events, so it listens to them. `events` null: to all. */
  seen(id: string, events: EventName[] | null): void {
    const text = JSON.stringify(events)
    const known = this.#read()
    if (known.get(id)?.events === text) return
    this.#ctx.storage.sql.exec('INSERT OR REPLACE INTO listeners (id, events) VALUES (?, ?)', id, text)
    known.set(id, knownOf(text))
  }

  /** A listener was given this page, and has its cursor from now on. */
  gave(id: string, { next, more }: PublicEventPage): void {
    const known = this.#read().get(id)
    const [month, place] = next.split('~')
    // What it was told of meanwhile is not in the page; it reads on.
    if (known && !more && month === this.#months.own && Number(place) >= known.newest) known.cursor = next
  }

  /** A month that begins listens for those who listened to the one before. */
  async learn(): Promise<void> {
    for (const { id, events } of await this.#months.at(null).listening()) this.seen(id, events)
  }

  /** These facts are in the sequence now, `last` is the number of the last one. */
  tell(facts: readonly LoggedFact[], last: number): void {
    if (!this.any) {
      this.#told = null
      return
    }
    this.#told ??= last - facts.length
    this.#newest = last
    if (this.#publishing) return
    if (facts.some(({ fact }) => mayBePublic(fact.type))) this.#ctx.waitUntil(this.#publish())
    else this.#told = last
  }

  /** Facts that come meanwhile are in the next page. */
  async #publish(): Promise<void> {
    this.#publishing = true
    try {
      while (this.#told !== null && this.#told < this.#newest) {
        const cursor = `${this.#months.own}~${this.#told}`
        const page = await publicPage(this.#reader, { cursor, limit: BROUGHT_MAX, events: null, vocabulary: 'seed' })
        this.#told = page === null ? this.#newest : placeOf(page.next)
        this.#bring(page)
      }
    } catch {
      this.#told = this.#newest
      this.#bring(null)
    } finally {
      this.#publishing = false
    }
  }

  /** Null: the events could not be read here. */
  #bring(page: PublicEventPage | null): void {
    if (page?.items.length === 0) return
    const itemsJson = JSON.stringify(page?.items ?? [])
    const much = page === null || page.more || itemsJson.length > BROUGHT_CHARS_MAX
    for (const [id, known] of this.#read()) {
      if (page !== null && !page.items.some(({ type }) => known.wants?.has(type) !== false)) continue
      if (page !== null && this.#isPast(known.cursor, page.next)) continue
      known.newest = page === null ? this.#newest : placeOf(page.items.at(-1)?.cursor ?? page.next)
      known.behind ||= much || known.cursor === null || known.pending.length >= PENDING_MAX
      if (page !== null && !known.behind) known.pending.push({ to: page.next, itemsJson })
      if (!known.telling) this.#ctx.waitUntil(this.#tell(id, known))
    }
  }

  /** Has this cursor read the page already? */
  #isPast(cursor: string | null, end: string): boolean {
    if (cursor === null) return false
    const [month, place] = cursor.split('~')
    return month === this.#months.own && Number(place) >= placeOf(end)
  }

  async #tell(id: string, known: Known): Promise<void> {
    known.telling = true
    try {
      while (known.behind || known.pending.length > 0) {
        const news = this.#newsFor(known)
        const answer = await this.#poke(id, news)
        if (answer === false) return this.#forget(id)
        if (news === undefined || known.cursor !== news.from) continue
        known.cursor = answer === true ? news.to : null
        known.behind ||= answer !== true && known.pending.length > 0
      }
    } catch {
      // It asks by itself after a while.
      known.cursor = null
    } finally {
      known.telling = false
    }
  }

  /** The id says what it is: an endpoint's has its workspace before it, and the sockets have the workspace's. Sockets pull, because each stands elsewhere. */
  async #poke(id: string, news: News | undefined): Promise<boolean | 'reads'> {
    if (id !== workspaceOf(id)) return stubFor(this.#env, 'subscriber', id).poke(news)
    return (await stubFor(this.#env, 'stream', id).poke()) && 'reads'
  }

  /** Undefined: it is told to read. */
  #newsFor(known: Known): News | undefined {
    const next = known.behind || known.cursor === null ? undefined : known.pending.shift()
    if (next !== undefined && known.cursor !== null) return { from: known.cursor, ...next }
    known.behind = false
    known.cursor = null
    known.pending = []
    return undefined
  }

  #forget(id: string): void {
    if (this.#read().delete(id)) this.#ctx.storage.sql.exec('DELETE FROM listeners WHERE id = ?', id)
  }

  #read(): Map<string, Known> {
    this.#known ??= new Map(
      this.#ctx.storage.sql
        .exec('SELECT id, events FROM listeners ORDER BY id')
        .toArray()
        .map(row => [String(row.id), knownOf(String(row.events))]),
    )
    return this.#known
  }
}

function knownOf(events: string): Known {
  const names = JSON.parse(events) as EventName[] | null
  const wants = names && new Set<string>(names)
  return { events, wants, cursor: null, newest: 0, pending: [], behind: false, telling: false }
}

function placeOf(cursor: string): number {
  return Number(cursor.split('~')[1])
}
