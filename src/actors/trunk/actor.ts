/**
 * The provider account of a workspace: calls-per-second slots (it answers when, the asker waits), the numbers that calls
 * are made from, and the routes of calls that come in. It holds plain rows. Each answer is stored under its asker's id, so
 * that a retry gets the same one.
 */
import { DurableObject } from 'cloudflare:workers'
import type { TalkOrder } from '../../core/call/talk/talk.ts'
import type { Choice } from '../../core/caller-id/caller-id.ts'
import type { ClearanceAsk, Verdict } from '../../core/clearance/clearance.ts'
import type { ClearanceRules } from '../../core/clearance/rules.ts'
import type { Route } from '../contracts.ts'
import type { Env } from '../env.ts'
import { migrate } from '../shell/schema.ts'
import { stubFor } from '../stubs.ts'
import { Answering } from './answering.ts'
import type { Consent, ListQuery, NewListed, PoolNumber, Removal, TrunkContract } from './contract.ts'
import { FLOW_ROUTES_SCHEMA, type FlowRouteAsk, FlowRoutes } from './flow-routes.ts'
import { Gate } from './gate.ts'
import { IncomingCalls } from './incoming-calls.ts'
import { LEADS_SCHEMA, type Lead, Leads, type NewLead, type StepLead } from './leads.ts'
import { NumberPool } from './number-pool.ts'
import { sweepTrunk, TRUNK_SCHEMA, TRUNK_SWEEP_MS } from './tables.ts'

export class TrunkActor extends DurableObject<Env> implements TrunkContract {
  readonly #sql: SqlStorage
  readonly #workspaceId: string
  readonly #pool: NumberPool
  readonly #calls: IncomingCalls
  readonly #gate: Gate
  readonly #answering: Answering
  #sweptAt = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#workspaceId = ctx.id.name ?? ''
    this.#sql = ctx.storage.sql
    migrate(ctx.storage, { actor: TRUNK_SCHEMA, flows: FLOW_ROUTES_SCHEMA, leads: LEADS_SCHEMA })
    this.#pool = new NumberPool(this.#sql)
    this.#calls = new IncomingCalls(this.#sql, this.#workspaceId)
    this.#gate = new Gate(ctx.storage, env, this.#workspaceId)
    const [flows, leads] = [new FlowRoutes(this.#sql), new Leads(this.#sql)]
    const book = () => stubFor(env, 'workspace', this.#workspaceId)
    this.#answering = new Answering(ctx.storage, { calls: this.#calls, flows, leads, pool: this.#pool }, book)
  }

  async clear(ask: ClearanceAsk & { callId: string }): Promise<{ verdict: Verdict; notBefore: number }> {
    return this.#gate.clear(ask)
  }
  async clearAgain(callId: string): Promise<Verdict> {
    return this.#gate.book.again(callId, Date.now())
  }
  async judge(asks: ClearanceAsk[]): Promise<Verdict[]> {
    return this.#gate.judge(asks)
  }

  async leaseNumbers(
    askId: string,
    count: number,
    asks: ClearanceAsk[] = [],
    preferred: string | null = null,
  ): Promise<Choice & { verdicts: Verdict[] }> {
    this.#sweep()
    const verdicts = await this.#gate.judge(asks)
    return { ...this.#pool.lease(askId, count, preferred), verdicts }
  }
  async freeNumber(number: string, leg: string, used: boolean, talkedMs = 0, rejected = false): Promise<void> {
    this.#pool.free(number, leg, used, rejected)
    this.#gate.book.release(leg, used, talkedMs, Date.now())
    if (!used) await this.#gate.credit.release(leg)
  }
  async countPlaced(number: string, callId: string): Promise<void> {
    this.#pool.placed(number, callId)
  }
  async saveNumber(entry: PoolNumber): Promise<void> {
    this.#pool.save(entry)
  }
  async setNumberAside(number: string, code: number): Promise<void> {
    this.#pool.setAside(number, code)
  }
  async removeNumber(number: string): Promise<boolean> {
    return this.#answering.remove(number)
  }
  async forgetDesk(deskId: string): Promise<void> {
    this.#pool.forgetDesk(deskId)
  }
  async numbers(): Promise<Record<string, SqlStorageValue>[]> {
    return this.#pool.all()
  }

  async routeOf(number: string, providerId: string): Promise<{ callId: string; route: Route }> {
    this.#sweep()
    const callId = this.#calls.name(providerId)
    return { callId, route: await this.#answering.routeOf(number, callId) }
  }
  async leadNumber(number: string, lead: NewLead): Promise<void> {
    this.#answering.lead(number, lead)
  }
  async leadNowhere(kind: 'flow' | StepLead, id: string): Promise<void> {
    this.#answering.forget(kind, id)
  }
  async leadsOf(numbers: string[]): Promise<Lead[]> {
    return Promise.all(numbers.map(number => this.#answering.leadOf(number)))
  }

  async callFor(
    providerId: string,
    reserved: { callId: string; deskId: string } | null = null,
  ): Promise<string | null> {
    const known = this.#calls.known(providerId)
    if (known !== null) return known
    return reserved === null ? this.#calls.name(providerId) : this.#calls.take(providerId, reserved)
  }
  async callOf(providerId: string): Promise<string | null> {
    return this.#calls.known(providerId)
  }
  async reserveCall(deskId: string): Promise<string> {
    return this.#calls.reserve(deskId)
  }

  async knows(callId: string): Promise<boolean> {
    return this.#calls.has(callId)
  }

  async assignAgent(order: TalkOrder, numbers: string[]): Promise<void> {
    this.#answering.assignAgent(order, numbers)
  }
  async flowRoute(ask: FlowRouteAsk): Promise<string | null> {
    return this.#answering.flowRoute(ask)
  }
  async refreshAgent(order: TalkOrder): Promise<void> {
    this.#calls.refresh(order)
  }

  async limitCredit(limited: boolean): Promise<void> {
    this.#gate.credit.limit(limited)
  }
  async clearanceRules(change?: ClearanceRules): Promise<ClearanceRules> {
    if (change) this.#gate.book.setRules(change)
    return this.#gate.book.rules()
  }
  async addToList(entries: NewListed[]): Promise<number> {
    return this.#gate.list(entries)
  }
  async removeFromList(removal: Removal) {
    return this.#gate.unlist(removal)
  }
  async listed(query: ListQuery) {
    await this.#gate.learn()
    return this.#gate.book.list.page(query)
  }
  async unlisted(limit: number) {
    return this.#gate.book.list.removed(limit)
  }
  async saveConsents(entries: Consent[]): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#gate.book.saveConsents(entries))
  }
  async consentsOf(number: string): Promise<(Consent & { withdrawnMs: number | null })[]> {
    return this.#gate.book.consentsOf(number)
  }

  /** Deletes old answers, at most once an hour while this object is in memory. */
  #sweep(): void {
    const now = Date.now()
    if (now < this.#sweptAt + TRUNK_SWEEP_MS) return
    this.#sweptAt = now
    sweepTrunk(this.#sql, now)
    this.#gate.book.sweep(now)
  }
}
