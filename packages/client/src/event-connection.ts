/**
 * One subscription to events that outlives its sockets: it connects again behind the last event that was handled, so nothing is missed. Only `WebSocket` and `fetch`; a
 * page uses it with its session, a program with its key.
 */
import { TrunklineError } from './error.ts'

/** An event of one of the topics. `event` is a public event (`docs/events.md`), or the payload of a topic of the seed. */
export interface EventMessage {
  topic: string
  /** the same for ever: an event may come twice, and is known by it */
  id: string
  cursor: string
  /** another message of this event follows */
  more?: true
  event: Record<string, unknown>
}
/** `catching-up`: what was missed comes first; `live`: what comes is new; `waiting`: the connection broke, and is opened again in a moment. */
export type ConnectionState = 'connecting' | 'catching-up' | 'live' | 'waiting' | 'closed'

export interface Subscribe {
  topics: string[]
  /** events behind it; null or absent: events from now on */
  cursor?: string | null
  /** the names that events have; absent: the seed's */
  vocabulary?: 'seed' | 'voipbin'
  /** Is called for one event after the other, and waited for. An event whose handling throws comes again. */
  onEvent(message: EventMessage): void | Promise<void>
  onState?(state: ConnectionState): void
  /** absent: the platform's own. It must take `headers` when there is a key */
  WebSocket?: typeof WebSocket
}
export interface Address {
  /** of the server, as `https://calls.example.com` */
  baseUrl: string
  headers: Record<string, string>
  /** asks the server why a socket does not open; absent: the platform's own */
  fetch?: typeof fetch
}

interface Said {
  type: string
  cursor?: string | null
  code?: string
  field?: string
  message?: string
}

/** So many handled events are acknowledged together at most. */
const ACK_EVENTS = 20
const PING_MS = 20_000
/** A server that says nothing for so long, not even to a ping, is gone. */
const SILENT_MS = 45_000
const PAUSE_MS_MIN = 250
const PAUSE_MS_MAX = 15_000
/** The sign-in or the key has ended, or the role is another: a request says whether that is for good. */
const SIGNED_OUT = 4401
const GONE = 4410

export class EventConnection {
  /** Resolves after `close`; rejects with a `TrunklineError` when the server will not have this subscription. */
  readonly done: Promise<void>
  readonly #address: Address
  readonly #wanted: Subscribe
  #cursor: string | null
  #socket: WebSocket | null = null
  #queue: Promise<void> = Promise.resolve()
  #unacknowledged = 0
  #waiting = 0
  #pause = PAUSE_MS_MIN
  #heard = 0
  #pings: ReturnType<typeof setInterval> | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #over = false
  #settle: { resolve: () => void; reject: (error: Error) => void } = {
    resolve: () => undefined,
    reject: () => undefined,
  }

  constructor(address: Address, wanted: Subscribe) {
    this.#address = address
    this.#wanted = wanted
    this.#cursor = wanted.cursor ?? null
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    // A program that never looks at `done` would be ended by Node for a rejection that nobody handles.
    this.done.catch(() => undefined)
    this.#open()
  }

  /** Behind the last event that was handled: where another connection would go on. Null: nothing is known yet. */
  get cursor(): string | null {
    return this.#cursor
  }

  close(): void {
    this.#end(null)
  }

  #open(): void {
    this.#state('connecting')
    const url = new URL('/v1.0/ws', this.#address.baseUrl)
    url.protocol = url.protocol.replace('http', 'ws')
    const socket = opened(this.#wanted.WebSocket ?? WebSocket, url.href, this.#address.headers)
    this.#socket = socket
    let isOpen = false
    socket.addEventListener('open', () => {
      isOpen = true
      this.#begin(socket)
    })
    socket.addEventListener('message', ({ data }) => {
      if (socket === this.#socket) this.#take(socket, String(data))
    })
    socket.addEventListener('close', ({ code }) => {
      if (socket === this.#socket) void this.#broken(code, isOpen)
    })
    // A close event follows each error.
    socket.addEventListener('error', () => undefined)
  }

  #begin(socket: WebSocket): void {
    const { topics, vocabulary } = this.#wanted
    this.#heard = Date.now()
    this.#unacknowledged = 0
    this.#waiting = 0
    this.#queue = Promise.resolve()
    const named = vocabulary === undefined ? {} : { vocabulary }
    this.#say(socket, { type: 'subscribe', topics, cursor: this.#cursor, ...named })
    this.#pings = setInterval(() => {
      if (Date.now() - this.#heard > SILENT_MS) void this.#broken(0, true)
      else this.#say(socket, { type: 'ping' })
    }, PING_MS)
  }

  #take(socket: WebSocket, text: string): void {
    this.#heard = Date.now()
    const said = JSON.parse(text) as Said
    switch (said.type) {
      case 'subscribed':
        this.#cursor ??= said.cursor ?? null
        return this.#state('catching-up')
      case 'event':
        this.#waiting += 1
        this.#queue = this.#queue.then(() => this.#handle(socket, said as unknown as EventMessage))
        return
      case 'caught_up':
        this.#queue = this.#queue.then(() => {
          if (socket !== this.#socket) return
          this.#pause = PAUSE_MS_MIN
          this.#state('live')
        })
        return
      case 'error':
        return this.#end(new TrunklineError(400, said.code ?? '', said.message ?? '', { fields: fieldsOf(said) }))
    }
  }

  /** The events of a socket one after the other; of a socket that is gone none. */
  async #handle(socket: WebSocket, message: EventMessage): Promise<void> {
    if (socket !== this.#socket) return
    try {
      await this.#wanted.onEvent(message)
    } catch {
      // It comes again on the next connection, and so does all behind it.
      if (socket === this.#socket) await this.#broken(0, true)
      return
    }
    this.#waiting -= 1
    // The event is handled when its last message is.
    if (socket !== this.#socket || message.more) return
    this.#cursor = message.cursor
    this.#unacknowledged += 1
    if (this.#waiting > 0 && this.#unacknowledged < ACK_EVENTS) return
    this.#unacknowledged = 0
    this.#say(socket, { type: 'ack', cursor: message.cursor })
  }

  /** The socket is gone: another one is opened after a pause, unless that would be of no use. */
  async #broken(code: number, wasOpen: boolean): Promise<void> {
    this.#drop()
    if (code === GONE)
      return this.#end(new TrunklineError(410, 'Gone', 'Events behind this cursor are not kept any more.'))
    const refusal = wasOpen && code !== SIGNED_OUT ? null : await this.#refusal()
    if (refusal !== null) return this.#end(refusal)
    if (this.#over) return
    this.#state('waiting')
    // Half of a pause is chance, so that clients do not come back together.
    this.#timer = setTimeout(() => this.#open(), this.#pause * (0.5 + Math.random() / 2))
    this.#pause = Math.min(this.#pause * 2, PAUSE_MS_MAX)
  }

  /** A socket does not say why it was refused; a request to the same address does. Null: for no reason that would last. */
  async #refusal(): Promise<TrunklineError | null> {
    const { baseUrl, headers, fetch: ask = fetch } = this.#address
    try {
      const answer = await ask(new URL('/v1.0/ws', baseUrl).href, { headers })
      const { title = '', detail = '' } = (await answer.json()) as { title?: string; detail?: string }
      return answer.status === 401 || answer.status === 403 ? new TrunklineError(answer.status, title, detail) : null
    } catch {
      return null
    }
  }

  #end(error: TrunklineError | null): void {
    if (this.#over) return
    this.#over = true
    const socket = this.#socket
    this.#drop()
    if (this.#timer !== null) clearTimeout(this.#timer)
    socket?.close(1000)
    this.#state('closed')
    if (error === null) this.#settle.resolve()
    else this.#settle.reject(error)
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = null
    if (this.#pings !== null) clearInterval(this.#pings)
    this.#pings = null
    if (socket !== null && socket.readyState <= 1) socket.close(1000)
  }

  #say(socket: WebSocket, message: object): void {
    if (socket.readyState === 1) socket.send(JSON.stringify(message))
  }

  #state(state: ConnectionState): void {
    if (!this.#over || state === 'closed') this.#wanted.onState?.(state)
  }
}

function fieldsOf({ field, message }: Said): { field: string; message: string }[] {
  return field === undefined ? [] : [{ field, message: message ?? '' }]
}

/** Node, Deno and Bun take headers beside the address; a page has none to give, because its cookie goes along by itself. */
function opened(Socket: typeof WebSocket, url: string, headers: Record<string, string>): WebSocket {
  if (Object.keys(headers).length === 0) return new Socket(url)
  return new (Socket as unknown as new (url: string, options: object) => WebSocket)(url, { headers })
}
