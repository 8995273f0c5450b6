/**
 * Hibernating browser sockets. A Worker's socket has no backpressure: a tab that stops reading would take the object's
 * memory (measured: 100 MiB offered, 100 MiB held), so each owes at most a window of unacknowledged bytes, then 1013.
 */
export interface Attachment {
  tabId: string
  lastSeq: number
  owedBytes: number
  closing: boolean
}

export const SOCKETS_MAX = 20

export class Sockets {
  readonly #ctx: DurableObjectState
  readonly #windowBytes: number

  constructor(ctx: DurableObjectState, windowBytes: number) {
    this.#ctx = ctx
    this.#windowBytes = windowBytes
    // The platform answers these pings without waking the object.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  get count(): number {
    return this.#open().length
  }

  /** Accepts the socket and returns the 101 answer of the upgrade. */
  accept(): Response {
    const { 0: client, 1: server } = new WebSocketPair()
    if (this.count >= SOCKETS_MAX) return new Response('too many sockets', { status: 429 })
    this.#ctx.acceptWebSocket(server)
    this.#write(server, { tabId: '', lastSeq: 0, owedBytes: 0, closing: false })
    return new Response(null, { status: 101, webSocket: client })
  }

  name(socket: WebSocket, tabId: string): void {
    this.#write(socket, { ...this.read(socket), tabId })
  }

  /** The page has received everything up to `seq`, so its window is open again. */
  acknowledge(socket: WebSocket, seq: number): void {
    const attachment = this.read(socket)
    if (seq >= attachment.lastSeq) this.#write(socket, { ...attachment, owedBytes: 0 })
  }

  broadcast(text: string, seq: number): void {
    for (const socket of this.#open()) this.send(socket, text, seq)
  }

  send(socket: WebSocket, text: string, seq: number): void {
    const attachment = this.read(socket)
    if (attachment.closing) return
    const owedBytes = attachment.owedBytes + text.length
    if (owedBytes > this.#windowBytes) {
      this.#write(socket, { ...attachment, closing: true })
      return this.close(socket, 1013, 'reads too slowly')
    }
    this.#write(socket, { ...attachment, owedBytes, lastSeq: Math.max(seq, attachment.lastSeq) })
    try {
      socket.send(text)
    } catch {
      // The peer is gone; its close event follows.
    }
  }

  close(socket: WebSocket, code: number, reason: string): void {
    try {
      socket.close(code, reason)
    } catch {
      // The peer has closed it at the same moment.
    }
  }

  read(socket: WebSocket): Attachment {
    return (
      (socket.deserializeAttachment() as Attachment | null) ?? { tabId: '', lastSeq: 0, owedBytes: 0, closing: true }
    )
  }

  hasTab(tabId: string): boolean {
    return this.#open().some(socket => this.read(socket).tabId === tabId)
  }

  #open(): WebSocket[] {
    return this.#ctx
      .getWebSockets()
      .filter(socket => socket.readyState === WebSocket.OPEN && !this.read(socket).closing)
  }

  #write(socket: WebSocket, attachment: Attachment): void {
    socket.serializeAttachment(attachment)
  }
}
