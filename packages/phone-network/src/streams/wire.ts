import type { RawData } from 'ws'
import { WebSocket } from 'ws'
import type { Time, Timer } from '../time.ts'
import { signWebhook } from '../webhooks/signature.ts'
import { type Tunnels, throughTunnel } from '../webhooks/tunnels.ts'

/** A WebSocket to a program: through tunnels, signed as Twilio signs, with Twilio's codes for its failures. */

export const HANDSHAKE_MS = 10_000
/** One message of the program: a minute of sound in base64 and more. */
export const MESSAGE_BYTES_MAX = 1024 * 1024
/** A program that reads slower than this much misses sound. */
export const UNSENT_BYTES_MAX = 128 * 1024
/** Time that a program has to answer the closing frame. */
const CLOSE_MS = 2_000

export interface WireOptions {
  authToken: string
  tunnels: Tunnels
  time: Time
}

export interface WireEvents {
  open(): void
  /** null: it was binary */
  message(text: string | null): void
  /** called once, when it could not be opened or is closed */
  lost(code: number, message: string): void
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** A tunnel is given for an https origin and applies to `wss:` as well. */
function lookup(tunnels: Tunnels, url: string): { url: string; headers: Record<string, string> } {
  const { url: target, headers } = throughTunnel(tunnels, url.replace(/^wss:/, 'https:'))
  return { url: target.href.replace(/^http/, 'ws'), headers }
}

function codeOf(error: NodeJS.ErrnoException): number {
  const word = `${error.code ?? ''} ${error.message}`
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH/.test(word)) return 31902
  if (/ETIMEDOUT/.test(word)) return 31901
  if (/CERT|SSL|TLS|EPROTO|SELF_SIGNED|UNABLE_TO_VERIFY/i.test(word)) return 31910
  return 31920
}

export class Wire {
  readonly #options: WireOptions
  readonly #events: WireEvents
  readonly #url: string
  #socket: WebSocket | null = null
  #timer: Timer | null = null
  #state: 'opening' | 'open' | 'over' = 'opening'

  constructor(url: string, options: WireOptions, events: WireEvents) {
    this.#url = url
    this.#options = options
    this.#events = events
    const { url: target, headers } = lookup(options.tunnels, url)
    this.#timer = options.time.after(HANDSHAKE_MS, () => this.#lose(31901, `no connection in ${HANDSHAKE_MS} ms`))
    this.#open(target, headers)
  }

  get opening(): boolean {
    return this.#state === 'opening'
  }

  get unsentBytes(): number {
    return this.#socket?.bufferedAmount ?? 0
  }

  send(message: unknown): void {
    if (this.#state === 'open') this.#socket?.send(JSON.stringify(message))
  }

  /** Closes the socket without reporting that. */
  close(): void {
    if (this.#state === 'over') return
    const wasOpen = this.#state === 'open'
    this.#finish()
    if (!wasOpen) return this.#socket?.terminate()
    this.#socket?.close(1000)
    this.#timer = this.#options.time.after(CLOSE_MS, () => this.#socket?.terminate())
    this.#socket?.once('close', () => this.#timer?.cancel())
  }

  /** Cuts the socket at once. */
  cut(): void {
    this.#finish()
    this.#socket?.terminate()
  }

  #open(target: string, headers: Record<string, string>): void {
    const { hostname, protocol } = new URL(target)
    const here = LOOPBACK.test(hostname)
    const socket = new WebSocket(target, {
      headers: {
        ...headers,
        'user-agent': 'Twilio.TmeWs/1.0',
        'x-twilio-signature': signWebhook(this.#options.authToken, this.#url, {}),
      },
      perMessageDeflate: false,
      maxPayload: MESSAGE_BYTES_MAX,
      // No certificate authority issues a certificate for a loopback address.
      rejectUnauthorized: !here,
    })
    this.#socket = socket
    socket.on('open', () => {
      if (this.#state !== 'opening' || socket !== this.#socket) return
      this.#timer?.cancel()
      this.#state = 'open'
      this.#events.open()
    })
    socket.on('message', (data: RawData, binary: boolean) => {
      if (this.#state === 'open') this.#events.message(binary ? null : String(data))
    })
    socket.on('unexpected-response', (_request, response) => {
      response.resume()
      this.#lose(31920, `the server answered ${response.statusCode} instead of 101`)
      socket.terminate()
    })
    socket.on('error', error => {
      if (socket !== this.#socket || this.#state !== 'opening') return
      // A program on this machine without TLS is reached without TLS, as its webhooks are.
      if (
        here &&
        protocol === 'wss:' &&
        /EPROTO|WRONG_VERSION|SSL|packet length|hang up|ECONNRESET/i.test(String(error))
      ) {
        return this.#open(target.replace(/^wss:/, 'ws:'), headers)
      }
      this.#lose(codeOf(error), error.message)
    })
    socket.on('close', code => {
      if (socket === this.#socket && this.#state === 'open')
        this.#lose(31921, `the server closed the connection (${code})`)
    })
  }

  #lose(code: number, why: string): void {
    if (this.#state === 'over') return
    this.#finish()
    this.#socket?.terminate()
    this.#events.lost(code, `Stream - WebSocket: ${why}: ${this.#url}`)
  }

  #finish(): void {
    this.#state = 'over'
    this.#timer?.cancel()
  }
}
