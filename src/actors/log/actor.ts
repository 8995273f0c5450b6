/**
 * The log of a workspace, one object per month: the event sequence, and the rows of calls that are projected from it. The
 * newest month answers for all (`logOf`), and asks the earlier ones. The object that is named by the workspace alone has
 * what 0.1.0 wrote, and the list of months.
 */
import { DurableObject } from 'cloudflare:workers'
import { storageOf } from '../../providers/registry.ts'
import type { CallRow } from '../../wire/api.ts'
import { Bell, usesUp } from '../billing/bell.ts'
import type { Env } from '../env.ts'
import { neighboursOf } from '../neighbours.ts'
import { platformOf } from '../shell/platform.ts'
import { migrate } from '../shell/schema.ts'
import { type Viewers, viewersOf } from '../shell/viewers.ts'
import { Archive } from './archive/archive.ts'
import { Archiver } from './archive/archiver.ts'
import { Segments } from './archive/segments.ts'
import { Shelf } from './archive/shelf.ts'
import type { CallPage, EventQuery, Listener, LogContract, LogQuery, PublicQuery } from './contract.ts'
import { EarlyChanges } from './early.ts'
import { type LoggedFact, newestEvent } from './events.ts'
import { Intake, type Written } from './intake.ts'
import { Listeners } from './listeners.ts'
import { BEFORE, MonthList, Months } from './months.ts'
import { OpenThings, type Silent, tellsOfTalk } from './open.ts'
import { publicPage, streamPage } from './public.ts'
import { type Figures, LogReader } from './reader.ts'
import type { SumsQuery } from './report/rollups.ts'
import { applyChanges, type Changes, knownOf } from './rows.ts'
import { LOG_SCHEMA } from './tables.ts'
import { LogTimer } from './timer.ts'

export class LogActor extends DurableObject<Env> implements LogContract {
  readonly #months: Months
  readonly #reader: LogReader
  readonly #intake: Intake
  readonly #open: OpenThings
  readonly #timer: LogTimer
  readonly #archive: Archive
  readonly #viewers: Viewers
  readonly #listeners: Listeners
  readonly #bell: Bell

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const { sql } = ctx.storage
    migrate(ctx.storage, { actor: LOG_SCHEMA })
    this.#viewers = viewersOf(neighboursOf(env), platformOf(ctx), ctx.id.name ?? '')
    this.#bell = new Bell(ctx, env)
    this.#months = new Months(env, sql, ctx.id.name ?? '')
    const segments = new Segments(sql)
    const shelf = new Shelf(storageOf(env), this.#months.workspaceId, this.#months.own)
    this.#archive = new Archive(sql, segments, shelf)
    this.#reader = new LogReader(sql, this.#months, { segments, archive: this.#archive })
    this.#listeners = new Listeners(env, ctx, this.#months, this.#reader)
    this.#open = new OpenThings(sql, env.DB)
    this.#timer = new LogTimer(ctx.storage, this.#months, {
      early: new EarlyChanges(sql, this.#months),
      open: this.#open,
      archiver: new Archiver(ctx.storage, { segments, shelf, archive: this.#archive }),
    })
    const hurries = () => this.#listeners.any
    const note = (written: Written) => {
      if (written.early) ctx.waitUntil(this.#timer.noteEarly())
      if (written.opened) ctx.waitUntil(this.#timer.listOpen())
      ctx.waitUntil(this.#timer.noteEvents(written.eventChars))
      if (written.fresh.length > 0) this.#listeners.tell(written.fresh, newestEvent(sql))
    }
    this.#intake = new Intake(ctx.storage, this.#months, note, hurries)
    ctx.waitUntil(this.#timer.repair(Date.now()))
  }

  /** One page of an actor's facts, as JSON: no structured clone of thousands of small objects. */
  async hear(source: string, factsJson: string): Promise<boolean | 'listened'> {
    // A sender of an older release takes any answer for a yes, so it gets an error until it has been replaced.
    if (this.#months.own === BEFORE) throw new Error('facts go to the log of a month')
    if (this.#months.isOver(Date.now())) return false
    if (!this.#months.entered) {
      // Before it takes a fact it knows whom to tell.
      await this.#listeners.learn()
      if (!(await this.#months.enter())) return false
      await this.#timer.wakeBy(this.#months.expiresAt)
      await this.#timer.repair(Date.now())
    }
    const facts = JSON.parse(factsJson) as Omit<LoggedFact, 'source'>[]
    if (!(await this.#intake.take(facts.map(one => ({ source, ...one }))))) return false
    if (facts.some(tellsOfTalk)) this.#viewers.changed()
    if (facts.some(usesUp)) this.#bell.ring()
    return this.#listeners.any ? 'listened' : true
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

  async publicEvents(query: PublicQuery, listener?: string): Promise<string | null> {
    if (listener !== undefined) this.#listeners.seen(listener, query.events)
    const page = await publicPage(this.#reader, query)
    if (listener !== undefined && page !== null) this.#listeners.gave(listener, page)
    return page && JSON.stringify(page)
  }
  async streamed(cursor: string, limit: number, listener?: string): Promise<string | null> {
    if (listener !== undefined) this.#listeners.seen(listener, null)
    const page = await streamPage(this.#reader, cursor, limit)
    return page && JSON.stringify(page)
  }
  async figures(query: SumsQuery): Promise<Figures> {
    return this.#reader.figures(query)
  }
  async head(): Promise<string> {
    return this.#reader.head()
  }
  async listen(listener: Listener): Promise<void> {
    await this.#listeners.add(listener)
  }
  async unlisten(id: string): Promise<void> {
    await this.#listeners.drop(id)
  }
  async listening(): Promise<Listener[]> {
    return this.#listeners.list()
  }

  async answer(question: string): Promise<string> {
    return JSON.stringify(await this.#reader.answer(JSON.parse(question)))
  }
  async months(entering: string | null, leaving: string | null = null): Promise<string[] | null> {
    return new MonthList(this.ctx.storage.sql).read(entering, leaving)
  }
  async amend(json: string): Promise<string[]> {
    const changes = JSON.parse(json) as Record<string, Changes>
    const { sql } = this.ctx.storage
    const known = knownOf(sql, Object.keys(changes))
    this.ctx.storage.transactionSync(() => applyChanges(sql, changes))
    const others = Object.fromEntries(Object.entries(changes).filter(([callId]) => !known.has(callId)))
    return [...known, ...(await this.#archive.amend(others, Date.now()))]
  }

  async talking(limit: number, viewer?: string): Promise<string[]> {
    this.#viewers.keep(viewer)
    return this.#open.talking(limit)
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
