/**
 * Who listens to a workspace's events: the endpoints of its webhooks, and its sockets while there are any. A month tells them that there is something for them, and they pull. The
 * list is kept by the object that is named by the workspace; a month copies it when it begins. The word is a hint: a listener that missed it asks
 * by itself after a while, and by that it is on the list of the month again.
 */
import { factsBehind } from '../../core/events/events.ts'
import type { EventName } from '../../core/events/names.ts'
import { workspaceOf } from '../../core/ids.ts'
import type { Env } from '../env.ts'
import { stubFor } from '../stubs.ts'
import type { Listener } from './contract.ts'
import type { LoggedFact } from './events.ts'
import { BEFORE, type Months } from './months.ts'

interface Known {
  /** as it is stored */
  events: string
  /** types of facts that it waits for */
  types: ReadonlySet<string>
  telling: boolean
  again: boolean
}

export class Listeners {
  readonly #env: Env
  readonly #ctx: DurableObjectState
  readonly #months: Months
  #known: Map<string, Known> | null = null

  constructor(env: Env, ctx: DurableObjectState, months: Months) {
    this.#env = env
    this.#ctx = ctx
    this.#months = months
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

  /** A month that begins listens for those who listened to the one before. */
  async learn(): Promise<void> {
    for (const { id, events } of await this.#months.at(null).listening()) this.seen(id, events)
  }

  /** These facts are in the sequence now. */
  tell(facts: readonly LoggedFact[]): void {
    for (const [id, known] of this.#read()) {
      if (!facts.some(({ fact }) => known.types.has(fact.type))) continue
      known.again = true
      if (!known.telling) this.#ctx.waitUntil(this.#tell(id, known))
    }
  }

  /** News that come while it is being told are told together. */
  async #tell(id: string, known: Known): Promise<void> {
    known.telling = true
    try {
      while (known.again) {
        known.again = false
        if (!(await this.#poke(id))) this.#forget(id)
      }
    } catch {
      // It asks by itself after a while.
    } finally {
      known.telling = false
    }
  }

  /** False: nobody wants events there any more. The id says what it is: an endpoint's has its workspace before it, and the sockets have the workspace's. */
  #poke(id: string): Promise<boolean> {
    return stubFor(this.#env, id === workspaceOf(id) ? 'stream' : 'subscriber', id).poke()
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
  const types = new Set(factsBehind(JSON.parse(events) as EventName[] | null))
  return { events, types, telling: false, again: false }
}
