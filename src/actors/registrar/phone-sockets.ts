/**
 * The sockets of phones. They hibernate: what is known of one is written beside it. A socket has an id of ours, so that nothing in a message
 * can name another one.
 */
import { unique } from '../unique.ts'

export const SOCKETS_MAX = 5_000
/** Sockets from one address on which nobody has registered. */
export const STRANGERS_MAX = 200
/** A socket on which nobody registers is closed after this time. */
export const SILENT_MS = 30_000
/** Wrong secrets on one socket, and messages that were none. */
export const WRONG_OF_SOCKET_MAX = 10
export const JUNK_MAX = 20
/** A message costs this much time, and a proof of a secret or a call five times as much; so many messages may come at once. */
export const GAP_MS = 20
export const PROOF_COST = 5
export const BURST_MAX = 250

export const POLICY = 1008

export interface PhoneSocket {
  id: string
  /** from where it was opened; empty: the platform does not say */
  address: string
  openedMs: number
  wrong: number
  junk: number
  closing: boolean
}

export class PhoneSockets {
  readonly #ctx: DurableObjectState
  /** the moment up to which the messages of a socket are used up, by its id */
  readonly #busyUntilMs = new Map<string, number>()

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx
    // The keep-alive of RFC 7118, which the platform answers without waking the object.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('\r\n\r\n', '\r\n'))
  }

  /** Null: as many are open as may be. `registered`: the ids of sockets that are of phones we know. */
  accept(address: string, registered: ReadonlySet<string>, now: number): Response | null {
    const strangers = this.#ctx.getWebSockets(placeOf(address)).filter(one => !registered.has(this.of(one)?.id ?? ''))
    if (this.#ctx.getWebSockets().length >= SOCKETS_MAX || strangers.length >= STRANGERS_MAX) return null
    const { 0: client, 1: server } = new WebSocketPair()
    const id = unique()
    this.#ctx.acceptWebSocket(server, [`id ${id}`, placeOf(address)])
    this.write(server, { id, address, openedMs: now, wrong: 0, junk: 0, closing: false })
    return new Response(null, { status: 101, webSocket: client, headers: { 'Sec-WebSocket-Protocol': 'sip' } })
  }

  of(socket: WebSocket): PhoneSocket | null {
    return socket.deserializeAttachment() as PhoneSocket | null
  }
  write(socket: WebSocket, one: PhoneSocket): void {
    socket.serializeAttachment(one)
  }
  byId(id: string): WebSocket | null {
    return this.#ctx.getWebSockets(`id ${id}`).find(one => one.readyState === WebSocket.OPEN) ?? null
  }
  /** Those that are open. */
  all(): { socket: WebSocket; one: PhoneSocket }[] {
    return this.#ctx.getWebSockets().flatMap(socket => {
      const one = this.of(socket)
      return one === null || one.closing || socket.readyState !== WebSocket.OPEN ? [] : [{ socket, one }]
    })
  }

  /** May this socket say one more? */
  admits({ id }: PhoneSocket, cost: number, now: number): boolean {
    const busyUntilMs = Math.max(this.#busyUntilMs.get(id) ?? 0, now) + GAP_MS * cost
    this.#busyUntilMs.set(id, busyUntilMs)
    return busyUntilMs - now <= BURST_MAX * GAP_MS
  }

  send(id: string, text: string): void {
    try {
      this.byId(id)?.send(text)
    } catch {
      // The phone is gone; its close event follows.
    }
  }

  /** Nothing is taken from it any more. */
  close(socket: WebSocket, code: number, reason: string): void {
    const one = this.of(socket)
    if (one !== null) {
      this.write(socket, { ...one, closing: true })
      this.#busyUntilMs.delete(one.id)
    }
    try {
      socket.close(code, reason)
    } catch {
      // The phone has closed it at the same moment.
    }
  }
}

/** A tag of the platform has 256 characters at most. */
function placeOf(address: string): string {
  return `at ${address.slice(0, 64)}`
}
