/** The connected browsers: signalling sockets, their tokens, and the devices of an identity that can be rung. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { BrowserEvents } from '../media/plane.ts'
import { Device } from './device.ts'
import type { Disturbance } from './disturbance.ts'
import { type Edge, edgeOf } from './edges.ts'
import { type Frame, MAX_FRAME_BYTES, textOf } from './frames.ts'
import { EXPIRED_TOKEN, INVALID_TOKEN, TOO_OFTEN } from './signalling-errors.ts'

/** Limit of sockets at one time; further ones are told to come back later. */
export const MAX_DEVICES = 500
const FULL_RETRY_AFTER_S = 5
/** The SDK never names a longer time for coming back. */
const MAX_RECONNECT_MS = 30_000
const HOME = 'us1'

export interface RosterEvents {
  authorize: BrowserEvents['authorize']
  /** A frame about calls, from a device with a valid token. */
  onFrame(device: Device, frame: Frame): void
  onLost(device: Device): void
  /** A line for the log. */
  onTrouble(message: string): void
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
    const edge = edgeOf(request.headers.host ?? '', this.edge)
    if (edge === null) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
      return
    }
    this.sockets.handleUpgrade(request, socket, head, webSocket => this.welcome(webSocket, edge))
  }

  private welcome(socket: WebSocket, edge: Edge): void {
    const device = new Device(socket, edge, {
      onFrame: (from, frame) => this.receive(from, frame),
      onClosed: from => {
        this.devices.delete(from)
        this.events.onLost(from)
      },
      onExpired: from => from.send('error', { error: EXPIRED_TOKEN }),
      onTrouble: message => this.events.onTrouble(message),
    })
    if (this.devices.size >= MAX_DEVICES) {
      device.send('error', { error: { ...TOO_OFTEN, retryAfter: FULL_RETRY_AFTER_S } })
      device.turnAway()
    } else this.devices.add(device)
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

  /** @returns how many sockets the identity has */
  disturb(identity: string, disturbance: Disturbance): number {
    const devices = [...this.devices].filter(device => device.claims?.identity === identity)
    for (const device of devices) disturb(device, disturbance)
    return devices.length
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

  /** The first message of a socket, and again with each new token. A bad new token leaves the old one in force. */
  private listen(device: Device, payload: Record<string, unknown>): void {
    const verdict = this.events.authorize(textOf(payload, 'token'))
    if ('code' in verdict) {
      device.send('error', { error: verdict })
      return
    }
    if (device.claims && device.claims.identity !== verdict.identity) device.wantsCalls = false
    device.grant(verdict)
    const { reconnectTimeout } = payload
    if (typeof reconnectTimeout === 'number' && Number.isFinite(reconnectTimeout)) {
      device.reconnectMs = Math.min(Math.max(0, reconnectTimeout * 1000), MAX_RECONNECT_MS)
    }
    const { edge, region } = device.edge
    device.send('connected', {
      region,
      edge,
      home: verdict.home ?? HOME,
      token: { identity: verdict.identity, ttl: verdict.ttl },
    })
  }

  private register(device: Device, payload: Record<string, unknown>): void {
    const media = payload.media
    const wanted = typeof media === 'object' && media !== null && 'audio' in media && media.audio === true
    device.wantsCalls = wanted
    if (wanted && device.expired) device.send('error', { error: EXPIRED_TOKEN })
    else device.send(wanted ? 'ready' : 'offline')
  }
}

function disturb(device: Device, disturbance: Disturbance): void {
  switch (disturbance.what) {
    case 'drop':
      return device.drop()
    case 'close':
      return device.send('close')
    case 'offline':
      device.wantsCalls = false
      return device.send('offline')
    case 'error':
      device.send('error', { error: disturbance.error })
      if (disturbance.error.retryAfter !== undefined) device.turnAway()
  }
}
