/**
 * A WebSocket to a provider. Workers dial out by `fetch` with an Upgrade header, which (unlike `new WebSocket`) can carry
 * an Authorization header; Node's fetch cannot, so programs that run in Node pass their own `Connect`.
 * Source: Cloudflare, Workers runtime APIs, "WebSockets", section on writing a client.
 */
import { failureOfStatus, ProviderFailure } from './failure.ts'

/** Receives the events of a socket. `closed` is the last one; after our own `close()` there is no event at all. */
export interface SocketEars {
  text(text: string): void
  bytes(bytes: Uint8Array): void
  /** The other side closed the socket, or the connection broke (1006). */
  closed(code: number, reason: string): void
}

export interface ProviderSocket {
  /** Never throws; data sent after the end is dropped. The caller may reuse the bytes at once. */
  send(data: string | Uint8Array): void
  close(): void
}

/** Throws `HandshakeRefused` for an answer other than 101, and any error if no answer comes. */
export type Connect = (
  url: string,
  headers: Record<string, string>,
  ears: SocketEars,
  signal: AbortSignal,
) => Promise<ProviderSocket>

export class HandshakeRefused extends Error {
  override name = 'HandshakeRefused'
  readonly status: number
  readonly retryAfter: string | null

  constructor(status: number, retryAfter: string | null) {
    super(`status ${status}`)
    this.status = status
    this.retryAfter = retryAfter
  }
}

/** Longer than a handshake with TLS over a long distance takes, and shorter than a caller waits. */
export const CONNECT_LIMIT_MS = 4_000

/** Connects; throws only `ProviderFailure`. The signal ends the attempt only: an open socket is closed by `close()`. */
export async function dial(
  provider: string,
  connect: Connect,
  target: { url: string; headers: Record<string, string> },
  ears: SocketEars,
  signal: AbortSignal,
): Promise<ProviderSocket> {
  const attempt = new AbortController()
  let late = false
  const giveUp = () => attempt.abort()
  const timer = setTimeout(() => {
    late = true
    attempt.abort()
  }, CONNECT_LIMIT_MS)
  signal.addEventListener('abort', giveUp)
  if (signal.aborted) attempt.abort()
  try {
    const socket = await Promise.race([
      connect(target.url, target.headers, ears, attempt.signal).then(found => {
        // The attempt is over, so nobody else would close this socket.
        if (attempt.signal.aborted) found.close()
        return found
      }),
      aborted(attempt.signal),
    ])
    return socket
  } catch (error) {
    if (late) throw new ProviderFailure(provider, 'late', 'no connection in time')
    if (signal.aborted) throw new ProviderFailure(provider, 'unavailable', 'given up')
    if (error instanceof HandshakeRefused) throw failureOfStatus(provider, error.status, error.retryAfter)
    throw new ProviderFailure(provider, 'unavailable', 'no connection')
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', giveUp)
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(new Error('aborted'))
    signal.addEventListener('abort', () => reject(new Error('aborted')))
  })
}

/** Connects as Workers do, by `fetch`, which needs http(s) in place of ws(s). */
export const connectByFetch: Connect = async (url, headers, ears, signal) => {
  const response = await fetch(url.replace(/^ws/, 'http'), { headers: { ...headers, Upgrade: 'websocket' }, signal })
  if (!response.webSocket) throw new HandshakeRefused(response.status, response.headers.get('Retry-After'))
  return overWebSocket(response.webSocket, ears)
}

/** Takes a WebSocket of the platform or of the AI binding that has not been accepted yet. */
export function overWebSocket(socket: WebSocket, ears: SocketEars): ProviderSocket {
  let over = false
  const end = (code: number, reason: string) => {
    if (over) return
    over = true
    ears.closed(code, reason)
  }
  // Newer compatibility dates deliver Blobs by default, and a Blob's bytes can only be read asynchronously.
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', ({ data }) => {
    if (over) return
    if (typeof data === 'string') ears.text(data)
    else if (data instanceof ArrayBuffer) ears.bytes(new Uint8Array(data))
  })
  socket.addEventListener('close', event => end(event.code, event.reason))
  socket.addEventListener('error', () => end(1006, 'error'))
  socket.accept()
  return {
    send(data) {
      if (over) return
      try {
        // The runtime may read the bytes after this call; the caller's buffer may be a kernel's memory.
        socket.send(typeof data === 'string' ? data : data.slice())
      } catch {
        end(1006, 'not open')
      }
    },
    close() {
      if (over) return
      over = true
      try {
        socket.close(1000)
      } catch {
        // The socket is closing already.
      }
    },
  }
}

/** Parses a JSON object; null for anything else. Vendors add new messages, so an unknown one is ignored and is no error. */
export function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
