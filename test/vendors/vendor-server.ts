/**
 * The part that all look-alikes of speech and language vendors share: a server on 127.0.0.1 that records each request,
 * says in words what was wrong with it, and fails on demand.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'

export interface Seen {
  method: string
  path: string
  query: URLSearchParams
  headers: Record<string, string>
  body: Buffer
}

/** A fault of the next request only. `mute` never answers; `cut` breaks the connection in mid-answer. */
export type Fault =
  | { kind: 'status'; status: number; headers?: Record<string, string> }
  | { kind: 'mute' }
  | { kind: 'cut' }

/** The answer to a request that the vendor would refuse: status and body in the vendor's shape. */
export class Refused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface Vendor {
  name: string
  /** Answers, or throws `Refused`. `cut` is true when this answer shall break off in its middle. */
  answer(seen: Seen, response: ServerResponse, cut: boolean): Promise<void> | void
  /** The body of an error, as this vendor writes it. */
  error(status: number, message: string): unknown
  /** Checks a handshake (throws `Refused`), and gives what to do with the socket. */
  upgrade?(seen: Seen): (socket: WebSocket, cut: boolean) => void
}

export interface VendorServer {
  /** `http://127.0.0.1:port` */
  url: string
  seen: Seen[]
  /** Everything that a client did wrong, in words; a contract suite wants it empty. */
  complaints: string[]
  /** Faults of the next requests, in order. */
  faults: Fault[]
  /** WebSockets that are open at this moment */
  readonly open: number
  /** Ends every open connection without a word. */
  cutAll(): void
  stop(): Promise<void>
}

export async function startVendor(vendor: Vendor): Promise<VendorServer> {
  const [seen, complaints, faults]: [Seen[], string[], Fault[]] = [[], [], []]
  const sockets = new WebSocketServer({ noServer: true })
  const refuse = (error: unknown): Refused => {
    const refused = error instanceof Refused ? error : new Refused(500, String(error))
    complaints.push(`${vendor.name}: ${refused.message}`)
    return refused
  }
  const server = createServer(async (request, response) => {
    const fault = faults.shift()
    const one = await seenOf(request)
    seen.push(one)
    if (fault?.kind === 'mute') return
    if (fault?.kind === 'status')
      return sendJson(response, fault.status, vendor.error(fault.status, 'fault'), fault.headers)
    try {
      await vendor.answer(one, response, fault?.kind === 'cut')
    } catch (error) {
      const { status, message } = refuse(error)
      sendJson(response, status, vendor.error(status, message))
    }
  })
  server.on('upgrade', async (request, socket, head) => {
    const fault = faults.shift()
    const one = await seenOf(request)
    seen.push(one)
    if (fault?.kind === 'mute') return
    if (fault?.kind === 'status') return refuseUpgrade(socket, fault.status, fault.headers)
    try {
      const begin = vendor.upgrade?.(one)
      if (!begin) throw new Refused(404, `no socket at ${one.path}`)
      sockets.handleUpgrade(request, socket, head, open => begin(open, fault?.kind === 'cut'))
    } catch (error) {
      refuseUpgrade(socket, refuse(error).status)
    }
  })
  const cutAll = () => {
    server.closeAllConnections()
    for (const open of sockets.clients) open.terminate()
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    complaints,
    faults,
    get open() {
      return sockets.clients.size
    },
    cutAll,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        cutAll()
      }),
  }
}

async function seenOf(request: IncomingMessage): Promise<Seen> {
  const url = new URL(request.url ?? '/', 'http://vendor')
  const chunks: Buffer[] = []
  if (request.headers.upgrade === undefined) for await (const chunk of request) chunks.push(chunk as Buffer)
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers as Record<string, string>,
    body: Buffer.concat(chunks),
  }
}

function refuseUpgrade(socket: Duplex, status: number, headers: Record<string, string> = {}): void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('')}Connection: close\r\nContent-Length: 0\r\n\r\n`)
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** Sends pieces with a turn of the event loop between them, as a network does; breaks off after the first if asked. */
export async function sendPieces(
  response: ServerResponse,
  pieces: Iterable<string | Uint8Array>,
  cut: boolean,
): Promise<void> {
  for (const piece of pieces) {
    if (response.destroyed) return
    await new Promise(resolve => response.write(piece, resolve))
    if (cut) return void response.destroy()
    await new Promise(resolve => setImmediate(resolve))
  }
  response.end()
}

/** The query holds exactly these; `wanted` values that are null may be anything. */
export function wantQuery(seen: Seen, wanted: Record<string, string | null>, repeated: string[] = []): void {
  for (const [name, value] of Object.entries(wanted)) {
    const given = seen.query.getAll(name)
    if (given.length !== 1) throw new Refused(400, `${name} is given ${given.length} times`)
    if (value !== null && given[0] !== value) throw new Refused(400, `${name} is ${given[0]}, not ${value}`)
  }
  for (const name of seen.query.keys())
    if (!(name in wanted) && !repeated.includes(name)) throw new Refused(400, `unknown parameter ${name}`)
}

export function wantHeader(seen: Seen, name: string, value: string, status = 400): void {
  if (seen.headers[name] !== value) throw new Refused(status, `${name} is not as it must be`)
}

/** The body as JSON with exactly these members. */
export function wantJson(seen: Seen, required: string[], optional: string[] = []): Record<string, unknown> {
  if (!(seen.headers['content-type'] ?? '').startsWith('application/json'))
    throw new Refused(415, 'the body is not said to be JSON')
  let body: Record<string, unknown>
  try {
    body = JSON.parse(seen.body.toString('utf8')) as Record<string, unknown>
  } catch {
    throw new Refused(400, 'the body is not JSON')
  }
  for (const name of required) if (!(name in body)) throw new Refused(400, `${name} is missing`)
  for (const name of Object.keys(body))
    if (!required.includes(name) && !optional.includes(name)) throw new Refused(400, `unknown member ${name}`)
  return body
}
