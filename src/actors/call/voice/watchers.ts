/** The screens that follow a conversation live: they get its entries, and the words of unfinished turns. */
import type { LiveWords } from '../../../wire/conversation.ts'

export const WATCHERS_MAX = 20
/** A screen that falls further behind is closed, because sockets here have no backpressure. */
const BEHIND_MAX = 200

interface Watcher {
  socket: WebSocket
  /** messages since the screen last confirmed that it reads */
  unread: number
}

export class Watchers {
  readonly #watchers = new Set<Watcher>()
  /** the last report of the cost, for screens that join later */
  #usage: LiveWords | null = null

  /** Null: there are too many. */
  accept(first: LiveWords): Response | null {
    if (this.#watchers.size >= WATCHERS_MAX) return null
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket]
    server.accept()
    const watcher = { socket: server, unread: 0 }
    this.#watchers.add(watcher)
    const gone = () => this.#watchers.delete(watcher)
    server.addEventListener('message', () => {
      watcher.unread = 0
    })
    server.addEventListener('close', gone)
    server.addEventListener('error', gone)
    server.send(JSON.stringify(first))
    if (this.#usage !== null) server.send(JSON.stringify(this.#usage))
    return new Response(null, { status: 101, webSocket: client })
  }

  tell(words: LiveWords): void {
    if (words.type === 'usage') this.#usage = words
    if (this.#watchers.size === 0) return
    const text = JSON.stringify(words)
    for (const watcher of this.#watchers) {
      watcher.unread += 1
      if (watcher.unread > BEHIND_MAX) this.#close(watcher, 1013, 'too slow')
      else this.#send(watcher, text)
    }
  }

  end(): void {
    this.tell({ type: 'ended' })
    for (const watcher of this.#watchers) this.#close(watcher, 1000, 'the call is over')
  }

  #send(watcher: Watcher, text: string): void {
    try {
      watcher.socket.send(text)
    } catch {
      this.#watchers.delete(watcher)
    }
  }

  #close(watcher: Watcher, code: number, why: string): void {
    this.#watchers.delete(watcher)
    try {
      watcher.socket.close(code, why)
    } catch {
      // The screen closed it already.
    }
  }
}
