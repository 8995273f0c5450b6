import { once } from 'node:events'
import { WebSocket } from 'ws'
import { silence } from '../../media/mulaw.ts'
import { Waiters } from '../../testing/waiters.ts'

/** A client of the speech services as programs write them: the plain `ws` package. For tests. */

// biome-ignore lint/suspicious/noExplicitAny: whatever the services send is looked at by the test
export type Message = any

export const KEY = 'key-of-a-test'

export interface ClientOptions {
  key?: string
  protocols?: string[]
  headers?: Record<string, string>
}

export class SpeechClient {
  readonly messages: Message[] = []
  readonly sounds: Buffer[] = []
  closedWith: { code: number; why: string } | null = null
  readonly socket: WebSocket
  readonly #waiters = new Waiters()

  constructor(url: string, path: string, options: ClientOptions = {}) {
    const { key = KEY, protocols = [], headers: more = {} } = options
    const headers = { ...(key === '' ? {} : { authorization: `Token ${key}` }), ...more }
    this.socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, protocols, { headers })
    this.socket.on('message', (data, binary) => {
      if (binary) this.sounds.push(data as Buffer)
      else this.messages.push(JSON.parse(String(data)))
      this.#waiters.look()
    })
    this.socket.on('close', (code, why) => {
      this.closedWith = { code, why: String(why) }
      this.#waiters.look()
    })
    this.socket.on('error', () => undefined)
  }

  async open(): Promise<this> {
    await once(this.socket, 'open')
    return this
  }

  /** The answer of a server that refused to open the WebSocket. */
  async refused(): Promise<{ status: number; body: Message; headers: Record<string, unknown> }> {
    const [, response] = await once(this.socket, 'unexpected-response')
    let text = ''
    for await (const chunk of response) text += chunk
    return { status: response.statusCode, body: JSON.parse(text), headers: response.headers }
  }

  of(type: string): Message[] {
    return this.messages.filter(message => message.type === type)
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** µ-law in 20 ms frames, with the pauses that people make around what they say. */
  hear(clip: Uint8Array, pauseMs = 600): void {
    const all = Buffer.concat([silence(300), clip, silence(pauseMs)])
    for (let at = 0; at < all.length; at += 160) this.socket.send(all.subarray(at, at + 160))
  }

  until(test: () => boolean, limitMs = 30_000): Promise<void> {
    return this.#waiters.until(test, limitMs, () => JSON.stringify(this.messages).slice(0, 500))
  }

  async closed(): Promise<{ code: number; why: string }> {
    await this.until(() => this.closedWith !== null)
    return this.closedWith ?? { code: 0, why: '' }
  }
}
