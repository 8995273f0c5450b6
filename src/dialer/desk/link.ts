/**
 * The page's end of the desk socket (`GET /api/desk`, contract in `src/wire/desk.ts`): one WebSocket at a time, commands
 * with ids and promises, acknowledgements, reconnect with resume. It uses no React and no globals, only `LinkParts`.
 */
import type { DeskAction, DeskMessage, DeskRefusal } from '../../wire/desk.ts'
import {
  ACK_AFTER_MS,
  ACK_EVERY_BYTES,
  ACK_EVERY_MESSAGES,
  ANSWER_TIMEOUT_MS,
  COMMAND_BYTES_MAX,
  DESK_PROTOCOL,
  PENDING_COMMANDS_MAX,
  RECONNECT_MAX_MS,
  RECONNECT_MIN_MS,
} from './limits.ts'

/** The reasons for a refusal: those of the desk, and three of the link itself. */
export type Refusal = DeskRefusal | 'link-down' | 'no-answer' | 'too-many'
export type Answer = { ok: true } | { ok: false; reason: Refusal; message: string }

export type LinkState =
  | { name: 'off' }
  | { name: 'connecting' }
  | { name: 'open' }
  /** the socket is lost; the next try is at `retryAtMs` (page clock) */
  | { name: 'waiting'; retryAtMs: number; tries: number }

export interface SocketLike {
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number; reason: string }) => void) | null
  send(text: string): void
  close(code?: number): void
}

export interface LinkParts {
  tabId: string
  openSocket(): SocketLike
  nowMs(): number
  /** 0 to 1, for the jitter */
  random(): number
  newId(): string
  setTimer(run: () => void, ms: number): number
  clearTimer(timer: number): void
  onView(message: Extract<DeskMessage, { type: 'view' }>): void
  /** something has changed in the agent's inbox */
  onInbox?(): void
  /** a desk, room, queue or log that the page has read has changed */
  onLive?(of: string): void
  onState(state: LinkState): void
  /** the socket failed before it opened, perhaps because the person is signed out */
  onNeverOpened(): void
}

interface Waiting {
  text: string
  timer: number
  settle(answer: Answer): void
}

export class DeskLink {
  readonly #parts: LinkParts
  readonly #waiting = new Map<string, Waiting>()
  #socket: SocketLike | null = null
  #state: LinkState = { name: 'off' }
  #seq = 0
  #tries = 0
  #retryTimer: number | null = null
  #ackTimer: number | null = null
  #unackedMessages = 0
  #unackedBytes = 0

  constructor(parts: LinkParts) {
    this.#parts = parts
  }

  get state(): LinkState {
    return this.#state
  }

  start(): void {
    if (this.#state.name === 'off') this.#connect()
  }

  /** Closes the link at sign-out. Every waiting command is answered `link-down`. */
  stop(): void {
    this.#clearTimers()
    this.#drop()
    for (const id of [...this.#waiting.keys()]) this.#settle(id, linkDown())
    this.#seq = 0
    this.#tries = 0
    this.#setState({ name: 'off' })
  }

  /** Tries at once instead of waiting for the timer: the network came back, or the person pressed "Try now". */
  retryNow(): void {
    if (this.#state.name !== 'waiting') return
    this.#clearTimers()
    this.#connect()
  }

  /**
   * Sends one command. Resolves with the desk's answer and never rejects. While the link is down the answer is
   * `link-down` at once (nothing is promised that may happen much later); a command already sent when the socket breaks
   * is sent again under the same id, which the desk recognises.
   */
  send(action: DeskAction): Promise<Answer> {
    if (this.#state.name !== 'open') return Promise.resolve(linkDown())
    if (this.#waiting.size >= PENDING_COMMANDS_MAX) {
      return Promise.resolve(refused('too-many', 'Too many actions are waiting for the server.'))
    }
    const id = this.#parts.newId()
    const text = JSON.stringify({ id, ...action })
    if (new TextEncoder().encode(text).length > COMMAND_BYTES_MAX) {
      return Promise.resolve(refused('malformed', 'That is too long to send.'))
    }
    return new Promise(resolve => {
      const timer = this.#parts.setTimer(() => this.#timedOut(id), ANSWER_TIMEOUT_MS)
      this.#waiting.set(id, { text, timer, settle: resolve })
      this.#socket?.send(text)
    })
  }

  #connect(): void {
    this.#setState({ name: 'connecting' })
    const socket = this.#parts.openSocket()
    this.#socket = socket
    let opened = false
    socket.onopen = () => {
      opened = true
      this.#sendPlain({ type: 'hello', protocol: DESK_PROTOCOL, tabId: this.#parts.tabId, since: this.#seq })
    }
    socket.onmessage = event => {
      if (socket === this.#socket && typeof event.data === 'string') this.#receive(event.data)
    }
    socket.onclose = () => {
      if (socket !== this.#socket) return
      if (!opened) this.#parts.onNeverOpened()
      this.#lost()
    }
  }

  #receive(text: string): void {
    const message = parseMessage(text)
    if (message === null) return
    if (message.type === 'view') {
      this.#seq = message.seq
      this.#owe(text.length)
      this.#opened()
      this.#parts.onView(message)
      return
    }
    this.#opened()
    if (message.type === 'inbox') {
      this.#owe(text.length)
      return this.#parts.onInbox?.()
    }
    if (message.type === 'live') {
      this.#owe(text.length)
      return this.#parts.onLive?.(message.of)
    }
    this.#settle(message.id, message.type === 'accepted' ? { ok: true } : refused(message.reason, message.message))
  }

  /** The first message of a socket answers `hello`. Commands without an answer are sent again. */
  #opened(): void {
    if (this.#state.name === 'open') return
    this.#tries = 0
    this.#setState({ name: 'open' })
    for (const { text } of this.#waiting.values()) this.#socket?.send(text)
  }

  #lost(): void {
    this.#drop()
    this.#clearTimers()
    const base = Math.min(RECONNECT_MAX_MS, RECONNECT_MIN_MS * 2 ** this.#tries)
    // full jitter above the minimum, so that a restarted server is not met by all pages at once
    const delayMs = RECONNECT_MIN_MS + this.#parts.random() * (base - RECONNECT_MIN_MS)
    this.#tries += 1
    this.#setState({ name: 'waiting', retryAtMs: this.#parts.nowMs() + delayMs, tries: this.#tries })
    this.#retryTimer = this.#parts.setTimer(() => this.#connect(), delayMs)
  }

  #timedOut(id: string): void {
    this.#settle(id, refused('no-answer', 'The server did not answer.'))
    if (this.#state.name !== 'open') return
    // A socket on which a command has no answer is dead, even if the browser has not noticed.
    this.#lost()
  }

  #owe(bytes: number): void {
    this.#unackedMessages += 1
    this.#unackedBytes += bytes
    if (this.#unackedMessages >= ACK_EVERY_MESSAGES || this.#unackedBytes >= ACK_EVERY_BYTES) this.#ack()
    else this.#ackTimer ??= this.#parts.setTimer(() => this.#ack(), ACK_AFTER_MS)
  }

  #ack(): void {
    if (this.#ackTimer !== null) this.#parts.clearTimer(this.#ackTimer)
    this.#ackTimer = null
    this.#unackedMessages = 0
    this.#unackedBytes = 0
    this.#sendPlain({ type: 'ack', seq: this.#seq })
  }

  #sendPlain(action: DeskAction): void {
    this.#socket?.send(JSON.stringify({ id: this.#parts.newId(), ...action }))
  }

  #settle(id: string, answer: Answer): void {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    this.#waiting.delete(id)
    this.#parts.clearTimer(waiting.timer)
    waiting.settle(answer)
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = null
    if (socket === null) return
    socket.onopen = null
    socket.onmessage = null
    socket.onclose = null
    socket.close(1000)
  }

  #clearTimers(): void {
    for (const timer of [this.#retryTimer, this.#ackTimer]) if (timer !== null) this.#parts.clearTimer(timer)
    this.#retryTimer = null
    this.#ackTimer = null
    this.#unackedMessages = 0
    this.#unackedBytes = 0
  }

  #setState(state: LinkState): void {
    this.#state = state
    this.#parts.onState(state)
  }
}

function linkDown(): Answer {
  return refused('link-down', 'No connection to the server. Trying again by itself.')
}

function refused(reason: Refusal, message: string): Answer {
  return { ok: false, reason, message }
}

const KINDS: readonly string[] = ['view', 'inbox', 'live', 'accepted', 'refused'] satisfies DeskMessage['type'][]

/** A message of an unknown kind (a newer server) is dropped, not thrown: the view that follows is whole anyway. */
function parseMessage(text: string): DeskMessage | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('type' in value)) return null
    return KINDS.includes(String(value.type)) ? (value as DeskMessage) : null
  } catch {
    return null
  }
}
