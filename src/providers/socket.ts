/**
 * A WebSocket to a provider. Workers dial out by `fetch` with an Upgrade header, which (unlike `new WebSocket`) can carry
 * an Authorization header; Node's fetch cannot, so programs that run there give an own `Connect`.
 * Source: Cloudflare, Workers runtime APIs, "WebSockets", section on writing a client.
 */
import { failureOfStatus, ProviderFailure } from './failure.ts'

/** What comes in. Nothing comes after `closed`, and nothing at all after our own `close()`. */
export interface SocketEars {
  text(text: string): void
  bytes(bytes: Uint8Array): void
  /** The other side ended it, or the network did (1006). */
  closed(code: number, reason: string): void
}

export interface ProviderSocket {
  /** Never throws; what is sent after the end is dropped. The bytes are the caller's again at once. */
  send(data: string | Uint8Array): void
  close(): void
}

/** Throws `HandshakeRefused` for an answer that is not 101, and anything at all for no answer. */
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

/** Longer than a far handshake with TLS takes, shorter than a caller's patience. */
export const CONNECT_LIMIT_MS = 4_000

/** Connects, with every failure in our words. The signal ends the attempt only: an open socket is closed by `close()`. */
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
        // Too late for anybody: nobody else would close it.
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

/** Workers' own way. `fetch` wants http(s) in place of ws(s). */
export const connectByFetch: Connect = async (url, headers, ears, signal) => {
  const response = await fetch(url.replace(/^ws/, 'http'), { headers: { ...headers, Upgrade: 'websocket' }, signal })
  if (!response.webSocket) throw new HandshakeRefused(response.status, response.headers.get('Retry-After'))
  return overWebSocket(response.webSocket, ears)
}

/** A WebSocket of the platform (also what the AI binding gives) that nobody has accepted yet. */
export function overWebSocket(socket: WebSocket, ears: SocketEars): ProviderSocket {
  let over = false
  const end = (code: number, reason: string) => {
    if (over) return
    over = true
    ears.closed(code, reason)
  }
  // Blobs are the default of newer compatibility dates, and a Blob's bytes can only be had later.
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
        // Already closing: all that was wanted.
      }
    },
  }
}

/** A message in JSON as an object; null for anything else. Vendors add messages, so the strange is ignored, not an error. */
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
