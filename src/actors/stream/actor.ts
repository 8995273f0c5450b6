/**
 * The sockets of a workspace that get events. It listens to the log while a socket is open, pulls by cursor as an endpoint of webhooks does, and sends each socket what
 * it has subscribed to. The sockets hibernate: where each stands is written beside it (`subscriptions.ts`).
 */
import { DurableObject } from 'cloudflare:workers'
import { workspaceOf } from '../../core/ids.ts'
import { STREAM_SOCKETS_MAX, STREAM_SOCKETS_OF_ONE_MAX } from '../../wire/stream.ts'
import type { Env } from '../env.ts'
import { migrate } from '../shell/schema.ts'
import { signInOf } from '../sign-in.ts'
import { logOf } from '../stubs.ts'
import type { StreamContract, StreamLeave } from './contract.ts'
import { FanOut } from './fan-out.ts'
import { type Places, refusalOf, takeRequest } from './requests.ts'
import { endWhoIsOver, isWhose } from './standing.ts'
import { type Subscription, Subscriptions } from './subscriptions.ts'
import { STREAM_SCHEMA } from './tables.ts'

/** Sockets are looked at this often: sign-ins that are over, sockets that are stuck, and a word of the log that was lost. */
const LOOK_MS = 60_000
/** After the log did not answer. */
const REPAIR_MS = 2_000

export class StreamActor extends DurableObject<Env> implements StreamContract {
  readonly #workspaceId: string
  readonly #subscriptions: Subscriptions
  readonly #fanOut: FanOut
  readonly #places: Places
  /** messages of a socket are taken one after the other */
  readonly #queues = new WeakMap<WebSocket, Promise<void>>()
  #armed: number | null = null

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    migrate(ctx.storage, { actor: STREAM_SCHEMA })
    // The platform answers these pings without waking the object.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
    this.#workspaceId = ctx.id.name ?? ''
    const id = workspaceOf(this.#workspaceId)
    this.#subscriptions = new Subscriptions(ctx)
    this.#fanOut = new FanOut({
      workspaceId: id,
      subscriptions: this.#subscriptions,
      read: (cursor, limit) => logOf(env, id).streamed(cursor, limit, id),
      failed: () => this.#armAt(Date.now() + REPAIR_MS),
      waitUntil: work => ctx.waitUntil(work),
    })
    this.#places = {
      join: async () => {
        const log = logOf(env, id)
        // Whoever reads a page listens as well, so the first socket alone must say it.
        if (!this.#subscriptions.all().some(one => one.window !== null)) await log.listen({ id, events: null })
        return log.head()
      },
      has: async cursor => (await logOf(env, id).streamed(cursor, 1)) !== null,
    }
  }

  override async fetch(request: Request): Promise<Response> {
    const signIn = signInOf(request)
    if (request.headers.get('Upgrade') !== 'websocket' || signIn === null)
      return new Response('expected a WebSocket', { status: 426 })
    const { count } = this.#subscriptions
    const own = signIn.scope === undefined ? this.#subscriptions.countOf(signIn.userId) : 0
    if (count >= STREAM_SOCKETS_MAX || own >= STREAM_SOCKETS_OF_ONE_MAX)
      return new Response('too many sockets', { status: 429 })
    const { 0: client, 1: server } = new WebSocketPair()
    this.#subscriptions.add(server, signIn)
    await this.#armAt(Math.min(Date.now() + LOOK_MS, signIn.endsMs))
    return new Response(null, { status: 101, webSocket: client })
  }

  async poke(): Promise<boolean> {
    if (!this.#subscriptions.any) return false
    this.#fanOut.work()
    return true
  }

  async leave(who: StreamLeave): Promise<void> {
    const leaving = this.#subscriptions.all().filter(one => isWhose(one, who))
    for (const one of leaving) this.#subscriptions.signOut(one)
    if (leaving.length > 0) await this.#restIfEmpty()
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const one = this.#subscriptions.of(socket)
    if (one === null) return
    const wrong = refusalOf(one, data, Date.now())
    if (wrong !== null) {
      this.#subscriptions.end(one, ...wrong)
      return this.#restIfEmpty()
    }
    const before = this.#queues.get(socket) ?? Promise.resolve()
    const taken = before.then(() => this.#take(one, String(data)))
    this.#queues.set(socket, taken)
    await taken
  }

  /** Closes our end as well, or the program would wait for it and take the close for a break. */
  override async webSocketClose(socket: WebSocket): Promise<void> {
    const one = this.#subscriptions.of(socket)
    if (one !== null) this.#subscriptions.end(one, 1000, 'closed')
    await this.#restIfEmpty()
  }
  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#subscriptions.drop(socket)
    await this.#restIfEmpty()
  }

  override async alarm(): Promise<void> {
    this.#armed = null
    const now = Date.now()
    await endWhoIsOver(this.#subscriptions, this.env.DB, this.#workspaceId, now)
    await this.#restIfEmpty()
    if (!this.#subscriptions.any) return
    await this.#armAt(this.#subscriptions.all().reduce((at, { signIn }) => Math.min(at, signIn.endsMs), now + LOOK_MS))
    this.#fanOut.work()
  }

  async #take(one: Subscription, text: string): Promise<void> {
    try {
      if (await takeRequest(one, text, this.#workspaceId, this.#places)) this.#fanOut.work()
    } catch {
      // The log did not answer. The program connects again and says what it wants.
      console.error(JSON.stringify({ message: 'a socket could not be given its place', workspace: this.#workspaceId }))
      this.#subscriptions.end(one, 1011, 'try again')
    }
  }

  /** Nobody is there: the log needs to tell nobody. */
  async #restIfEmpty(): Promise<void> {
    if (this.#subscriptions.any) return
    this.#armed = null
    await this.ctx.storage.deleteAlarm()
    // When it does not hear of this, its next word is answered with no.
    await logOf(this.env, this.#workspaceId)
      .unlisten(this.#workspaceId)
      .catch(() => undefined)
  }

  /** An alarm is only moved earlier; one that comes for nothing sets the next. */
  async #armAt(at: number): Promise<void> {
    const { storage } = this.ctx
    this.#armed ??= await storage.getAlarm()
    if (this.#armed !== null && this.#armed <= at && this.#armed > Date.now()) return
    this.#armed = at
    await storage.setAlarm(at)
  }
}
