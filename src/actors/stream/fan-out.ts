/**
 * Reads the log and sends to the sockets. Whoever stands at the head is served by one reading; those that are behind are caught up beside it, a few at a time
 * (`src/core/events/stream/turns.ts`). A page that was read for one socket serves every other that stands at its place or behind it. Nothing but the
 * pages under way is in memory.
 */
import { comesBefore } from '../../core/events/stream/cursor.ts'
import { headOf, nextBehind } from '../../core/events/stream/turns.ts'
import { offer } from '../../core/events/stream/window.ts'
import type { StreamPage } from '../log/contract.ts'
import { EventText } from './messages.ts'
import { sayCaughtUp } from './requests.ts'
import type { Subscription, Subscriptions } from './subscriptions.ts'

const PAGE = 200
/** Pages that are read at the same time for sockets that are behind. */
const BEHIND_AT_ONCE = 3
/** Events behind a cursor are not kept any more. */
const GONE = 4410

export interface Parts {
  workspaceId: string
  subscriptions: Subscriptions
  /** Reads a page of the log, as JSON; null: it has no such cursor. */
  read(cursor: string, limit: number): Promise<string | null>
  /** The log could not be read, so somebody must call `work` again. */
  failed(): Promise<void>
  /** The object stays awake until then. */
  waitUntil(work: Promise<void>): void
}

export class FanOut {
  readonly #parts: Parts
  #leads = false
  #again = false
  #behind = 0
  readonly #busy = new Set<string>()
  #turns = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** There may be something to send. */
  work(): void {
    this.#again = true
    this.#catchUp()
    if (this.#leads) return
    this.#leads = true
    this.#parts.waitUntil(this.#lead())
  }

  async #lead(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false
        while (await this.#readHead()) this.#catchUp()
        this.#catchUp()
      }
    } finally {
      this.#leads = false
    }
  }

  /** True: there is more. */
  async #readHead(): Promise<boolean> {
    const head = headOf(this.#parts.subscriptions.ready().map(one => one.at))
    return head !== null && (await this.#page(head)) === 'more'
  }

  /** Begins to read for those that are behind, as many at a time as may. */
  #catchUp(): void {
    while (this.#behind < BEHIND_AT_ONCE) {
      const one = this.#nextBehind()
      if (one === null) return
      this.#behind += 1
      this.#parts.waitUntil(this.#follow(one))
    }
  }

  async #follow(first: Subscription): Promise<void> {
    try {
      for (let one: Subscription | null = first; one !== null; one = this.#nextBehind()) {
        const { at } = one
        this.#turns += 1
        one.turn = this.#turns
        this.#busy.add(at)
        const page = await this.#page(at)
        this.#busy.delete(at)
        if (page === 'failed') return
      }
    } finally {
      this.#behind -= 1
    }
  }

  #nextBehind(): Subscription | null {
    const ready = this.#parts.subscriptions.ready()
    const head = headOf(ready.map(one => one.at))
    return head === null ? null : nextBehind(ready, head, this.#busy)
  }

  /** Reads one page and sends it to all whom it concerns. `more`: there is another one behind it. */
  async #page(start: string): Promise<'more' | 'end' | 'failed'> {
    const { workspaceId, subscriptions, read, failed } = this.#parts
    let json: string | null
    try {
      json = await read(start, PAGE)
    } catch {
      console.error(JSON.stringify({ message: 'events could not be read for sockets', workspace: workspaceId }))
      await failed()
      return 'failed'
    }
    if (json === null) {
      for (const one of subscriptions.ready())
        if (one.at === start) subscriptions.end(one, GONE, 'these events are not kept any more')
      return 'more'
    }
    const page = JSON.parse(json) as StreamPage
    this.#spread(page, start)
    return page.more ? 'more' : 'end'
  }

  #spread({ items, next }: StreamPage, start: string): void {
    const events = items.map(item => new EventText(this.#parts.workspaceId, item))
    const now = Date.now()
    for (const one of this.#parts.subscriptions.ready()) {
      if (comesBefore(one.at, start)) continue
      if (one.isOver(now)) this.#parts.subscriptions.signOut(one)
      else {
        serve(one, events, next)
        sayCaughtUp(one, this.#parts.workspaceId)
      }
    }
  }
}

/** What is sent is written down before: after an eviction nothing is sent twice. */
function serve(one: Subscription, events: readonly EventText[], next: string): void {
  const { window, vocabulary, interest } = one
  if (window === null) return
  const texts = new Map<EventText, string[]>()
  const offered = offer(window, events, next, event => {
    const made = event.textsFor(interest, vocabulary)
    if (made.length > 0) texts.set(event, made)
    return { cursor: event.cursor, bytes: made.reduce((sum, text) => sum + text.length, 0) }
  })
  if (offered.window.at === window.at) return
  one.move(offered.window)
  for (const event of offered.sent) for (const text of texts.get(event) ?? []) one.send(text)
}
