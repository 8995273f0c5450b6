/**
 * The ledger of a workspace, one object: entries that are only added to, the rate card, and money set aside for calls. It reads what was used
 * from the workspace's events, by cursor. What it still has to do is in its rows, so its alarm goes on after a crash.
 */
import { DurableObject } from 'cloudflare:workers'
import type { Refusal } from '../../core/billing/ledger.ts'
import type { Card } from '../../core/billing/rates.ts'
import type { LedgerFact } from '../../core/events/notices.ts'
import { ledgerId } from '../../core/ids.ts'
import { earliest } from '../../core/machine.ts'
import type { Env } from '../env.ts'
import { Notices } from '../shell/notices.ts'
import { migrate } from '../shell/schema.ts'
import { stubFor } from '../stubs.ts'
import { CarrierPrices } from './carrier-prices.ts'
import type {
  Audit,
  BillingAccount,
  BillingContract,
  BillingSettings,
  Correction,
  DaySum,
  Entry,
  EntryQuery,
  HoldAsk,
  SavedCard,
} from './contract.ts'
import { Holds } from './holds.ts'
import { dayOf, Ledger, refusalOf } from './ledger.ts'
import { Prices } from './prices.ts'
import { Rent } from './rent.ts'
import { BILLING_SCHEMA } from './tables.ts'
import { UsageReader } from './usage-reader.ts'

/** After a failure of a neighbour, or when the object has died in its work. */
const AGAIN_MS = 5_000

export class BillingActor extends DurableObject<Env> implements BillingContract {
  readonly #workspaceId: string
  readonly #prices: Prices
  readonly #ledger: Ledger
  readonly #holds: Holds
  readonly #carrier: CarrierPrices
  readonly #rent: Rent
  readonly #reader: UsageReader
  readonly #notices: Notices<LedgerFact>
  #working: Promise<void> | null = null
  #poked = false

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const { sql } = ctx.storage
    this.#workspaceId = ctx.id.name ?? ''
    migrate(ctx.storage, { actor: BILLING_SCHEMA })
    this.#notices = new Notices({ id: ledgerId(this.#workspaceId), kind: 'ledger', env, sql })
    this.#prices = new Prices(sql, this.#notices)
    this.#ledger = new Ledger(sql, () => this.#prices.settings())
    this.#holds = new Holds(sql, env, { ledger: this.#ledger, prices: this.#prices, notices: this.#notices })
    const owned = { ledger: this.#ledger, prices: this.#prices }
    this.#carrier = new CarrierPrices(sql, env, this.#workspaceId, owned)
    this.#rent = new Rent(ctx.storage, env, this.#workspaceId, owned)
    const parts = { ...owned, holds: this.#holds, carrier: this.#carrier }
    this.#reader = new UsageReader(ctx.storage, env, this.#workspaceId, parts)
  }

  async poke(): Promise<void> {
    this.#poked = true
    await this.#wake(Date.now())
  }

  async hold(ask: HoldAsk): Promise<Refusal | null> {
    const refused = this.ctx.storage.transactionSync(() => this.#holds.make(ask, Date.now()))
    const due = this.#holds.nextDue()
    if (due !== null) await this.#wake(due)
    return refused
  }
  async release(callId: string): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#holds.release(callId, Date.now()))
  }

  async account(): Promise<BillingAccount> {
    const settings = this.#prices.settings()
    return {
      currency: this.#prices.card().card.currency,
      creditMicros: this.#ledger.balance('credit'),
      heldMicros: this.#ledger.balance('held'),
      spentTodayMicros: this.#ledger.spentOn(dayOf(Date.now())),
      uncoveredMicros: Math.abs(this.#ledger.balance('uncovered')),
      settings,
    }
  }
  async setSettings(settings: BillingSettings): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#prices.setSettings(settings, Date.now()))
    // Notices are told by the alarm, and numbers are charged from now on.
    await this.#wake(Date.now())
    // The trunk asks for money before a call only if it knows that money is limited.
    await stubFor(this.env, 'trunk', this.#workspaceId).limitCredit(settings.mode === 'limited')
  }

  async entries(query: EntryQuery): Promise<Entry[]> {
    return this.#ledger.entries(query)
  }
  async days(from: number): Promise<DaySum[]> {
    return this.#ledger.days(from)
  }
  async correct(correction: Correction): Promise<Refusal | null> {
    const decision = this.ctx.storage.transactionSync(() => this.#ledger.correct(correction, Date.now(), this.#notices))
    await this.#wake(Date.now())
    return refusalOf(decision)
  }

  async card(): Promise<SavedCard> {
    return this.#prices.card()
  }
  async saveCard(card: Card, by: string): Promise<number> {
    await this.#wake(Date.now())
    return this.ctx.storage.transactionSync(() => this.#prices.saveCard(card, by, Date.now()))
  }
  async audit(): Promise<Audit> {
    return this.#ledger.audit()
  }

  /** It catches everything, because an alarm that throws seven times is gone. */
  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + AGAIN_MS)
    this.#working ??= this.#work()
    await this.#working
  }

  /** Reads what was used, does what is due for calls that go on, and sets the alarm for what comes next. Single flight. */
  async #work(): Promise<void> {
    this.#poked = false
    let again: number | null = Date.now() + AGAIN_MS
    try {
      const more = await this.#reader.run()
      await this.#holds.strike(Date.now())
      await this.#carrier.strike(Date.now())
      await this.#rent.strike(Date.now())
      await this.#notices.tell()
      again = more ? Date.now() : null
    } catch {
      console.error(JSON.stringify({ message: 'the ledger could not finish', workspace: this.#workspaceId }))
    } finally {
      this.#working = null
    }
    // Whoever has poked while we read may have told of what stands behind our place.
    const poked = this.#poked ? Date.now() : null
    const rent = this.#rent.nextDue(Date.now())
    const untold = this.#notices.waiting() ? Date.now() + AGAIN_MS : null
    const next = earliest([this.#holds.nextDue(), this.#carrier.nextDue(), again, poked, rent, untold])
    await this.ctx.storage.setAlarm(next ?? rent)
  }

  async #wake(at: number): Promise<void> {
    const armed = await this.ctx.storage.getAlarm()
    if (armed === null || armed > at) await this.ctx.storage.setAlarm(at)
  }
}
