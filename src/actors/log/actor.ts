/**
 * The log of a workspace, one object per month: the event sequence, and the rows of calls that are projected from it. The
 * newest month answers for all (`logOf`), and asks the earlier ones. The object that is named by the workspace alone has
 * what 0.1.0 wrote, and the list of months.
 */
import { DurableObject } from 'cloudflare:workers'
import type { CallRow } from '../../wire/api.ts'
import type { CallPage, EventQuery, LogContract, LogQuery } from '../contracts.ts'
import type { Env } from '../env.ts'
import { migrate } from '../shell/schema.ts'
import { EarlyChanges } from './early.ts'
import type { LoggedFact } from './events.ts'
import { Intake } from './intake.ts'
import { BEFORE, MonthList, Months } from './months.ts'
import { OpenThings, type Silent } from './open.ts'
import { LogReader } from './reader.ts'
import { applyChanges, type Changes, knownOf } from './rows.ts'
import { LOG_SCHEMA } from './tables.ts'
import { LogTimer } from './timer.ts'

export class LogActor extends DurableObject<Env> implements LogContract {
  readonly #months: Months
  readonly #reader: LogReader
  readonly #intake: Intake
  readonly #open: OpenThings
  readonly #timer: LogTimer

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const { sql } = ctx.storage
    migrate(ctx.storage, { actor: LOG_SCHEMA })
    this.#months = new Months(env, sql, ctx.id.name ?? '')
    this.#reader = new LogReader(sql, this.#months)
    this.#open = new OpenThings(sql, env.DB)
    this.#timer = new LogTimer(ctx.storage, this.#months, new EarlyChanges(sql, this.#months), this.#open)
    this.#intake = new Intake(ctx.storage, this.#months, written => {
      if (written.early) ctx.waitUntil(this.#timer.noteEarly())
      if (written.opened) ctx.waitUntil(this.#timer.listOpen())
    })
  }

  /** One page of an actor's facts, as JSON: no structured clone of thousands of small objects. */
  async hear(source: string, factsJson: string): Promise<boolean> {
    // A sender of an older release takes any answer for a yes, so it gets an error until it has been replaced.
    if (this.#months.own === BEFORE) throw new Error('facts go to the log of a month')
    if (this.#months.isOver(Date.now())) return false
    if (!this.#months.entered) {
      if (!(await this.#months.enter())) return false
      await this.#timer.wakeBy(this.#months.expiresAt)
    }
    const facts = JSON.parse(factsJson) as Omit<LoggedFact, 'source'>[]
    return this.#intake.take(facts.map(one => ({ source, ...one })))
  }

  async list(query: LogQuery): Promise<CallPage> {
    return this.#reader.list(query)
  }
  async detail(callId: string): Promise<string | null> {
    const detail = await this.#reader.detail(callId)
    return detail && JSON.stringify(detail)
  }
  async byProviderId(providerId: string): Promise<CallRow | null> {
    return this.#reader.rowOf('provider_id', providerId)
  }
  async knows(callId: string): Promise<boolean> {
    return (await this.#reader.rowOf('call_id', callId)) !== null
  }
  async events(query: EventQuery): Promise<string | null> {
    const page = await this.#reader.events(query)
    return page && JSON.stringify(page)
  }

  async answer(question: string): Promise<string> {
    return JSON.stringify(this.#reader.answer(JSON.parse(question)))
  }
  async months(entering: string | null, leaving: string | null = null): Promise<string[] | null> {
    return new MonthList(this.ctx.storage.sql).read(entering, leaving)
  }
  async amend(json: string): Promise<string[]> {
    const changes = JSON.parse(json) as Record<string, Changes>
    const { sql } = this.ctx.storage
    const known = knownOf(sql, Object.keys(changes))
    this.ctx.storage.transactionSync(() => applyChanges(sql, changes))
    return [...known]
  }

  async silent(now: number, limit: number): Promise<Silent> {
    return this.#open.silent(now, limit)
  }
  async settle(over: string[], woken: string[], token: string, now: number): Promise<boolean> {
    return this.#open.settle(over, woken, token, now)
  }

  override async alarm(): Promise<void> {
    await this.#timer.strike(Date.now())
  }
}
