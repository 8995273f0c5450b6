/** A client of the socket of events, as a program would write it: it keeps a cursor, acknowledges every ten events, and opens another socket when one is lost. */
import WebSocket from 'ws'
import type { StreamMessage } from '../../src/wire/stream.ts'
import { plain } from './events.ts'

const ACK_EVENTS = 10
const PAUSE_MS = 20
const TOPICS = [['*'], ['call_answered', 'call_hungup']]

export class Follower {
  /** cursors of the log, in the order in which they came first */
  readonly cursors = new Set<string>()
  /** from the fact to its receipt, of events that happened while the socket was open and had caught up */
  readonly lateMs: number[] = []
  received = 0
  breaks = 0
  readonly #url: string
  readonly #topics: readonly string[]
  #socket: WebSocket | null = null
  #handled: string | null = null
  #acknowledged: string | null = null
  #unacknowledged = 0
  /** null: it has not caught up */
  #liveSince: number | null = null
  #over = false
  #first: () => void = () => undefined

  constructor(url: string, n: number) {
    this.#url = `${url.replace('http', 'ws')}/ws`
    this.#topics = TOPICS[n % TOPICS.length] ?? []
  }

  wants(type: string): boolean {
    return this.#topics.includes('*') || this.#topics.includes(type)
  }

  /** Resolves when it gets what happens from now on. */
  ready(): Promise<void> {
    return new Promise(resolve => {
      this.#first = resolve
      this.#open()
    })
  }

  /** Cuts the socket. `forgets`: it goes on behind what it has acknowledged, and not behind what it has handled. */
  cut(forgets: boolean): void {
    if (forgets) this.#handled = this.#acknowledged
    this.#socket?.terminate()
  }

  end(): void {
    this.#over = true
    this.#socket?.terminate()
  }

  #open(): void {
    if (this.#over) return
    const socket = new WebSocket(this.#url, { perMessageDeflate: false })
    this.#socket = socket
    this.#liveSince = null
    this.#unacknowledged = 0
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'subscribe', topics: this.#topics, cursor: this.#handled })),
    )
    socket.on('message', data => {
      if (socket === this.#socket) this.#take(socket, JSON.parse(String(data)) as StreamMessage)
    })
    // A close event follows each error.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (this.#over) return
      this.breaks += 1
      setTimeout(() => this.#open(), PAUSE_MS)
    })
  }

  #take(socket: WebSocket, message: StreamMessage): void {
    if (message.type === 'error') throw new Error(`refused: ${message.code} ${message.field}`)
    if (message.type === 'subscribed') this.#handled ??= message.cursor
    if (message.type === 'subscribed') this.#acknowledged ??= message.cursor
    if (message.type === 'caught_up') {
      this.#liveSince = Date.now()
      this.#first()
    }
    if (message.type !== 'event') return
    this.received += 1
    const happened = Date.parse(String(message.event.timestamp))
    if (this.#liveSince !== null && happened >= this.#liveSince) this.lateMs.push(Date.now() - happened)
    this.cursors.add(plain(message.cursor))
    this.#handled = message.cursor
    this.#unacknowledged += 1
    if (this.#unacknowledged < ACK_EVENTS) return
    this.#unacknowledged = 0
    this.#acknowledged = message.cursor
    socket.send(JSON.stringify({ type: 'ack', cursor: message.cursor }))
  }
}
