import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { Waiters } from './waiters.ts'

/** A program's WebSocket server: it records messages with their time, and sends what a test wants. */

export interface Told {
  event: string
  at: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the network sends is looked at by the test
  [key: string]: any
}

export class StreamServer {
  readonly told: Told[] = []
  readonly upgrades: { url: string; headers: IncomingHttpHeaders }[] = []
  readonly sockets: WebSocket[] = []
  /** instead of 101 */
  refuseWith: number | null = null
  /** called for each message */
  answer: (told: Told, say: (message: unknown) => void) => void = () => undefined
  port = 0
  closedWith: number | null = null
  readonly #server = createServer()
  readonly #ws = new WebSocketServer({ noServer: true })
  readonly #open = new Set<Socket>()
  readonly #waiters = new Waiters()

  constructor() {
    this.#server.on('connection', socket => {
      this.#open.add(socket)
      socket.on('close', () => this.#open.delete(socket))
    })
    this.#server.on('upgrade', (request, socket, head) => {
      this.upgrades.push({ url: request.url ?? '', headers: request.headers })
      if (this.refuseWith !== null) {
        socket.end(`HTTP/1.1 ${this.refuseWith} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
        return
      }
      this.#ws.handleUpgrade(request, socket, head, ws => this.#greet(ws))
    })
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as AddressInfo).port
    return this
  }

  async stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  of(event: string): Told[] {
    return this.told.filter(told => (told.event ?? told.type) === event)
  }

  forget(): void {
    this.told.length = 0
    this.upgrades.length = 0
    this.closedWith = null
  }

  say(message: unknown): void {
    this.sockets.at(-1)?.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  close(): void {
    this.sockets.at(-1)?.close(1000)
  }

  until(test: () => boolean, limitMs = 15_000): Promise<void> {
    return this.#waiters.until(
      test,
      limitMs,
      () =>
        `told: ${this.told
          .map(told => told.event ?? told.type)
          .join(' ')
          .slice(0, 500)}`,
    )
  }

  #greet(ws: WebSocket): void {
    this.sockets.push(ws)
    ws.on('message', data => {
      const told = { ...(JSON.parse(String(data)) as Told), at: performance.now() }
      this.told.push(told)
      this.answer(told, message => {
        if (ws.readyState === WebSocket.OPEN) ws.send(JSON.stringify(message))
      })
      this.#waiters.look()
    })
    ws.on('close', code => {
      this.closedWith = code
      this.#waiters.look()
    })
  }
}
