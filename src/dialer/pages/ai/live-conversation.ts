/**
 * Follows a conversation while it is held. The socket's first message has the entries so far; new entries and words follow.
 * A socket that breaks is opened again, and an entry that comes twice is shown once.
 */
import type { Conversation, ConversationEntry, LiveWords, RunningUsage } from '../../../wire/conversation.ts'

/** The part of a `WebSocket` that is used. */
export interface LiveSocket {
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number }) => void) | null
  send(text: string): void
  close(): void
}

export interface LiveParts {
  open(): LiveSocket
  setTimer(run: () => void, ms: number): number
  clearTimer(timer: number): void
}

export interface LiveSnapshot {
  link: 'connecting' | 'open' | 'lost' | 'ended'
  conversation: Conversation | null
  /** the caller's present words, not final yet */
  interim: string
  /** usage and cost so far; null: not known yet */
  usage: RunningUsage | null
}

const RETRY_MS = [300, 1_000, 3_000, 5_000]
/** Closed on purpose, by us or because the call is over. */
const NORMAL = 1000

export class LiveConversation {
  #snapshot: LiveSnapshot = { link: 'connecting', conversation: null, interim: '', usage: null }
  readonly #parts: LiveParts
  readonly #listeners = new Set<() => void>()
  #socket: LiveSocket | null = null
  #timer: number | null = null
  #tries = 0

  constructor(parts: LiveParts) {
    this.#parts = parts
  }

  readonly get = (): LiveSnapshot => this.#snapshot
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  start(): void {
    if (this.#socket !== null) return
    const socket = this.#parts.open()
    this.#socket = socket
    socket.onmessage = ({ data }) => {
      if (this.#socket !== socket) return
      const words = readWords(data)
      if (words !== null) this.#heard(words)
      // The server closes a socket that does not confirm its messages (`watchers.ts`).
      socket.send('ok')
    }
    socket.onclose = ({ code }) => {
      if (this.#socket === socket) this.#closed(code)
    }
  }

  stop(): void {
    if (this.#timer !== null) this.#parts.clearTimer(this.#timer)
    this.#timer = null
    const socket = this.#socket
    this.#socket = null
    socket?.close()
  }

  #closed(code: number): void {
    this.#socket = null
    if (this.#snapshot.link === 'ended' || code === NORMAL) return
    this.#set({ link: 'lost', interim: '' })
    const ms = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)] ?? 0
    this.#tries += 1
    this.#timer = this.#parts.setTimer(() => this.start(), ms)
  }

  #heard(words: LiveWords): void {
    switch (words.type) {
      case 'conversation':
        this.#tries = 0
        return this.#set({ link: 'open', conversation: words.conversation })
      case 'entry':
        return this.#entry(words.entry)
      case 'interim':
        return this.#set({ interim: words.text })
      case 'usage':
        return this.#set({ usage: words.usage })
      case 'ended':
        return this.#set({ link: 'ended', interim: '' })
      default:
    }
  }

  #entry(entry: ConversationEntry): void {
    const { conversation, interim } = this.#snapshot
    if (conversation === null) return
    const entries = withEntry(conversation.entries, entry)
    this.#set({ conversation: { ...conversation, entries }, interim: entry.who === 'caller' ? '' : interim })
  }

  #set(change: Partial<LiveSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change }
    for (const listener of this.#listeners) listener()
  }
}

/** Adds an entry in the order of seq, unless it is there already. */
export function withEntry(entries: ConversationEntry[], entry: ConversationEntry): ConversationEntry[] {
  const last = entries.at(-1)
  if (last === undefined || last.seq < entry.seq) return [...entries, entry]
  return entries.some(one => one.seq === entry.seq) ? entries : [...entries, entry].sort((a, b) => a.seq - b.seq)
}

/** Parses a message; null: it is not JSON. */
function readWords(data: unknown): LiveWords | null {
  try {
    return JSON.parse(String(data)) as LiveWords
  } catch {
    return null
  }
}

/** Opens a socket that reports a conversation, such as `GET /api/calls/{callId}/live`. */
export function liveSocket(path: string): LiveSocket {
  const address = new URL(path, window.location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(address)
  const live: LiveSocket = {
    onmessage: null,
    onclose: null,
    send: text => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
    },
    close: () => socket.close(NORMAL),
  }
  socket.onmessage = event => live.onmessage?.(event)
  socket.onclose = event => live.onclose?.(event)
  return live
}
