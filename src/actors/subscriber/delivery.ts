/**
 * Pulls events from the log and sends them. Calls go out side by side, the messages of one call one after the other. What is under way is in
 * memory only: whatever dies here is sent again with the same id.
 */
import { workspaceOf } from '../../core/ids.ts'
import { earliest } from '../../core/machine.ts'
import { type Sent, send } from '../../providers/webhooks/send.ts'
import { eventsOf, type PublicEventPage, wants } from '../../wire/events.ts'
import type { Env } from '../env.ts'
import { logOf } from '../stubs.ts'
import { type Endpoint, type EndpointRow, secretsOf } from './endpoint.ts'
import type { Message, Messages } from './messages.ts'
import type { Notices } from './notices.ts'
import { WAITING_MAX } from './tables.ts'

/** At the same time, of one endpoint. */
const AT_ONCE = 6
const PAGE = 200
/** An endpoint that has heard nothing asks by itself. */
export const GUARD_MS = 5 * 60_000
/** After the object has died with something under way. */
const REPAIR_MS = 20_000
const GAP_MS = 50

export interface Parts {
  id: string
  env: Env
  ctx: DurableObjectState
  endpoint: EndpointRow
  messages: Messages
  notices: Notices
}

export class Delivery {
  readonly #parts: Parts
  readonly #busy = new Set<string>()
  /** lanes that are busy with nothing until the alarm */
  readonly #stuck = new Set<string>()
  #pulling: Promise<void> | null = null
  #again = false
  #armed: number | null = null
  /** there may be more in the log, which did not fit */
  #full = false

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

  async strike(now: number): Promise<void> {
    this.#armed = null
    for (const lane of this.#stuck) this.#busy.delete(lane)
    this.#stuck.clear()
    this.#parts.messages.sweep(now)
    await this.#parts.notices.tell()
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
    const { id, env, ctx, endpoint, messages } = this.#parts
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
    // Another page may have been taken meanwhile by nobody: pulls are single flight. Settings may have changed, which counts from the next on.
    ctx.storage.transactionSync(() => {
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
    while (this.#busy.size < AT_ONCE) {
      const message = messages.next(now, [...this.#busy])
      if (message === null) return
      this.#busy.add(message.lane)
      ctx.waitUntil(this.#deliver(known, message))
    }
  }

  async #deliver(known: Endpoint, message: Message): Promise<void> {
    const at = Date.now()
    try {
      const sent = await this.sendOne(known, message.eventId, message.body)
      this.#settle(message, sent, at)
      this.#busy.delete(message.lane)
      this.#pump()
      if (this.#busy.size === 0) await this.#afterwards()
      else await this.#arm()
    } catch {
      // The lane stays busy until the alarm, or this would be tried again without a pause.
      console.error(JSON.stringify({ message: 'a delivery could not be written down', endpoint: this.#parts.id }))
      this.#stuck.add(message.lane)
    }
  }

  #settle(message: Message, sent: Sent, at: number): void {
    const { ctx, endpoint, messages, notices } = this.#parts
    ctx.storage.transactionSync(() => {
      const known = endpoint.read()
      if (known === null) return
      messages.settle(message, sent, at, known.retries, Math.random())
      const hold =
        sent.outcome !== 'taken' && sent.pauseMs !== null ? Date.now() + Math.min(sent.pauseMs, 3_600_000) : 0
      const because = endpoint.note(sent.outcome === 'taken', sent.outcome === 'gone', hold, Date.now())
      if (because !== null) notices.note({ type: 'webhook-disabled', at: Date.now(), because })
    })
  }

  /** All that was due has been sent. */
  async #afterwards(): Promise<void> {
    await this.#parts.notices.tell()
    if (this.#full) await this.work()
    else await this.#arm()
  }

  async #arm(): Promise<void> {
    const { endpoint, messages, notices } = this.#parts
    const known = endpoint.read()
    const now = Date.now()
    const notice = notices.waiting() ? now + REPAIR_MS : null
    if (known === null || known.disabled !== null) return notice === null ? undefined : this.#armAt(notice)
    const due = messages.nextDue([...this.#busy])
    const next = due === null ? null : Math.max(due, known.holdUntil, now + GAP_MS)
    const repair = this.#busy.size > 0 || this.#pulling !== null ? now + REPAIR_MS : null
    await this.#armAt(earliest([next, repair, notice]) ?? now + GUARD_MS)
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
