/** One signalling socket of one browser. It may only listen (place calls) or also be registered (be rung). */
import { randomUUID } from 'node:crypto'
import type { WebSocket } from 'ws'
import { type Frame, HEARTBEAT, parseFrame, serializeFrame } from './frames.ts'

/** The SDK gives up after 15 s without a message. */
const HEARTBEAT_MS = 5000
/** Nothing from the browser for this long, not even an echoed heartbeat: the socket is dead. */
const DEAD_AFTER_MS = 20_000
/** A browser that does not read is cut off before its messages pile up. */
const MAX_UNSENT_BYTES = 1024 * 1024

export interface Claims {
  identity: string
  accountSid: string
  applicationSid: string | null
  incoming: boolean
  ttl: number
}

export interface DeviceEvents {
  onFrame(device: Device, frame: Frame): void
  onClosed(device: Device): void
  /** The token's time is over. */
  onExpired(device: Device): void
}

export class Device {
  readonly id = randomUUID()
  claims: Claims | null = null
  registered = false
  /** How long the browser says it will try to come back after a lost socket. */
  reconnectMs = 0
  private readonly socket: WebSocket
  private readonly events: DeviceEvents
  private readonly heartbeat: NodeJS.Timeout
  private expiry: NodeJS.Timeout | null = null
  private lastHeardAt = performance.now()

  constructor(socket: WebSocket, events: DeviceEvents) {
    this.socket = socket
    this.events = events
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS)
    socket.on('message', data => this.hear(String(data)))
    // An error is always followed by close.
    socket.on('error', () => {})
    socket.on('close', () => this.end())
  }

  send(type: string, payload: Record<string, unknown> = {}): void {
    if (this.socket.bufferedAmount > MAX_UNSENT_BYTES) this.socket.terminate()
    else if (this.socket.readyState === this.socket.OPEN) this.socket.send(serializeFrame(type, payload))
  }

  /** New or refreshed token. */
  grant(claims: Claims): void {
    this.claims = claims
    if (this.expiry) clearTimeout(this.expiry)
    this.expiry = setTimeout(() => this.events.onExpired(this), Math.min(claims.ttl * 1000, 0x7fffffff))
  }

  /** Cut the socket without a goodbye, as a lost network would. */
  drop(): void {
    this.socket.terminate()
  }

  private hear(text: string): void {
    this.lastHeardAt = performance.now()
    if (text === HEARTBEAT) return
    const frame = parseFrame(text)
    if (frame) this.events.onFrame(this, frame)
    else this.send('error', { error: { code: 31100, message: 'Malformed request' } })
  }

  private beat(): void {
    if (performance.now() - this.lastHeardAt > DEAD_AFTER_MS) this.socket.terminate()
    else if (this.socket.readyState === this.socket.OPEN) this.socket.send(HEARTBEAT)
  }

  private end(): void {
    clearInterval(this.heartbeat)
    if (this.expiry) clearTimeout(this.expiry)
    this.registered = false
    this.events.onClosed(this)
  }
}
