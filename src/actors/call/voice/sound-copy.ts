/**
 * The sound of a call that comes to no AI agent of ours: while somebody listens, the carrier sends a copy of both sides to a socket of ours. It
 * never disturbs the call. It lives in memory with the listeners' sockets: if this object is lost, both are, and the carrier ends the copy.
 */
import type { CallState } from '../../../core/call/state.ts'
import type { MediaCodec } from '../../../providers/telephony/media-port.ts'
import type { Telephony } from '../../../providers/telephony/port.ts'
import { CarrierSocket } from './carrier-socket.ts'
import type { Listeners } from './listeners.ts'

/** So often the carrier is asked before the listeners are told that there is no sound. */
export const TRIES_MAX = 3
/** The socket of a copy that the carrier has promised comes within this time … */
export const COMES_WITHIN_MS = 6_000
/** … and that of a request whose answer was lost within this one, or it is asked again. */
export const UNSURE_MS = 1_000
/** A copy that lasted so long is no failure when it ends, and its tries are counted anew. */
const LASTED_MS = 10_000
/** Close code of WebSockets for what the server could not do. */
const FAILED = 1011
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

export interface Carrier {
  telephony: Telephony
  media: MediaCodec
}
export interface CopySide {
  callId: string
  state(): CallState
  /** null: the workspace has no carrier */
  carrier(): Promise<Carrier | null>
  now(): number
}

export class SoundCopy {
  readonly #side: CopySide
  readonly #listeners: Pick<Listeners, 'any' | 'tell' | 'fail'>
  /** names the copy that is wanted now; null: nobody listens to one */
  #copy: string | null = null
  #socket: CarrierSocket | null = null
  #media: MediaCodec | null = null
  #tries = 0
  #beganMs = 0
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(side: CopySide, listeners: Pick<Listeners, 'any' | 'tell' | 'fail'>) {
    this.#side = side
    this.#listeners = listeners
  }

  /** The listeners hear this copy, and nothing else. */
  get active(): boolean {
    return this.#copy !== null
  }

  /** Somebody listens. */
  begin(): void {
    if (this.#copy !== null) return
    this.#tries = 0
    void this.#ask()
  }

  /** Nobody listens any more. */
  stop(): void {
    const [copy, socket] = [this.#copy, this.#socket]
    this.over()
    if (copy === null) return
    void this.#end(copy).finally(() => socket?.close(1000, 'nobody listens'))
  }

  /** The call is over, or the listeners were let go. */
  over(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#copy = null
    this.#socket = null
  }

  /** May a socket with this token come in? Each copy has one, once. */
  async expects(token: string): Promise<boolean> {
    const [copy, carrier] = [this.#copy, await this.#side.carrier()]
    if (copy === null || carrier === null) return false
    this.#media = carrier.media
    const wanted = await carrier.telephony.streamToken(this.#side.callId, copy)
    return token === wanted && this.#copy === copy && this.#socket === null
  }

  /** The carrier's socket, which `expects` has let in. */
  connect(): Response {
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket]
    server.accept()
    if (this.#timer !== null) clearTimeout(this.#timer)
    const copy = this.#copy ?? ''
    const socket: CarrierSocket = new CarrierSocket(server, 'start', {
      text: text => this.#receive(socket, text),
      closed: () => this.#lost(copy),
    })
    this.#socket = socket
    this.#beganMs = this.#side.now()
    return new Response(null, { status: 101, webSocket: client })
  }

  get #providerId(): string | null {
    const { call } = this.#side.state()
    return call.phase === 'live' ? call.providerId : null
  }

  async #ask(): Promise<void> {
    const copy = crypto.randomUUID()
    this.#copy = copy
    this.#socket = null
    this.#tries += 1
    this.#within(COMES_WITHIN_MS, copy)
    const [carrier, providerId] = [await this.#side.carrier(), this.#providerId]
    if (carrier === null || providerId === null) return this.#fail(copy)
    const done = await carrier.telephony.copySound(providerId, this.#side.callId, copy)
    // Nobody listens any more, or another copy was asked for: the end of this one may have overtaken its beginning.
    if (this.#copy !== copy) return void this.#end(copy)
    if (done.ok || this.#socket !== null) return
    const { failure } = done
    if (failure.kind === 'unknown') this.#within(UNSURE_MS, copy)
    else if (failure.kind === 'throttled') this.#within(failure.retryAfterMs, copy)
    else if (failure.kind === 'gone') {
      // Most likely the call has just ended, and its last word is on the way.
      this.#tries = TRIES_MAX
      this.#within(COMES_WITHIN_MS, copy)
    } else this.#fail(copy)
  }

  #within(ms: number, copy: string): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#lost(copy), ms)
  }

  /** The copy has ended, or has never come. */
  #lost(copy: string): void {
    if (this.#copy !== copy) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#socket !== null && this.#side.now() - this.#beganMs > LASTED_MS) this.#tries = 0
    if (this.#socket === null) void this.#end(copy)
    if (!this.#listeners.any || this.#providerId === null) return this.over()
    if (this.#tries >= TRIES_MAX) return this.#fail(copy)
    void this.#ask()
  }

  #fail(copy: string): void {
    if (this.#copy !== copy) return
    this.over()
    this.#listeners.fail(FAILED, 'the carrier does not give the sound of this call')
  }

  /** If this is lost as well, the carrier ends the copy with its socket. */
  async #end(copy: string): Promise<void> {
    const [carrier, providerId] = [await this.#side.carrier(), this.#providerId]
    if (carrier !== null && providerId !== null) await carrier.telephony.endCopy(providerId, copy)
  }

  #receive(socket: CarrierSocket, text: string): void {
    const message = this.#media?.readMessage(text) ?? { type: 'odd' as const, why: 'no carrier' }
    switch (message.type) {
      case 'start':
        if (message.trouble !== null || message.providerId !== this.#providerId)
          return socket.close(1008, message.trouble ?? 'another call')
        return socket.begun()
      case 'media': {
        if (!BASE64.test(message.payload)) return socket.odd('a frame that is no sound')
        const from = message.track === 'outbound' ? 'agent' : 'caller'
        return this.#listeners.tell({ type: 'sound', from, mulaw: message.payload })
      }
      case 'stop':
        return socket.close(1000, 'stopped')
      case 'odd':
        return socket.odd(message.why)
      default:
        return
    }
  }
}
