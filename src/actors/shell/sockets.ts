/**
 * Hibernating browser sockets. A Worker's socket has no backpressure: a tab that stops reading would take the object's
 * memory (measured: 100 MiB offered, 100 MiB held), so each owes at most a window of unacknowledged bytes, then 1013.
 */
export interface Attachment {
  tabId: string
  lastSeq: number
  owedBytes: number
  closing: boolean
  /** the sign-in that opened it, and when that runs out; null: opened by a release that did not say it */
  signIn: { id: string; endsMs: number } | null
  /** the moment up to which the commands of this socket are used up (`GAP_MS` each) */
  busyUntilMs: number
  /** its page shows what others do now, and is in front */
  looks: boolean
}
const GONE: Attachment = {
  tabId: '',
  lastSeq: 0,
  owedBytes: 0,
  closing: true,
  signIn: null,
  busyUntilMs: 0,
  looks: false,
}

export const SOCKETS_MAX = 20
/** A command of a person costs this much time, and so many may come at once: 20 a second for long, 100 in a moment. */
export const GAP_MS = 50
export const BURST_MAX = 100

/** Closing codes of our own: the page connects again by itself, and without a session it shows the sign-in. */
export const SIGNED_OUT = 4401
export const TOO_FAST = 4429
export const BAD_ACK = 4400

/** The same budget for commands that come over HTTP, in memory. */
export class Pace {
  #busyUntilMs = 0

  admits(now: number): boolean {
    this.#busyUntilMs = Math.max(this.#busyUntilMs, now) + GAP_MS
    return this.#busyUntilMs - now <= BURST_MAX * GAP_MS
  }
}

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

  get any(): boolean {
    return this.count > 0
  }

  /** Accepts the socket and returns the 101 answer of the upgrade. */
  accept(signIn: Attachment['signIn'] = null): Response {
    const { 0: client, 1: server } = new WebSocketPair()
    if (this.count >= SOCKETS_MAX) return new Response('too many sockets', { status: 429 })
    this.#ctx.acceptWebSocket(server)
    this.#write(server, { ...GONE, closing: false, signIn })
    return new Response(null, { status: 101, webSocket: client })
  }

  name(socket: WebSocket, tabId: string): void {
    this.#write(socket, { ...this.read(socket), tabId })
  }

  /** The page has received everything up to `seq`, so its window is open again. What was never sent cannot have been received. */
  acknowledge(socket: WebSocket, seq: number): void {
    const attachment = this.read(socket)
    if (seq > attachment.lastSeq) return this.#end(socket, BAD_ACK, 'acknowledges what was not sent')
    if (seq === attachment.lastSeq) this.#write(socket, { ...attachment, owedBytes: 0 })
  }

  /** May this socket send one more message? If not it is closed, with words: signed out, or too fast. */
  admits(socket: WebSocket, now: number): boolean {
    const attachment = this.read(socket)
    if (attachment.closing) return false
    if (isOver(attachment, now)) {
      this.#end(socket, SIGNED_OUT, 'the sign-in is over')
      return false
    }
    const busyUntilMs = Math.max(attachment.busyUntilMs, now) + GAP_MS
    if (busyUntilMs - now > BURST_MAX * GAP_MS) {
      this.#end(socket, TOO_FAST, 'too many commands')
      return false
    }
    this.#write(socket, { ...attachment, busyUntilMs })
    return true
  }

  /** Ends the sockets of these sign-ins (null: every socket), and returns them. */
  signOut(sessions: string[] | null): WebSocket[] {
    const ended = this.#open().filter(socket => {
      const { signIn } = this.read(socket)
      return sessions === null || signIn === null || sessions.includes(signIn.id)
    })
    for (const socket of ended) this.#end(socket, SIGNED_OUT, 'the sign-in is over')
    return ended
  }

  /** Nothing is sent to it or taken from it any more. */
  #end(socket: WebSocket, code: number, reason: string): void {
    this.#write(socket, { ...this.read(socket), closing: true })
    this.close(socket, code, reason)
  }

  broadcast(text: string, seq: number): void {
    for (const socket of this.#open()) this.send(socket, text, seq)
  }

  look(socket: WebSocket, looks: boolean): void {
    this.#write(socket, { ...this.read(socket), looks })
  }

  /** For pages that look. False: there is none. */
  tellLooking(text: string): boolean {
    const looking = this.#open().filter(socket => this.read(socket).looks)
    for (const socket of looking) this.send(socket, text, 0)
    return looking.length > 0
  }

  send(socket: WebSocket, text: string, seq: number): void {
    const attachment = this.read(socket)
    if (attachment.closing) return
    // A page that only listens is signed out as well.
    if (isOver(attachment, Date.now())) return this.#end(socket, SIGNED_OUT, 'the sign-in is over')
    const owedBytes = attachment.owedBytes + text.length
    if (owedBytes > this.#windowBytes) {
      return this.#end(socket, 1013, 'reads too slowly')
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
    return { ...GONE, ...((socket.deserializeAttachment() as Attachment | null) ?? {}) }
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

function isOver({ signIn }: Attachment, now: number): boolean {
  return signIn !== null && signIn.endsMs <= now
}
