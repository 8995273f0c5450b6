/**
 * One mask: a number of ours behind which people meet. Everything that is decided about it is decided here, one after the other, so two pairs
 * can never share a caller. The object that is named by the workspace alone keeps the list and chooses a mask for two people.
 */
import { DurableObject } from 'cloudflare:workers'
import type { MaskFact } from '../../core/events/notices.ts'
import { numberOfMask, workspaceOf } from '../../core/ids.ts'
import type { Led, MaskSession, Wanted } from '../../core/mask/mask.ts'
import type { Env } from '../env.ts'
import { Notices } from '../shell/notices.ts'
import { migrate } from '../shell/schema.ts'
import { stubFor } from '../stubs.ts'
import { MaskBoard } from './board.ts'
import { MaskBook } from './book.ts'
import type { Interaction, InteractionQuery, Mask, MaskContract, MaskSettings, Opened, SessionAsk } from './contract.ts'
import { MASK_SCHEMA } from './tables.ts'

const ALARM_MAX_MS = 30 * 24 * 3_600_000

export class MaskActor extends DurableObject<Env> implements MaskContract {
  readonly #id: string
  readonly #board: MaskBoard
  readonly #book: MaskBook
  readonly #notices: Notices<MaskFact>

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    migrate(ctx.storage, { actor: MASK_SCHEMA })
    this.#id = ctx.id.name ?? ''
    this.#notices = new Notices({ id: this.#id, kind: 'mask', env, sql: ctx.storage.sql })
    this.#board = new MaskBoard(ctx.storage.sql, this.#id, numberOfMask(this.#id), this.#notices)
    this.#book = new MaskBook(ctx.storage.sql, env)
  }

  async enlist(maskId: string): Promise<boolean> {
    return this.#book.enlist(maskId, Date.now())
  }
  async strike(maskId: string): Promise<void> {
    this.#book.strike(maskId)
  }
  async has(maskId: string): Promise<boolean> {
    return this.#book.has(maskId)
  }
  async listed(after: string | null, limit: number): Promise<string[]> {
    return this.#book.listed(after, limit)
  }
  async assign(ask: SessionAsk): Promise<Opened> {
    return this.#book.assign(ask, Date.now())
  }
  async named(uniqueName: string): Promise<string | null> {
    return this.#book.named(uniqueName)
  }
  async sessions(maskId: string | null, after: string | null, limit: number): Promise<string[]> {
    return this.#book.sessions(maskId, after, limit)
  }
  async over(sessionIds: string[]): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#book.over(sessionIds, Date.now()))
  }

  async configure(settings: MaskSettings): Promise<Mask> {
    this.ctx.storage.transactionSync(() => this.#board.configure(settings, Date.now()))
    await this.#arm()
    return this.#board.shown(Date.now()) as Mask
  }
  async read(): Promise<Mask | null> {
    return this.#board.shown(Date.now())
  }
  async remove(): Promise<boolean> {
    if (this.#board.openSessions(Date.now()) > 0) return false
    this.ctx.storage.transactionSync(() => this.#board.forget(Date.now()))
    await this.#arm()
    return true
  }

  async open(wanted: Wanted): Promise<Opened> {
    if (this.#board.settings() === null) return { is: 'refused', because: 'no-mask' }
    const opened = this.ctx.storage.transactionSync(() => this.#board.open(wanted, Date.now()))
    if (typeof opened === 'string') return { is: 'refused', because: opened }
    await this.#arm()
    return { is: 'open', session: opened, isNew: true }
  }
  async session(sessionId: string): Promise<MaskSession | null> {
    return this.#board.session(sessionId, Date.now())
  }
  async close(sessionId: string): Promise<MaskSession | null> {
    const closed = this.ctx.storage.transactionSync(() => this.#board.close(sessionId, Date.now()))
    await this.#arm()
    return closed
  }

  async route(askId: string, callId: string, caller: string | null, pin: string | null): Promise<Led | null> {
    const led = this.ctx.storage.transactionSync(() => this.#board.route(askId, callId, caller, pin, Date.now()))
    await this.#arm()
    return led
  }
  async refused(callId: string, because: string): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#board.refuse(callId, because, Date.now()))
    await this.#arm()
  }
  async connected(callId: string): Promise<void> {
    this.#board.connect(callId)
  }
  async ended(callId: string, result: string): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#board.end(callId, result, Date.now()))
    await this.#arm()
  }
  async interactions(query: InteractionQuery): Promise<Interaction[]> {
    return this.#board.interactions(query)
  }

  override async alarm(): Promise<void> {
    const now = Date.now()
    this.ctx.storage.transactionSync(() => {
      this.#board.sweep(now)
      this.#board.lapse(now)
    })
    await this.#tell()
    await this.#arm()
  }

  /** The list chooses masks by what it knows of them. What it could not be told it is told by the alarm. */
  async #tell(): Promise<void> {
    await this.#notices.tell()
    const sessionIds = this.#board.untold()
    if (sessionIds.length === 0) return
    try {
      await stubFor(this.env, 'mask', workspaceOf(this.#id)).over(sessionIds)
      this.#board.told(sessionIds)
    } catch {
      console.warn(JSON.stringify({ message: 'the list of masks was not told that sessions are over', mask: this.#id }))
    }
  }

  async #arm(): Promise<void> {
    const now = Date.now()
    // Whatever has something to tell tells it at once; the alarm is for what could not be told.
    if (this.#notices.waiting() || this.#board.untold().length > 0) this.ctx.waitUntil(this.#tell())
    const next = this.#board.nextMs(now)
    if (next === null) return
    const armed = await this.ctx.storage.getAlarm()
    // One that comes too early looks again; the platform takes no time that is far away.
    const at = Math.min(Math.max(next, now + 1), now + ALARM_MAX_MS)
    if (armed === null || armed > at) await this.ctx.storage.setAlarm(at)
  }
}
