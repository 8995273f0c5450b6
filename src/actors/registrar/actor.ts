/**
 * The SIP domain of a workspace: phones in browsers register here over WebSockets and call each other. It is named by the workspace, so a
 * domain can be nobody else's. Sound goes between the phones. Its sockets hibernate, and so does every call (`exchange.ts`).
 */
import { DurableObject } from 'cloudflare:workers'
import { sipDomainOf } from '../../core/ids.ts'
import type { Env } from '../env.ts'
import { migrate } from '../shell/schema.ts'
import { SipCalls } from './calls.ts'
import type {
  Extension,
  ExtensionSettings,
  LadderOfCall,
  MadeExtension,
  NotMade,
  RegistrarContract,
} from './contract.ts'
import { Exchange } from './exchange.ts'
import { Extensions } from './extensions.ts'
import { PhoneSockets, SILENT_MS } from './phone-sockets.ts'
import { newSecret, nonceKey, Proof } from './proof.ts'
import { Reception } from './reception.ts'
import { REGISTRAR_SCHEMA } from './tables.ts'
import { DAY_MS, Timer } from './timer.ts'

/** What the log was not told is told again. */
const TELL_AGAIN_MS = 5_000
/** Facts of a moment travel together. */
const GATHER_MS = 100

export class RegistrarActor extends DurableObject<Env> implements RegistrarContract {
  readonly #sockets: PhoneSockets
  readonly #extensions: Extensions
  readonly #calls: SipCalls
  readonly #exchange: Exchange
  readonly #proof: Proof
  readonly #reception: Reception
  readonly #timer: Timer
  #gathers = false

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    migrate(ctx.storage, { actor: REGISTRAR_SCHEMA })
    const { sql } = ctx.storage
    const workspaceId = ctx.id.name ?? ''
    const domain = sipDomainOf(workspaceId)
    this.#timer = new Timer(ctx.storage)
    this.#sockets = new PhoneSockets(ctx)
    this.#extensions = new Extensions(sql)
    this.#calls = new SipCalls(sql, env, workspaceId)
    this.#proof = new Proof(domain, nonceKey(sql))
    this.#exchange = new Exchange(ctx.storage, {
      domain,
      isExtension: user => this.#extensions.has(user),
      told: facts => this.#calls.note(facts),
    })
    const parts = { domain, sockets: this.#sockets, extensions: this.#extensions }
    this.#reception = new Reception({ ...parts, exchange: this.#exchange, proof: this.#proof })
    if (this.#reception.missLost()) void ctx.blockConcurrencyWhile(() => this.#afterwards())
  }

  override async fetch(request: Request): Promise<Response> {
    if (!this.#extensions.any) return new Response('there is no such domain', { status: 404 })
    const address = request.headers.get('CF-Connecting-IP') ?? ''
    const answer = this.#sockets.accept(address, this.#exchange.sockets(), Date.now())
    if (answer === null) return new Response('too many sockets', { status: 429 })
    await this.#timer.wakeBy(Date.now() + SILENT_MS)
    return answer
  }

  async create(id: string, extension: string, settings: ExtensionSettings): Promise<MadeExtension | NotMade> {
    const secret = newSecret()
    const hash = await this.#proof.secretHash(extension, secret)
    const added = this.#extensions.add(id, extension, settings, hash, Date.now())
    return added === 'added' ? this.#made(id, secret) : added
  }
  async extensions(after: string | null, limit: number): Promise<Extension[]> {
    return this.#extensions.list(after, limit, this.#exchange.bindings, Date.now())
  }
  async extension(id: string): Promise<Extension | null> {
    return this.#extensions.read(id, this.#exchange.bindings, Date.now())
  }
  async change(id: string, settings: Partial<ExtensionSettings>): Promise<Extension | null> {
    this.#extensions.change(id, settings, Date.now())
    return this.extension(id)
  }
  async remove(id: string): Promise<boolean> {
    const known = await this.extension(id)
    if (known === null) return false
    this.#extensions.remove(known.extension)
    await this.#cutOff(known.extension)
    return true
  }
  async renewSecret(id: string): Promise<MadeExtension | null> {
    const known = await this.extension(id)
    if (known === null) return null
    const secret = newSecret()
    const hash = await this.#proof.secretHash(known.extension, secret)
    // Whoever has deleted it meanwhile wants no secret.
    if (!this.#extensions.setHash(known.extension, hash, Date.now())) return null
    await this.#cutOff(known.extension)
    return this.#made(id, secret)
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
    await this.#calls.tell()
    await this.#afterwards()
  }

  async #cutOff(extension: string): Promise<void> {
    this.#reception.cutOffPhones(extension)
    await this.#afterwards()
  }

  async #made(id: string, secret: string): Promise<MadeExtension> {
    return { extension: (await this.extension(id)) as Extension, secret }
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
    if (this.#gathers) return
    this.#gathers = true
    this.ctx.waitUntil(this.#tell())
  }

  async #tell(): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, GATHER_MS))
    this.#gathers = false
    await this.#calls.tell()
  }
}
