/** Who is connected: signalling sockets, their tokens, and which devices an identity can be rung on. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { BrowserEvents } from '../media/plane.ts'
import { Device } from './device.ts'
import { type Frame, MAX_FRAME_BYTES, textOf } from './frames.ts'

/** Sockets at once; more is refused with 503. */
export const MAX_DEVICES = 500
/** The SDK never names a longer time for coming back. */
const MAX_RECONNECT_MS = 30_000
const INVALID_TOKEN = { code: 31204, message: 'Invalid JWT token' }
const EXPIRED_TOKEN = { code: 31205, message: 'JWT token expired' }

export interface RosterEvents {
  authorize: BrowserEvents['authorize']
  /** A frame about calls, from a device with a valid token. */
  onFrame(device: Device, frame: Frame): void
  onLost(device: Device): void
}

export class Roster {
  private readonly events: RosterEvents
  private readonly edge: string
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES })
  private readonly devices = new Set<Device>()

  constructor(edge: string, events: RosterEvents) {
    this.edge = edge
    this.events = events
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.devices.size >= MAX_DEVICES) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n\r\n')
      return
    }
    this.sockets.handleUpgrade(request, socket, head, webSocket => {
      const device = new Device(webSocket, {
        onFrame: (from, frame) => this.receive(from, frame),
        onClosed: from => {
          this.devices.delete(from)
          this.events.onLost(from)
        },
        onExpired: from => this.expire(from),
      })
      this.devices.add(device)
    })
  }

  /** Only registered devices are rung; one that merely listens can place calls. */
  registered(identity: string): Device[] {
    return [...this.devices].filter(device => device.registered && device.claims?.identity === identity)
  }

  /** Cut every socket of an identity; without one, every socket. */
  drop(identity?: string): void {
    for (const device of [...this.devices]) {
      if (identity === undefined || device.claims?.identity === identity) device.drop()
    }
  }

  close(): void {
    this.drop()
    this.sockets.close()
  }

  private receive(device: Device, frame: Frame): void {
    if (frame.type === 'listen') this.listen(device, frame.payload)
    else if (!device.claims) device.send('error', { error: INVALID_TOKEN })
    else if (frame.type === 'register') this.register(device, frame.payload)
    else this.events.onFrame(device, frame)
  }

  /** The first message of a socket, and again with each new token. */
  private listen(device: Device, payload: Record<string, unknown>): void {
    const verdict = this.events.authorize(textOf(payload, 'token'))
    if ('code' in verdict) {
      device.send('error', { error: verdict })
      return
    }
    if (device.claims && device.claims.identity !== verdict.identity) device.registered = false
    device.grant(verdict)
    if (typeof payload.reconnectTimeout === 'number') {
      device.reconnectMs = Math.min(Math.max(0, payload.reconnectTimeout * 1000), MAX_RECONNECT_MS)
    }
    device.send('connected', {
      region: 'us1',
      edge: this.edge,
      home: 'us1',
      token: { identity: verdict.identity, ttl: verdict.ttl },
    })
  }

  private register(device: Device, payload: Record<string, unknown>): void {
    const media = payload.media
    const wanted = typeof media === 'object' && media !== null && 'audio' in media && media.audio === true
    device.registered = wanted && device.claims?.incoming === true
    device.send(wanted ? 'ready' : 'offline')
  }

  private expire(device: Device): void {
    device.registered = false
    device.claims = null
    device.send('error', { error: EXPIRED_TOKEN })
  }
}
