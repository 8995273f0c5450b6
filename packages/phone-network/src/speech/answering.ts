import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Reading bodies, sending answers, and errors as the two vendors send them. */

/** A request that is refused; `body` is the vendor's JSON. */
export class Refusal extends Error {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly headers: Record<string, string>
  constructor(status: number, body: Record<string, unknown>, headers: Record<string, string> = {}) {
    super(JSON.stringify(body))
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** Deepgram: https://developers.deepgram.com/docs/errors */
export function deepgramRefusal(status: number, code: string, message: string): Refusal {
  const requestId = crypto.randomUUID()
  return new Refusal(
    status,
    { err_code: code, err_msg: message, request_id: requestId },
    { 'dg-error': message.replace(/[^\x20-\x7e]/g, '?').slice(0, 500), 'dg-request-id': requestId },
  )
}

/** OpenAI: https://platform.openai.com/docs/guides/error-codes */
export function openAiRefusal(
  status: number,
  message: string,
  param: string | null = null,
  code: string | null = null,
): Refusal {
  const type = status >= 500 ? 'server_error' : status === 429 ? 'rate_limit_exceeded' : 'invalid_request_error'
  return new Refusal(status, { error: { message, type, param, code } }, status === 429 ? { 'retry-after': '1' } : {})
}

/** Throws `tooLong()` when it has more than `bytesMax`. */
export async function bytesOf(request: IncomingMessage, bytesMax: number, tooLong: () => Refusal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length
    if (bytes > bytesMax) throw tooLong()
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

/** The key of `Authorization: Token KEY` or `Bearer KEY`; '' when there is none. */
export function keyOf(request: IncomingMessage): string {
  return /^(?:token|bearer)\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

/** Refuses a WebSocket upgrade with an HTTP answer. */
export function refuseUpgrade(socket: Duplex, { status, body, headers }: Refusal): void {
  const text = JSON.stringify(body)
  const lines = Object.entries({ ...headers, 'Content-Type': 'application/json', Connection: 'close' })
  socket.end(
    `HTTP/1.1 ${status} Refused\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  )
}

/** Pages on this machine may speak with the services; pages of other sites may not. */
export function originAllowed(origin: string | undefined): boolean {
  return origin === undefined || /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin)
}

/** Resolves after `ms`, at once when `signal` aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
