import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import { Waiters } from './waiters.ts'

/** A small program of the kind that Twilio calls: it records requests and answers from a table. */

export interface Heard {
  path: string
  method: string
  headers: IncomingHttpHeaders
  fields: Record<string, string>
  at: number
}

export type Page = string | ((heard: Heard, response: ServerResponse) => void)

export class SmallApp {
  readonly heard: Heard[] = []
  /** path without query → TwiML, or a function that answers */
  readonly pages = new Map<string, Page>()
  readonly #server: Server
  readonly #waiters = new Waiters()
  port = 0

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const url = new URL(request.url ?? '/', 'http://app')
        const text = request.method === 'GET' ? url.search.slice(1) : Buffer.concat(chunks).toString('utf8')
        this.#hear(
          {
            path: request.url ?? '/',
            method: request.method ?? 'GET',
            headers: request.headers,
            fields: Object.fromEntries(new URLSearchParams(text)),
            at: performance.now(),
          },
          response,
          url.pathname,
        )
      })
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    this.port = typeof address === 'object' && address !== null ? address.port : 0
    return this
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  at(path: string): Heard[] {
    return this.heard.filter(heard => heard.path.split('?')[0] === path)
  }

  /** Resolves when `test` is true; it is asked after each request. */
  until(test: () => boolean, limitMs = 10_000): Promise<void> {
    return this.#waiters.until(test, limitMs, () => `heard: ${this.heard.map(heard => heard.path).join(' ')}`)
  }

  #hear(heard: Heard, response: ServerResponse, path: string): void {
    this.heard.push(heard)
    const page = this.pages.get(path)
    if (typeof page === 'function') page(heard, response)
    else if (page === undefined) response.writeHead(204).end()
    else response.writeHead(200, { 'content-type': 'text/xml' }).end(page)
    this.#waiters.look()
  }
}
