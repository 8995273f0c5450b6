/**
 * One endpoint of webhooks. It reads the workspace's events by a cursor of its own and sends them to one address, so a slow or dead server
 * delays nobody else. The object that is named by the workspace alone has the list of the endpoints.
 */
import { DurableObject } from 'cloudflare:workers'
import type { WebhookFact } from '../../core/events/notices.ts'
import { workspaceOf } from '../../core/ids.ts'
import { eventsOf } from '../../wire/events.ts'
import type { Delivery as Attempt, ReplayBody, Webhook, WebhookChange } from '../../wire/webhook.ts'
import { ENDPOINTS_MAX } from '../../wire/webhook.ts'
import type { Env } from '../env.ts'
import { Notices } from '../shell/notices.ts'
import { migrate } from '../shell/schema.ts'
import { logOf } from '../stubs.ts'
import { unique } from '../unique.ts'
import type { DeliveryQuery, EndpointSettings, News, SubscriberContract } from './contract.ts'
import { Delivery } from './delivery.ts'
import { EndpointRow, shownEndpoint } from './endpoint.ts'
import { Messages } from './messages.ts'
import { SUBSCRIBER_SCHEMA } from './tables.ts'

export class SubscriberActor extends DurableObject<Env> implements SubscriberContract {
  readonly #id: string
  readonly #endpoint: EndpointRow
  readonly #messages: Messages
  readonly #delivery: Delivery

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const { sql } = ctx.storage
    migrate(ctx.storage, { actor: SUBSCRIBER_SCHEMA })
    this.#id = ctx.id.name ?? ''
    this.#endpoint = new EndpointRow(sql)
    this.#messages = new Messages(sql)
    const counter = 'UPDATE endpoint SET notices = notices + 1 RETURNING notices AS n'
    const notices = new Notices<WebhookFact>({ id: this.#id, kind: 'webhook', env, sql, counter })
    const [id, endpoint, messages] = [this.#id, this.#endpoint, this.#messages]
    this.#delivery = new Delivery({ id, env, ctx, endpoint, messages, notices })
  }

  async enlist(webhookId: string): Promise<boolean> {
    const { sql } = this.ctx.storage
    if (Number(sql.exec('SELECT COUNT(*) AS n FROM listed').one().n) >= ENDPOINTS_MAX) return false
    sql.exec('INSERT OR IGNORE INTO listed (id, made_ms) VALUES (?, ?)', webhookId, Date.now())
    return true
  }
  async strike(webhookId: string): Promise<void> {
    this.ctx.storage.sql.exec('DELETE FROM listed WHERE id = ?', webhookId)
  }
  async listed(after: string | null, limit: number): Promise<string[]> {
    const behind = '(SELECT made_ms, id FROM listed WHERE id = ?)'
    const where = after === null ? '? IS NULL' : `(made_ms, id) > ${behind}`
    const rows = this.ctx.storage.sql.exec(
      `SELECT id FROM listed WHERE ${where} ORDER BY made_ms, id LIMIT ?`,
      ...[after, limit],
    )
    return rows.toArray().map(row => String(row.id))
  }

  async create(settings: EndpointSettings, secret: string): Promise<Webhook> {
    const log = logOf(this.env, workspaceOf(this.#id))
    this.#endpoint.make(settings, secret, await log.head(), Date.now())
    await log.listen({ id: this.#id, events: eventsOf(settings.types) })
    this.ctx.waitUntil(this.#delivery.work())
    return this.#shown() as Webhook
  }
  async read(): Promise<Webhook | null> {
    return this.#shown()
  }
  async change(change: WebhookChange): Promise<Webhook | null> {
    const known = this.#endpoint.read()
    if (known === null) return null
    this.ctx.storage.transactionSync(() => this.#endpoint.change(change, known))
    const { types, disabled } = this.#endpoint.read() ?? { ...known, disabled: 'by-hand' }
    const log = logOf(this.env, workspaceOf(this.#id))
    if (disabled === null) await log.listen({ id: this.#id, events: eventsOf(types) })
    else await log.unlisten(this.#id)
    this.ctx.waitUntil(this.#delivery.work())
    return this.#shown()
  }
  async rotate(secret: string): Promise<Webhook | null> {
    if (this.#endpoint.read() !== null) this.#endpoint.rotate(secret, Date.now())
    return this.#shown()
  }
  async remove(): Promise<boolean> {
    if (this.#endpoint.read() === null) return false
    await logOf(this.env, workspaceOf(this.#id)).unlisten(this.#id)
    await this.ctx.storage.deleteAlarm()
    this.ctx.storage.transactionSync(() => {
      this.#endpoint.forget()
      for (const table of ['messages', 'attempts', 'notices']) this.ctx.storage.sql.exec(`DELETE FROM ${table}`)
    })
    this.#messages.forget()
    return true
  }

  async poke(news?: News): Promise<boolean | 'reads'> {
    const known = this.#endpoint.read()
    if (known === null || known.disabled !== null) return false
    if (news !== undefined && this.#delivery.take(news)) return true
    this.ctx.waitUntil(this.#delivery.work())
    return 'reads'
  }

  async sendTest(): Promise<Attempt | null> {
    const known = this.#endpoint.read()
    if (known === null) return null
    const at = Date.now()
    const id = `${this.#id}:test_${unique()}`
    const type = 'webhook_test'
    const body = JSON.stringify({ id, type, timestamp: new Date(at).toISOString(), data: { id: this.#id } })
    const sent = await this.#delivery.sendOne(known, id, body)
    return this.ctx.storage.transactionSync(() => this.#messages.keep(id, type, body, sent, at))
  }
  async deliveries(query: DeliveryQuery): Promise<{ items: Attempt[]; next: number | null } | null> {
    return this.#endpoint.read() === null ? null : this.#messages.attempts(query)
  }
  async replay(which: ReplayBody): Promise<number | null> {
    if (this.#endpoint.read() === null) return null
    this.#delivery.store()
    const messages = this.ctx.storage.transactionSync(() => this.#messages.replay(which))
    this.#messages.forget()
    this.ctx.waitUntil(this.#delivery.work())
    return messages
  }

  override async alarm(): Promise<void> {
    await this.#delivery.strike(Date.now())
  }

  #shown(): Webhook | null {
    const known = this.#endpoint.read()
    return known && shownEndpoint(this.#id, known, this.#messages.waiting(), Date.now())
  }
}
