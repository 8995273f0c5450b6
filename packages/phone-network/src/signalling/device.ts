/** One signalling socket of one browser. It may only listen (place calls) or also be registered (be rung). */
import { randomUUID } from 'node:crypto'
import type { WebSocket } from 'ws'
import type { Edge } from './edges.ts'
import { type Frame, HEARTBEAT, parseFrame, serializeFrame } from './frames.ts'
import { MALFORMED } from './signalling-errors.ts'

/** The SDK gives up after 15 s without a message. */
const HEARTBEAT_MS = 5000
/** Nothing from the browser for this long, not even an echoed heartbeat: the socket is dead. */
const DEAD_AFTER_MS = 20_000
/** A browser that does not read is cut off before its messages pile up. */
const MAX_UNSENT_BYTES = 1024 * 1024
/** Lines that one socket may write, so that a faulty page does not fill the log. */
const MAX_TROUBLES = 20
/** Try again later (https://www.rfc-editor.org/rfc/rfc6455#section-7.4). */
const CLOSE_TRY_LATER = 1013

export interface Claims {
  identity: string
  accountSid: string
  applicationSid: string | null
  incoming: boolean
  ttl: number
  /** Twilio region of the account, e.g. us1: insights go there */
  home?: string
}

export interface DeviceEvents {
  onFrame(device: Device, frame: Frame): void
  onClosed(device: Device): void
  /** The token has expired. */
  onExpired(device: Device): void
  /** A line for the log. */
  onTrouble(message: string): void
}

export class Device {
  readonly id = randomUUID()
  readonly edge: Edge
  /**
   * Identity of the newest valid token. It stays after the token has expired, so that open calls can still be ended.
   */
  claims: Claims | null = null
  expired = false
  /**
   * Whether the page has registered. It applies again with a fresh token, because the SDK does not register a second
   * time.
   */
  wantsCalls = false
  /** How long the browser says it will try to come back after a lost socket. */
  reconnectMs = 0
  private readonly socket: WebSocket
  private readonly events: DeviceEvents
  private readonly heartbeat: NodeJS.Timeout
  private expiry: NodeJS.Timeout | null = null
  private lastHeardAt = performance.now()
  private troubles = 0

  constructor(socket: WebSocket, edge: Edge, events: DeviceEvents) {
    this.socket = socket
    this.edge = edge
    this.events = events
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS)
    socket.on('message', (data, isBinary) => this.hear(isBinary ? '' : String(data)))
    // An error (a frame that is too long) is always followed by close.
    socket.on('error', error => this.trouble(`a browser's socket broke: ${error.message}`))
    socket.on('close', () => this.end())
  }

  send(type: string, payload: Record<string, unknown> = {}): void {
    if (this.socket.bufferedAmount > MAX_UNSENT_BYTES) this.socket.terminate()
    else if (this.socket.readyState === this.socket.OPEN) this.socket.send(serializeFrame(type, payload))
  }

  get registered(): boolean {
    return this.wantsCalls && !this.expired && this.claims?.incoming === true
  }

  /** New or refreshed token. */
  grant(claims: Claims): void {
    this.claims = claims
    this.expired = false
    if (this.expiry) clearTimeout(this.expiry)
    this.expiry = setTimeout(() => this.expire(), Math.min(claims.ttl * 1000, 0x7fffffff))
  }

  /** One line in the log. */
  trouble(message: string): void {
    this.troubles += 1
    if (this.troubles <= MAX_TROUBLES) this.events.onTrouble(message)
  }

  /** Cut the socket without a closing frame, as a lost network would. */
  drop(): void {
    this.socket.terminate()
  }

  /** Close the socket; the SDK comes back after what the last error's `retryAfter` said. */
  turnAway(): void {
    this.socket.close(CLOSE_TRY_LATER)
  }

  /** Nothing that a page sends may end the network. */
  private hear(text: string): void {
    this.lastHeardAt = performance.now()
    if (text === HEARTBEAT) return
    const frame = parseFrame(text)
    try {
      if (frame) return this.events.onFrame(this, frame)
      this.trouble(`a browser sent what is no frame: ${text.slice(0, 60)}`)
    } catch (error) {
      this.trouble(`a browser's frame could not be taken: ${error instanceof Error ? error.message : String(error)}`)
    }
    this.send('error', { error: MALFORMED })
  }

  private expire(): void {
    this.expired = true
    this.events.onExpired(this)
  }

  private beat(): void {
    if (performance.now() - this.lastHeardAt > DEAD_AFTER_MS) this.socket.terminate()
    else if (this.socket.readyState === this.socket.OPEN) this.socket.send(HEARTBEAT)
  }

  private end(): void {
    clearInterval(this.heartbeat)
    if (this.expiry) clearTimeout(this.expiry)
    this.wantsCalls = false
    this.events.onClosed(this)
  }
}
