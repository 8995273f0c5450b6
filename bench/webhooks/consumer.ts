/** A customer's servers: one process, one address for each endpoint. It notes every request, and answers 204 at once unless told otherwise. */
import { createServer, type Server } from 'node:http'
import { freePort } from '../../scripts/local/ports.ts'

export interface Got {
  /** ms since the epoch, when the whole request was there */
  at: number
  messageId: string
  body: string
  /** those that receivers verify with */
  headers: Record<string, string>
}

export class Consumer {
  /** by endpoint, in the order of arrival */
  readonly got = new Map<string, Got[]>()
  /** endpoints that answer this much later, ms */
  readonly slow = new Map<string, number>()
  /** endpoints whose connections are cut before anything is read */
  readonly dead = new Set<string>()
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async listen(): Promise<{ consumer: Consumer; url: string }> {
    const server = createServer()
    const consumer = new Consumer(server)
    server.on('request', (request, response) => {
      const endpoint = request.url?.slice(1) ?? ''
      if (consumer.dead.has(endpoint)) return void request.socket.destroy()
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        consumer.#note(endpoint, request.headers as Record<string, string>, Buffer.concat(parts).toString())
        const answer = () => response.writeHead(204).end()
        const pauseMs = consumer.slow.get(endpoint)
        if (pauseMs === undefined) answer()
        else setTimeout(answer, pauseMs)
      })
    })
    const port = await freePort(5700)
    await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
    return { consumer, url: `http://127.0.0.1:${port}` }
  }

  of(endpoint: string): readonly Got[] {
    return this.got.get(endpoint) ?? []
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  #note(endpoint: string, headers: Record<string, string>, body: string): void {
    const one = { at: Date.now(), messageId: headers['webhook-id'] ?? '', body, headers }
    const known = this.got.get(endpoint)
    if (known) known.push(one)
    else this.got.set(endpoint, [one])
  }
}
