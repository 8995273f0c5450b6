/**
 * Takes events from the log and sends them. Calls go out side by side, the messages of one call one after the other. What is under way is in
 * memory only: whatever dies here is sent again with the same id.
 *
 * The log brings what is new. It is sent before it is written: the first answer writes the message, its attempt and the cursor in one
 * transaction. Whoever dies before that has the old cursor and reads the same events again.
 */
import type { WebhookFact } from '../../core/events/notices.ts'
import { workspaceOf } from '../../core/ids.ts'
import { earliest } from '../../core/machine.ts'
import { type Sent, send } from '../../providers/webhooks/send.ts'
import { eventsOf, named, type PublicEvent, type PublicEventPage, wants } from '../../wire/events.ts'
import type { Env } from '../env.ts'
import type { Notices } from '../shell/notices.ts'
import { logOf } from '../stubs.ts'
import type { News } from './contract.ts'
import { type Endpoint, type EndpointRow, secretsOf } from './endpoint.ts'
import type { Message, Messages } from './messages.ts'
import { WAITING_MAX } from './tables.ts'

/** At the same time, of one endpoint. */
const AT_ONCE = 6
const PAGE = 200
/** An endpoint that has heard nothing asks by itself. */
export const GUARD_MS = 5 * 60_000
/** After the object has died with something under way; and so much later at most, or all endpoints of a workspace would look at once. */
const REPAIR_MS = 20_000
const REPAIR_SPREAD_MS = 10_000
const GAP_MS = 50
/** So many messages may be in memory only. */
const UNWRITTEN_MAX = 50
const SWEEP_MS = 3_600_000

export interface Parts {
  id: string
  env: Env
  ctx: DurableObjectState
  endpoint: EndpointRow
  messages: Messages
  notices: Notices<WebhookFact>
}

export class Delivery {
  readonly #parts: Parts
  /** lanes that are busy with nothing until the alarm */
  readonly #stuck = new Set<string>()
  #pulling: Promise<void> | null = null
  #again = false
  #armed: number | null = null
  /** there may be more in the log, which did not fit */
  #full = false
  #sweptAt = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Takes what is new and sends what is due. Resolves when all that is new has been taken. */
  work(): Promise<void> {
    this.#again = true
    this.#pulling ??= this.#pullAll().finally(() => {
      this.#pulling = null
    })
    return this.#pulling
  }

  /**
   * Takes what the log brings. False: it does not follow what this endpoint has read, or there is no room for it; then `work` reads from the
   * log what is missing.
   */
  take({ from, to, itemsJson }: News): boolean {
    const { endpoint, messages } = this.#parts
    const known = endpoint.read()
    if (known === null || known.cursor !== from || this.#pulling !== null) return false
    if (messages.waiting() >= WAITING_MAX) return false
    const items = JSON.parse(itemsJson) as PublicEvent[]
    messages.add(items.filter(event => wants(known.types, event)).map(event => named(known.vocabulary, event)))
    endpoint.move(to)
    this.#pump()
    // What is under way is written with its answer.
    if (messages.underWay() === 0 || messages.unwritten > UNWRITTEN_MAX) this.store()
    if (!this.#isGuarded()) this.#parts.ctx.waitUntil(this.#arm())
    return true
  }

  /** Writes what is in memory only. */
  store(): void {
    this.#write(() => undefined)
  }

  async strike(now: number): Promise<void> {
    const { endpoint, messages, notices } = this.#parts
    this.#armed = null
    this.store()
    endpoint.reload()
    messages.forget()
    for (const lane of this.#stuck) messages.release(lane)
    this.#stuck.clear()
    if (now - this.#sweptAt >= SWEEP_MS) messages.sweep(now)
    this.#sweptAt = Math.max(this.#sweptAt, now)
    await notices.tell()
    await this.work()
  }

  async sendOne(known: Endpoint, messageId: string, body: string): Promise<Sent> {
    const now = Date.now()
    const loopback = this.#parts.env.TRUNKLINE_MODE === 'local'
    const secrets = secretsOf(known, now)
    return send({ url: known.url, messageId: messageId.replaceAll('.', '~'), body, secrets, loopback }, now)
  }

  async #pullAll(): Promise<void> {
    await this.#arm()
    try {
      while (this.#again) {
        this.#again = false
        while (await this.#pullPage()) this.#pump()
        this.#pump()
      }
    } catch {
      // The log did not answer. The alarm asks again.
      console.error(JSON.stringify({ message: 'events could not be read', endpoint: this.#parts.id }))
      await this.#armAt(Date.now() + REPAIR_MS)
    }
    await this.#arm()
  }

  /** True: there is more. */
  async #pullPage(): Promise<boolean> {
    const { id, env, endpoint, messages } = this.#parts
    const known = endpoint.read()
    if (known === null || known.disabled !== null) return false
    this.#full = messages.waiting() >= WAITING_MAX
    if (this.#full) return false
    const { cursor, types, vocabulary } = known
    const events = eventsOf(types)
    const log = logOf(env, workspaceOf(id))
    const json = await log.publicEvents({ cursor, limit: PAGE, events, vocabulary }, id)
    // Events of this cursor are not kept any more: it goes on with the first that are.
    const page = JSON.parse(
      json ?? (await log.publicEvents({ cursor: null, limit: PAGE, events, vocabulary }, id)) ?? 'null',
    ) as PublicEventPage
    // Nothing else has been taken meanwhile: pulls are single flight, and `take` stands back. Settings may have changed, which counts from the
    // next on.
    this.#write(() => {
      messages.add(page.items.filter(event => wants(types, event)))
      endpoint.move(page.next)
    })
    return page.more
  }

  #pump(): void {
    const { ctx, endpoint, messages } = this.#parts
    const known = endpoint.read()
    const now = Date.now()
    if (known === null || known.disabled !== null || known.holdUntil > now) return
    while (messages.underWay() < AT_ONCE) {
      const message = messages.next(now)
      if (message === null) return
      ctx.waitUntil(this.#deliver(known, message))
    }
  }

  async #deliver(known: Endpoint, message: Message): Promise<void> {
    const { messages } = this.#parts
    const at = Date.now()
    try {
      const sent = await this.sendOne(known, message.eventId, message.body)
      this.#settle(message, sent, at)
      this.#pump()
      if (messages.underWay() === 0) await this.#afterwards()
      else if (!this.#isGuarded()) await this.#arm()
    } catch {
      // The lane stays busy until the alarm, or this would be tried again without a pause.
      console.error(JSON.stringify({ message: 'a delivery could not be written down', endpoint: this.#parts.id }))
      this.#stuck.add(message.lane)
    }
  }

  #settle(message: Message, sent: Sent, at: number): void {
    const { endpoint, messages, notices } = this.#parts
    const next = this.#write(() => {
      const known = endpoint.read()
      // The endpoint was deleted meanwhile, with its messages.
      if (known === null) return null
      const dueAt = messages.settle(message, sent, at, known.retries, Math.random())
      const hold =
        sent.outcome !== 'taken' && sent.pauseMs !== null ? Date.now() + Math.min(sent.pauseMs, 3_600_000) : 0
      const because = endpoint.note(sent.outcome === 'taken', sent.outcome === 'gone', hold, Date.now())
      if (because !== null) notices.note({ type: 'webhook-disabled', at: Date.now(), because })
      return dueAt
    })
    messages.settled(message, next)
  }

  /** One transaction, with all that is in memory only. After a failure memory is read anew from the disk. */
  #write<T>(change: () => T): T {
    const { ctx, endpoint, messages } = this.#parts
    try {
      return ctx.storage.transactionSync(() => {
        const changed = change()
        if (endpoint.read() !== null) {
          messages.store()
          endpoint.store()
        }
        return changed
      })
    } catch (error) {
      endpoint.reload()
      messages.forget()
      throw error
    }
  }

  /** All that was due has been sent. */
  async #afterwards(): Promise<void> {
    if (this.#parts.notices.waiting()) await this.#parts.notices.tell()
    if (!this.#full && this.#isGuarded()) return
    if (this.#full) await this.work()
    else await this.#arm()
  }

  /** The alarm stands near enough for whatever may go wrong now, and no message waits for a time before it. */
  #isGuarded(): boolean {
    const now = Date.now()
    if (this.#armed === null || this.#armed <= now || this.#armed > now + REPAIR_MS + REPAIR_SPREAD_MS) return false
    return (this.#nextDue() ?? this.#armed) >= this.#armed
  }

  /** When the alarm must send something; null: nothing waits, or whatever is answered next sends it. */
  #nextDue(): number | null {
    const { messages } = this.#parts
    return messages.underWay() >= AT_ONCE ? null : messages.nextDue()
  }

  async #arm(): Promise<void> {
    const { endpoint, messages, notices } = this.#parts
    const known = endpoint.read()
    const now = Date.now()
    const notice = notices.waiting() ? now + REPAIR_MS : null
    // What is kept of an endpoint that is off goes after its days as well.
    const sweep = known?.disabled != null && messages.any() ? now + SWEEP_MS : null
    if (known === null || known.disabled !== null) {
      const at = earliest([notice, sweep])
      return at === null ? undefined : this.#armAt(at)
    }
    const due = this.#nextDue()
    const next = due === null ? null : Math.max(due, known.holdUntil, now + GAP_MS)
    const repair = messages.underWay() > 0 || this.#pulling !== null ? this.#repairAt(now) : null
    await this.#armAt(earliest([next, repair, notice]) ?? now + GUARD_MS)
  }

  /** An alarm that is near enough stays. */
  #repairAt(now: number): number {
    const latest = now + REPAIR_MS + REPAIR_SPREAD_MS
    if (this.#armed !== null && this.#armed <= latest) return this.#armed
    return latest - Math.random() * REPAIR_SPREAD_MS
  }

  /** An alarm is only moved earlier; one that comes for nothing looks what is due and sets the next. */
  async #armAt(at: number): Promise<void> {
    const { storage } = this.#parts.ctx
    this.#armed ??= await storage.getAlarm()
    if (this.#armed !== null && this.#armed <= at && this.#armed > Date.now()) return
    this.#armed = at
    await storage.setAlarm(at)
  }
}
