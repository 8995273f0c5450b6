/**
 * The SIP domain of a workspace: phones in browsers register here over WebSockets and call each other. It is named by the workspace, so a
 * domain can be nobody else's. Sound goes between the phones. Its sockets hibernate, and so does every call (`exchange.ts`).
 */
import { DurableObject } from 'cloudflare:workers'
import { sipDomainOf } from '../../core/ids.ts'
import type { Env } from '../env.ts'
import { migrate } from '../shell/schema.ts'
import { SipCalls } from './calls.ts'
import type { CarrierDomain, Reached, SipCaller, SipCallerAsk, Trunk, TrunkAsk } from './carrier-contract.ts'
import { CarrierDomains, PHONES } from './carrier-domains.ts'
import { CARRIER_SCHEMA } from './carrier-tables.ts'
import type {
  Extension,
  ExtensionChange,
  ExtensionSettings,
  LadderOfCall,
  MadeExtension,
  RegistrarContract,
} from './contract.ts'
import { Exchange } from './exchange.ts'
import { Extensions } from './extensions.ts'
import { Office } from './office.ts'
import { PhoneSockets, SILENT_MS } from './phone-sockets.ts'
import { nonceKey, Proof } from './proof.ts'
import { Reception } from './reception.ts'
import { REGISTRAR_SCHEMA } from './tables.ts'
import { DAY_MS, Timer } from './timer.ts'

const TELL_AGAIN_MS = 5_000

export class RegistrarActor extends DurableObject<Env> implements RegistrarContract {
  readonly #sockets: PhoneSockets
  readonly #extensions: Extensions
  readonly #calls: SipCalls
  readonly #exchange: Exchange
  readonly #proof: Proof
  readonly #reception: Reception
  readonly #timer: Timer
  readonly #domains: CarrierDomains
  readonly #office: Office

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    migrate(ctx.storage, { actor: REGISTRAR_SCHEMA, carrier: CARRIER_SCHEMA })
    const [{ sql }, workspaceId] = [ctx.storage, ctx.id.name ?? '']
    const domain = sipDomainOf(workspaceId)
    this.#timer = new Timer(ctx.storage)
    this.#sockets = new PhoneSockets(ctx)
    this.#domains = new CarrierDomains(sql, env, workspaceId)
    this.#extensions = new Extensions(sql, extension => this.#domains.admits(PHONES, extension))
    this.#calls = new SipCalls(sql, env, workspaceId)
    this.#proof = new Proof(domain, nonceKey(sql))
    this.#exchange = new Exchange(ctx.storage, {
      domain,
      isExtension: user => this.#extensions.has(user),
      told: facts => this.#calls.note(facts),
    })
    const proved = { domain, extensions: this.#extensions, proof: this.#proof }
    this.#reception = new Reception({ ...proved, sockets: this.#sockets, exchange: this.#exchange })
    this.#office = new Office({
      ...{ ...proved, storage: ctx.storage, domains: this.#domains, read: id => this.#read(id) },
      cutOff: extension => this.#reception.cutOffPhones(extension),
    })
    // Also what was to be told to the carrier when the object was lost.
    const waits = this.#reception.missLost() || this.#domains.dueAt() !== null
    if (waits) void ctx.blockConcurrencyWhile(() => this.#owed(Promise.resolve()))
  }

  override async fetch(request: Request): Promise<Response> {
    if (!this.#extensions.any) return new Response('there is no such domain', { status: 404 })
    const address = request.headers.get('CF-Connecting-IP') ?? ''
    const answer = this.#sockets.accept(address, this.#exchange.sockets(), Date.now())
    if (answer === null) return new Response('too many sockets', { status: 429 })
    await this.#timer.wakeBy(Date.now() + SILENT_MS)
    return answer
  }

  async create(id: string, extension: string, settings: ExtensionSettings & { atCarrier?: boolean }) {
    return this.#owed(this.#office.create(id, extension, settings))
  }
  async extensions(after: string | null, limit: number): Promise<Extension[]> {
    return this.#extensions.list(after, limit, this.#exchange.bindings, Date.now())
  }
  async extension(id: string): Promise<Extension | null> {
    return this.#read(id)
  }
  async change(id: string, change: ExtensionChange) {
    return this.#owed(this.#office.change(id, change))
  }
  async remove(id: string): Promise<boolean> {
    return this.#owed(this.#office.remove(id))
  }
  async renewSecret(id: string): Promise<MadeExtension | null> {
    return this.#owed(this.#office.renew(id))
  }
  async phonesAtCarrier(wanted: boolean | null): Promise<CarrierDomain> {
    return this.#owed(this.#office.phonesAtCarrier(wanted))
  }
  async trunks(ask: TrunkAsk): Promise<Trunk[]> {
    return this.#owed(this.#office.trunks(ask))
  }
  async sipCaller(ask: SipCallerAsk): Promise<SipCaller | null> {
    return this.#office.caller(ask)
  }
  async reach(type: 'extension' | 'sip', named: string): Promise<Reached> {
    return this.#office.reach(type, named)
  }

  async ladder(callId: string): Promise<LadderOfCall | null> {
    return this.#calls.ladder(callId, token => this.#exchange.dialog(token)?.ladder ?? null)
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    if (await this.#reception.hear(socket, data)) await this.#afterwards()
  }
  /** Closes our end as well, or the phone would wait for it. */
  override async webSocketClose(socket: WebSocket): Promise<void> {
    await this.#gone(socket)
  }
  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#gone(socket)
  }

  override async alarm(): Promise<void> {
    this.#timer.rang()
    await this.#strike(Date.now()).catch(() => this.#timer.repair())
  }

  async #strike(now: number): Promise<void> {
    this.#reception.timePassed(now)
    const next = this.#reception.endSilent(now)
    // Calls are forgotten after their days, also in a domain that nobody uses.
    await this.#timer.wakeBy(next ?? now + DAY_MS)
    this.#calls.purge(now)
    // A carrier that is slow holds up no deadline of a call.
    this.ctx.waitUntil(this.#owed(this.#domains.settle(now)))
    await this.#owed(this.#calls.tell())
  }

  #read(id: string): Extension | null {
    return this.#extensions.read(id, this.#exchange.bindings, Date.now())
  }

  /** What the carrier is owed because of it rings the alarm. */
  async #owed<T>(done: Promise<T>): Promise<T> {
    const answer = await done
    const due = this.#domains.dueAt()
    if (due !== null) await this.#timer.wakeBy(due)
    await this.#afterwards()
    return answer
  }

  async #gone(socket: WebSocket): Promise<void> {
    const one = this.#sockets.of(socket)
    this.#sockets.close(socket, 1000, 'closed')
    if (one !== null) this.#reception.gone(one.id)
    await this.#afterwards()
  }

  /** What is due is written down as an alarm, and the log hears of what has happened. */
  async #afterwards(): Promise<void> {
    const wake = this.#exchange.wakeAt()
    if (wake !== null) await this.#timer.wakeBy(wake)
    if (!this.#calls.waiting()) return
    await this.#timer.wakeBy(Date.now() + TELL_AGAIN_MS)
    this.ctx.waitUntil(this.#calls.tellSoon())
  }
}
