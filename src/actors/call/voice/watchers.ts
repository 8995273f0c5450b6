/** The screens that follow a conversation live: they get its entries, and the words of unfinished turns. */
import type { LiveWords } from '../../../wire/conversation.ts'
import type { SocketSignIn } from '../../sign-in.ts'

export const WATCHERS_MAX = 20
/** Most screens of one person; a further one takes the place of their oldest. */
export const WATCHERS_OF_ONE_MAX = 3
/** A screen that falls further behind is closed, because sockets here have no backpressure. */
const BEHIND_MAX = 200
/** This often the sign-ins of the screens are looked at: one that is over ends its screens within 5 s. */
export const LOOK_MS = 2_000

interface Watcher {
  socket: WebSocket
  signIn: SocketSignIn | null
  /** messages since the screen last confirmed that it reads */
  unread: number
}
/** Which of these sign-ins still stand, with the role that they had? */
export type Standing = (signIns: SocketSignIn[]) => Promise<SocketSignIn[]>

export class Watchers {
  readonly #watchers = new Set<Watcher>()
  readonly #standing: Standing
  /** the last report of the cost, for screens that join later */
  #usage: LiveWords | null = null
  #timer: ReturnType<typeof setInterval> | null = null

  constructor(standing: Standing) {
    this.#standing = standing
  }

  /** Null: there are too many. A supervisor always finds a place: an agent's screen makes room. */
  accept(first: LiveWords, signIn: SocketSignIn | null): Response | null {
    if (!this.#makeRoom(signIn)) return null
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket]
    server.accept()
    const watcher = { socket: server, signIn, unread: 0 }
    this.#watchers.add(watcher)
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS)
    const gone = () => this.#drop(watcher)
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

  #makeRoom(signIn: SocketSignIn | null): boolean {
    const own = [...this.#watchers].filter(one => signIn !== null && one.signIn?.userId === signIn.userId)
    const [oldest] = own
    if (oldest && own.length >= WATCHERS_OF_ONE_MAX) this.#close(oldest, 1008, 'opened elsewhere')
    if (this.#watchers.size < WATCHERS_MAX) return true
    const agents = [...this.#watchers].find(one => one.signIn?.role === 'agent')
    if (signIn === null || signIn.role === 'agent' || agents === undefined) return false
    this.#close(agents, 1013, 'too many are watching')
    return true
  }

  /** A failed look changes nothing; the next one is soon. */
  async #look(): Promise<void> {
    const signIns = [...this.#watchers].flatMap(one => one.signIn ?? [])
    const standing = await this.#standing(signIns).catch(() => signIns)
    const ids = new Set(standing.map(one => one.id))
    for (const watcher of this.#watchers)
      if (watcher.signIn !== null && signIns.includes(watcher.signIn) && !ids.has(watcher.signIn.id))
        this.#close(watcher, 4401, 'the sign-in is over')
  }

  #send(watcher: Watcher, text: string): void {
    try {
      watcher.socket.send(text)
    } catch {
      this.#drop(watcher)
    }
  }

  #close(watcher: Watcher, code: number, why: string): void {
    this.#drop(watcher)
    try {
      watcher.socket.close(code, why)
    } catch {
      // The screen closed it already.
    }
  }

  #drop(watcher: Watcher): void {
    this.#watchers.delete(watcher)
    if (this.#watchers.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }
}
