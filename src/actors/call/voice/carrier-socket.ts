/**
 * A plain WebSocket to the carrier for one conversation. It accepts text messages of a bounded size, expects its first message
 * within 5 s, tolerates a bounded number of malformed messages, and reports its end once, with the reason.
 */
import { MESSAGE_CHARS_MAX } from '../../../providers/telephony/media-port.ts'

/** A stream that does not begin within this time is closed. */
export const START_WITHIN_MS = 5_000
/** Malformed messages that are tolerated: one must not cost the conversation. */
export const ODD_MAX = 50

export interface CarrierSocketEvents {
  text(text: string): void
  /** Called once; `why` is for the timeline. */
  closed(why: string): void
}

export class CarrierSocket {
  readonly #socket: WebSocket
  readonly #events: CarrierSocketEvents
  readonly #startTimer: ReturnType<typeof setTimeout>
  #over = false
  #odd = 0

  /** `beginning`: the name of the message that is expected first. */
  constructor(socket: WebSocket, beginning: string, events: CarrierSocketEvents) {
    this.#socket = socket
    this.#events = events
    this.#startTimer = setTimeout(() => this.close(1008, `no ${beginning} within 5 s`), START_WITHIN_MS)
    socket.addEventListener('message', ({ data }) => this.#receive(data))
    socket.addEventListener('close', ({ code }) => this.#end(`closed with ${code}`))
    socket.addEventListener('error', () => this.#end('the connection broke'))
  }

  get over(): boolean {
    return this.#over
  }

  begun(): void {
    clearTimeout(this.#startTimer)
  }

  send(text: string): void {
    if (this.#over) return
    try {
      this.#socket.send(text)
    } catch {
      this.#end('the connection broke')
    }
  }

  close(code: number, why: string): void {
    if (this.#over) return
    this.#end(why)
    try {
      this.#socket.close(code, why)
    } catch {
      // The other side closed it at the same moment.
    }
  }

  /** A malformed message: the socket is closed when there are too many. */
  odd(why: string): void {
    this.#odd += 1
    if (this.#odd > ODD_MAX) this.close(1007, why)
  }

  #end(why: string): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#startTimer)
    this.#events.closed(why)
  }

  #receive(data: unknown): void {
    if (this.#over) return
    if (typeof data !== 'string') return this.close(1003, 'text only')
    if (data.length > MESSAGE_CHARS_MAX) return this.close(1009, 'a message is too large')
    this.#events.text(data)
  }
}
