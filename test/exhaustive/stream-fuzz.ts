/**
 * Worlds of sockets that get events: the shipping fan-out, requests and subscriptions over a log and sockets of our own. By dice the log grows, words are lost, readings
 * fail and come back in any order, clients read late, break off and come again, the object is evicted, and the process is killed.
 */
import type { StreamedEvent } from '../../src/actors/log/contract.ts'
import { FanOut } from '../../src/actors/stream/fan-out.ts'
import { type Places, takeRequest } from '../../src/actors/stream/requests.ts'
import { Subscriptions } from '../../src/actors/stream/subscriptions.ts'
import { unsealed } from '../../src/core/events/stream/cursor.ts'
import { WINDOW_EVENTS } from '../../src/core/events/stream/window.ts'
import type { StreamMessage } from '../../src/wire/stream.ts'
import { Random } from '../simulation/random.ts'

const WORKSPACE = 'w_fuzz'
const NAMES = ['call_ringing', 'call_answered', 'call_hungup', 'call_created']
const MONTH_EVENTS = 60
const SIGN_IN = { id: 'k', endsMs: Number.MAX_SAFE_INTEGER, userId: 'key_k', role: 'supervisor', scope: 'events:read' }

export interface Tally {
  received: number
  full: number
  evictions: number
  breaks: number
  kills: number
  behind: number
}

/** The log: entry `n` is public or not; a month has 60 of them. */
class Log {
  readonly entries: (StreamedEvent | null)[] = []
  readonly #places = new Map([['before~0', 0]])

  cursorAt(n: number): string {
    if (n === 0) return 'before~0'
    const month = Math.floor((n - 1) / MONTH_EVENTS) + 1
    return `20${26 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}~${((n - 1) % MONTH_EVENTS) + 1}`
  }

  placeOf(cursor: string): number {
    return this.#places.get(cursor) ?? -1
  }

  add(name: string | null): void {
    const [n, cursor] = [this.entries.length + 1, this.cursorAt(this.entries.length + 1)]
    this.#places.set(cursor, n)
    const event = { id: `e:${n}`, cursor, type: name ?? '', timestamp: '', data: {} }
    this.entries.push(name === null ? null : { event, voipbin: name, callId: null, legacy: null })
  }

  page(cursor: string, limit: number): string | null {
    const from = this.placeOf(cursor)
    if (from < 0) return null
    const to = Math.min(this.entries.length, from + limit)
    const items = this.entries.slice(from, to).filter(one => one !== null)
    return JSON.stringify({ items, next: this.cursorAt(to), more: to < this.entries.length })
  }

  /** The first entry behind `n` that these topics have; null: there is none. */
  next(n: number, topics: readonly string[]): number | null {
    for (let at = n + 1; at <= this.entries.length; at += 1) {
      const type = this.entries[at - 1]?.event.type
      if (type !== undefined && (topics.includes('*') || topics.includes(type))) return at
    }
    return null
  }
}

/** The server's end of a socket; what it sends waits on the wire until the client reads. */
class Line {
  attachment: unknown = null
  readyState = WebSocket.OPEN as number
  readonly wire: string[] = []
  chain: Promise<void> = Promise.resolve()
  /** events that were sent since the last acknowledgement that was taken */
  owed = 0

  serializeAttachment(value: unknown): void {
    this.attachment = JSON.parse(JSON.stringify(value))
    if (JSON.stringify(value).length > 2_048) throw new Error('an attachment has 2 KiB')
  }
  deserializeAttachment(): unknown {
    return JSON.parse(JSON.stringify(this.attachment))
  }
  send(text: string): void {
    if (text.startsWith('{"type":"event"')) this.owed += 1
    if (this.owed > WINDOW_EVENTS + WINDOW_EVENTS / 8) throw new Error(`${this.owed} events are on their way at once`)
    this.wire.push(text)
  }
  close(): void {
    throw new Error('no socket is closed by the server here')
  }
}

class Client {
  readonly topics: string[]
  line: Line | null = null
  /** the last entry that came on this connection; null: nothing is known yet */
  at: number | null = null
  acked: string | null = null
  got: string | null = null
  /** acknowledges after so many events */
  readonly every: number
  unacked = 0

  constructor(random: Random) {
    this.topics = random.chance(0.4) ? ['*'] : NAMES.filter(() => random.chance(0.5))
    if (this.topics.length === 0) this.topics.push('call_hungup')
    this.every = random.pick([1, 1, 7, 40, 80])
  }
}

export class StreamWorld {
  readonly tally: Tally = { received: 0, full: 0, evictions: 0, breaks: 0, kills: 0, behind: 0 }
  readonly #random: Random
  readonly #log = new Log()
  readonly #clients: Client[]
  #lines: Line[] = []
  #topics = new Map<string, string>()
  #fanOut!: FanOut
  #subscriptions!: Subscriptions
  /** answers of the log that are under way */
  #pending: (() => void)[] = []
  #asks = 0
  /** nothing goes wrong any more */
  #calm = false

  constructor(seed: number) {
    this.#random = new Random(seed)
    this.#clients = Array.from({ length: this.#random.between(2, 8) }, () => new Client(this.#random))
    this.#wake()
  }

  async run(steps: number): Promise<Tally> {
    for (let step = 0; step < steps; step += 1) await this.#step()
    await this.#settle()
    return this.tally
  }

  /** A new object on what is kept: attachments and rows. */
  #wake(): void {
    this.#pending = []
    const exec = (text: string, ...values: string[]) => {
      const [socket = '', topics = ''] = values
      if (text.startsWith('INSERT')) this.#topics.set(socket, topics)
      if (text.startsWith('DELETE')) this.#topics.delete(socket)
      return { toArray: () => [...this.#topics].map(([id, list]) => ({ socket: id, topics: list })) }
    }
    const ctx = {
      storage: { sql: { exec } },
      getWebSockets: () => this.#lines.filter(line => line.readyState === WebSocket.OPEN),
      acceptWebSocket: (line: Line) => void this.#lines.push(line),
    }
    this.#subscriptions = new Subscriptions(ctx as unknown as DurableObjectState)
    this.#fanOut = new FanOut({
      workspaceId: WORKSPACE,
      subscriptions: this.#subscriptions,
      read: (cursor, limit) => this.#answer(() => this.#log.page(cursor, this.#random.between(1, limit / 4)), 0.05),
      failed: () => Promise.resolve(),
      waitUntil: work => void work,
    })
  }

  /** What the log says, later; by chance it fails instead. */
  #answer<T>(what: () => T, fails: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const lost = !this.#calm && this.#random.chance(fails)
      this.#pending.push(() => (lost ? reject(new Error('the log does not answer')) : resolve(what())))
    })
  }

  async #step(): Promise<void> {
    const dice = this.#random.next()
    if (dice < 0.3) this.#grow()
    else if (dice < 0.6) await this.#answerOne()
    else if (dice < 0.95) await this.#clientActs(this.#random.pick(this.#clients))
    else if (dice < 0.98) this.#evict()
    else if (dice < 0.985) this.#kill()
    else this.#fanOut.work()
    this.tally.behind = Math.max(this.tally.behind, new Set(this.#subscriptions.ready().map(one => one.at)).size)
    await settled()
  }

  #grow(): void {
    for (let n = this.#random.between(1, 12); n > 0; n -= 1)
      this.#log.add(this.#random.chance(0.2) ? null : this.#random.pick(NAMES))
    // A word may be lost.
    if (this.#random.chance(0.85)) this.#fanOut.work()
  }

  async #answerOne(): Promise<void> {
    const at = this.#random.between(0, Math.max(0, this.#pending.length - 1))
    const [one] = this.#pending.splice(at, 1)
    one?.()
    await settled()
  }

  async #clientActs(client: Client): Promise<void> {
    if (client.line === null) return this.#connect(client)
    if (this.#random.chance(0.04)) return this.#breakOff(client)
    for (let n = this.#random.between(1, 30); n > 0 && client.line !== null; n -= 1) this.#receive(client)
  }

  #connect(client: Client): void {
    const line = new Line()
    client.line = line
    client.unacked = 0
    this.#subscriptions.add(line as unknown as WebSocket, SIGN_IN)
    const cursor = this.#random.chance(0.5) ? client.acked : client.got
    client.at = cursor === null ? null : this.#log.placeOf(unsealed(WORKSPACE, cursor) ?? '')
    this.#say(line, { type: 'subscribe', topics: client.topics, cursor })
  }

  #say(line: Line, message: object): void {
    const one = this.#subscriptions.of(line as unknown as WebSocket)
    const fanOut = this.#fanOut
    if (one === null) throw new Error('an open socket is not known')
    const places: Places = {
      join: () => this.#answer(() => this.#log.cursorAt(this.#log.entries.length), 0),
      has: cursor => this.#answer(() => this.#log.placeOf(cursor) >= 0, 0),
    }
    this.#asks += 1
    line.chain = line.chain.then(async () => {
      if (!one.isReady) this.tally.full += one.window === null ? 0 : 1
      if (await takeRequest(one, JSON.stringify(message), WORKSPACE, places)) fanOut.work()
      this.#asks -= 1
    })
  }

  #receive(client: Client): void {
    const text = client.line?.wire.shift()
    if (text === undefined) return
    const message = JSON.parse(text) as StreamMessage
    if (message.type === 'error') throw new Error(`refused: ${message.code}`)
    if (message.type === 'subscribed') {
      const place = this.#log.placeOf(unsealed(WORKSPACE, message.cursor ?? '') ?? '')
      if (client.at !== null && client.at !== place) throw new Error('another place than was asked for')
      client.at = place
      client.got ??= message.cursor
    }
    if (message.type === 'event') this.#take(client, message.cursor)
  }

  #take(client: Client, cursor: string): void {
    if (client.at === null) throw new Error('an event came before the place was said')
    const expected = this.#log.next(client.at, client.topics)
    const came = this.#log.placeOf(unsealed(WORKSPACE, cursor) ?? '')
    if (came !== expected) throw new Error(`event ${came} came behind ${client.at}, and ${expected} should have`)
    this.tally.received += 1
    client.at = came
    client.got = cursor
    client.unacked += 1
    if (client.unacked >= client.every) this.#acknowledge(client)
  }

  #acknowledge(client: Client): void {
    const { line, got } = client
    if (line === null || got === null) return
    client.acked = got
    // What is still on the wire is owed all the same.
    line.owed = line.wire.filter(text => text.startsWith('{"type":"event"')).length
    client.unacked = 0
    this.#say(line, { type: 'ack', cursor: got })
  }

  #breakOff(client: Client): void {
    const { line } = client
    if (line === null || this.#asks > 0) return
    this.tally.breaks += 1
    client.line = null
    line.readyState = WebSocket.CLOSED
    this.#subscriptions.drop(line as unknown as WebSocket)
  }

  /** An object is not evicted while it has a request to answer. */
  #evict(): void {
    if (this.#asks > 0) return
    this.tally.evictions += 1
    this.#wake()
  }

  #kill(): void {
    this.tally.kills += 1
    for (const client of this.#clients) client.line = null
    this.#lines = []
    this.#asks = 0
    this.#wake()
  }

  /** After one last word of the log, and acknowledgements, everybody must have everything. */
  async #settle(): Promise<void> {
    while (this.#pending.length > 0) await this.#answerOne()
    this.#calm = true
    this.#fanOut.work()
    for (let round = 0; round < 2_000; round += 1) {
      for (const client of this.#clients) {
        if (client.line === null) this.#connect(client)
        while ((client.line?.wire.length ?? 0) > 0) this.#receive(client)
        if (client.unacked > 0) this.#acknowledge(client)
      }
      while (this.#pending.length > 0) await this.#answerOne()
      await settled()
      if (this.#clients.every(one => one.at !== null && this.#log.next(one.at, one.topics) === null)) return
    }
    throw new Error('somebody never got everything')
  }
}

/** All that follows from what was done has happened. */
function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
