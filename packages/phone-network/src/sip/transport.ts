import { createSocket, type Socket as Datagrams } from 'node:dgram'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { PORTS_TRIED_MAX } from '../listening.ts'
import { readMessage, readVia, type SipMessage, valuesOf, writeMessage } from './message.ts'
import { SipStream } from './stream.ts'

/** UDP and TCP on one port of 127.0.0.1. Everything that a SIP side of this network speaks with is on this machine. */

export const HOST = '127.0.0.1'
const CONNECTIONS_MAX = 500
const CONNECT_MS = 3_000

/** The way of a message: where it came from, or where it goes. */
export interface Hop {
  transport: 'UDP' | 'TCP'
  address: string
  port: number
  /** of TCP: the connection on which it came */
  connection: Socket | null
}

export function isLoopback(address: string): boolean {
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address)
}

export interface TransportEvents {
  onMessage(message: SipMessage, hop: Hop): void
  /** a connection has ended: registrations that came on it cannot be reached */
  onGone(connection: Socket): void
}

/** A request whose top Via says where it seems to come from gets where it does come from (RFC 3261, 18.2.1, and RFC 3581). */
function markSource(request: SipMessage, hop: Hop): void {
  const index = request.headers.findIndex(([name]) => name.toLowerCase() === 'via')
  const line = request.headers[index]
  if (line === undefined) return
  const [first = '', ...rest] = valuesOf({ ...request, headers: [line] }, 'Via')
  const marked = `${first.replace(/;rport(?=;|$|\s)/i, `;rport=${hop.port}`)};received=${hop.address}`
  line[1] = [marked, ...rest].join(', ')
}

export class SipTransport {
  readonly port: number
  readonly #datagrams: Datagrams
  readonly #server: Server
  readonly #events: TransportEvents
  readonly #connections = new Set<Socket>()
  /** connections that we have opened, by `address:port` */
  readonly #opened = new Map<string, Socket>()
  #closed = false

  private constructor(port: number, datagrams: Datagrams, server: Server, events: TransportEvents) {
    this.port = port
    this.#datagrams = datagrams
    this.#server = server
    this.#events = events
    datagrams.on('error', () => undefined)
    datagrams.on('message', (bytes, from) => {
      this.#take(bytes, { transport: 'UDP', address: from.address, port: from.port, connection: null })
    })
    server.on('connection', socket => this.#listen(socket))
  }

  /** A busy port gives the next free one; 0 is any. */
  static async open(wanted: number, events: TransportEvents): Promise<SipTransport> {
    for (let tried = 0; ; tried += 1) {
      const server = createServer()
      const datagrams = createSocket('udp4')
      try {
        await bound(server, done => server.listen(wanted === 0 ? 0 : wanted + tried, HOST, done))
        const address = server.address()
        const port = typeof address === 'object' && address !== null ? address.port : wanted
        await bound(datagrams, done => datagrams.bind(port, HOST, done))
        return new SipTransport(port, datagrams, server, events)
      } catch (error) {
        server.close()
        datagrams.close()
        const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
        if (!busy || tried >= PORTS_TRIED_MAX) throw error
      }
    }
  }

  /** Sends on the connection of the hop, or to its address. `failed` when nobody is there. */
  send(message: SipMessage, hop: Hop, failed: () => void = () => undefined): void {
    if (this.#closed) return
    const bytes = writeMessage(message)
    if (hop.transport === 'UDP') {
      this.#datagrams.send(bytes, hop.port, hop.address, error => error && failed())
      return
    }
    const connection = hop.connection !== null && !hop.connection.destroyed ? hop.connection : this.#reach(hop, failed)
    connection.write(bytes, error => error && failed())
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#datagrams.close()
    this.#server.close()
    for (const connection of this.#connections) connection.destroy()
  }

  #reach({ address, port }: Hop, failed: () => void): Socket {
    const name = `${address}:${port}`
    const known = this.#opened.get(name)
    if (known !== undefined && !known.destroyed) return known
    const socket = connect({ host: address, port, timeout: CONNECT_MS })
    this.#opened.set(name, socket)
    socket.once('connect', () => socket.setTimeout(0))
    socket.once('timeout', () => socket.destroy())
    socket.once('error', failed)
    socket.once('close', () => {
      if (this.#opened.get(name) === socket) this.#opened.delete(name)
    })
    this.#listen(socket)
    return socket
  }

  #listen(socket: Socket): void {
    if (this.#connections.size >= CONNECTIONS_MAX) {
      socket.destroy()
      return
    }
    this.#connections.add(socket)
    socket.setNoDelay(true)
    const stream = new SipStream()
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#connections.delete(socket)
      this.#events.onGone(socket)
    })
    socket.on('data', bytes => {
      for (const cut of stream.push(bytes)) {
        if (cut.kind === 'broken') socket.destroy()
        else if (cut.kind === 'ping') socket.write('\r\n')
        else {
          const { remoteAddress = HOST, remotePort = 0 } = socket
          this.#take(cut.bytes, { transport: 'TCP', address: remoteAddress, port: remotePort, connection: socket })
        }
      }
    })
  }

  #take(bytes: Buffer, hop: Hop): void {
    if (this.#closed || !isLoopback(hop.address)) return
    const message = readMessage(bytes)
    if (message === null) return
    if (message.status === 0) markSource(message, hop)
    this.#events.onMessage(message, hop)
  }
}

/** Where the response to a request goes (RFC 3261, 18.2.2). */
export function wayBack(request: SipMessage, hop: Hop): Hop {
  const via = readVia(valuesOf(request, 'Via')[0] ?? '')
  if (hop.transport === 'TCP' || via === null || 'rport' in via.parameters) return hop
  return { ...hop, port: via.port ?? 5_060 }
}

async function bound(
  socket: {
    once(event: 'error', run: (error: Error) => void): unknown
    off(event: 'error', run: (error: Error) => void): unknown
  },
  bind: (done: () => void) => void,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    bind(() => {
      socket.off('error', reject)
      resolve()
    })
  })
}
