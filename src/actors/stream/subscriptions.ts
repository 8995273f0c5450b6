/**
 * The open sockets of a workspace. What an object must know of a socket after an eviction stands in the socket's attachment and in the row of its topics, and is
 * written before anything is sent: a socket that is still open goes on behind what it was sent last.
 */
import type { Vocabulary } from '../../core/events/names.ts'
import { comesBefore } from '../../core/events/stream/cursor.ts'
import { isOpen, type Window, windowAt } from '../../core/events/stream/window.ts'
import { deskName, workspaceOf } from '../../core/ids.ts'
import { type Interest, interestIn, type TopicOwner } from '../../wire/stream-topics.ts'
import { SIGNED_OUT } from '../shell/sockets.ts'
import type { SocketSignIn } from '../sign-in.ts'

/** Messages cost time, as at the desk; so much may be used up in advance. */
const BUDGET_MS = 10_000
/** A socket whose window stays full so long while it says nothing is closed: it is gone, or will never read on. */
export const SILENT_MS = 5 * 60_000

interface Attachment {
  id: string
  signIn: SocketSignIn
  vocabulary: Vocabulary
  /** null: it has subscribed to nothing yet */
  window: Window | null
  /** the newest place when it subscribed; null: it has come there, and was told */
  until: string | null
  /** the moment up to which its messages are used up */
  busyUntilMs: number
  closing: boolean
}

export class Subscription {
  readonly socket: WebSocket
  readonly #sql: SqlStorage
  #attachment: Attachment
  #topics: readonly string[]
  #interest: Interest
  /** asked for each page */
  #isReady: boolean
  /** when it was served last, among those that are behind */
  turn = 0

  constructor(socket: WebSocket, sql: SqlStorage, attachment: Attachment, topics: readonly string[]) {
    this.socket = socket
    this.#sql = sql
    this.#attachment = attachment
    this.#topics = topics
    this.#interest = interestIn(topics, this.#person)
    this.#isReady = isReady(attachment)
  }

  get id(): string {
    return this.#attachment.id
  }
  get signIn(): SocketSignIn {
    return this.#attachment.signIn
  }
  get vocabulary(): Vocabulary {
    return this.#attachment.vocabulary
  }
  get topics(): readonly string[] {
    return this.#topics
  }
  get interest(): Interest {
    return this.#interest
  }
  get window(): Window | null {
    return this.#attachment.window
  }
  /** Its place in the log; empty: it has none yet. */
  get at(): string {
    return this.#attachment.window?.at ?? ''
  }

  get #person(): { agentId: string | null } {
    const { scope, userId } = this.signIn
    return { agentId: scope === undefined ? deskName(userId) : null }
  }

  /** Whoever may read `GET /v1.0/events` may have every topic. */
  owner(workspaceId: string): TopicOwner {
    const { scope, role } = this.signIn
    return { workspaceId: workspaceOf(workspaceId), ...this.#person, mayRead: scope !== undefined || role !== 'agent' }
  }

  /** It stands here, and is told when it has come to `head`. */
  begin(at: string, head: string): void {
    this.#keep({ window: windowAt(at), until: head })
  }
  /** True, once: it has come to where the log was when it subscribed. */
  catchesUp(): boolean {
    const { until } = this.#attachment
    if (until === null || comesBefore(this.at, until)) return false
    this.#keep({ until: null })
    return true
  }

  /** May it be sent another event? */
  get isReady(): boolean {
    return this.#isReady
  }

  /** Has it been full, and silent, for too long? */
  isStuck(now: number): boolean {
    const { window, busyUntilMs } = this.#attachment
    return window !== null && !isOpen(window) && busyUntilMs < now - SILENT_MS
  }

  isOver(now: number): boolean {
    return this.signIn.endsMs <= now
  }

  /** False: it has sent too many messages. It is written down with the next change: an eviction may forgive a little. */
  spend(costMs: number, now: number): boolean {
    const busyUntilMs = Math.max(this.#attachment.busyUntilMs, now) + costMs
    this.#attachment = { ...this.#attachment, busyUntilMs }
    return busyUntilMs - now <= BUDGET_MS
  }

  move(window: Window): void {
    this.#keep({ window })
  }
  speak(vocabulary: Vocabulary): void {
    this.#keep({ vocabulary })
  }
  choose(topics: readonly string[]): void {
    this.#sql.exec('INSERT OR REPLACE INTO topics (socket, topics) VALUES (?, ?)', this.id, JSON.stringify(topics))
    this.#topics = topics
    this.#interest = interestIn(topics, this.#person)
  }

  send(text: string): void {
    if (this.#attachment.closing) return
    try {
      this.socket.send(text)
    } catch {
      // The peer is gone; its close event follows.
    }
  }

  close(code: number, reason: string): void {
    this.#keep({ closing: true })
    try {
      this.socket.close(code, reason)
    } catch {
      // The peer has closed it at the same moment.
    }
  }

  #keep(change: Partial<Attachment>): void {
    this.#attachment = { ...this.#attachment, ...change }
    this.#isReady = isReady(this.#attachment)
    this.socket.serializeAttachment(this.#attachment)
  }
}

function isReady({ window, closing }: Attachment): boolean {
  return window !== null && !closing && isOpen(window)
}

export class Subscriptions {
  readonly #ctx: DurableObjectState
  readonly #open = new Map<WebSocket, Subscription>()

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx
    const { sql } = ctx.storage
    const rows = sql.exec('SELECT socket, topics FROM topics').toArray()
    const topics = new Map(rows.map(row => [String(row.socket), JSON.parse(String(row.topics)) as string[]]))
    for (const socket of ctx.getWebSockets()) {
      const attachment = socket.deserializeAttachment() as Attachment | null
      if (attachment === null || attachment.closing || socket.readyState !== WebSocket.OPEN) continue
      this.#open.set(socket, new Subscription(socket, sql, attachment, topics.get(attachment.id) ?? []))
    }
    // Sockets that a deploy or a crash has ended had no close event.
    const ids = new Set([...this.#open.values()].map(({ id }) => id))
    for (const id of topics.keys()) if (!ids.has(id)) sql.exec('DELETE FROM topics WHERE socket = ?', id)
  }

  get any(): boolean {
    return this.#open.size > 0
  }
  get count(): number {
    return this.#open.size
  }
  countOf(userId: string): number {
    return this.all().filter(({ signIn }) => signIn.userId === userId).length
  }
  all(): Subscription[] {
    return [...this.#open.values()]
  }
  /** Null: it was dropped already. */
  of(socket: WebSocket): Subscription | null {
    return this.#open.get(socket) ?? null
  }
  ready(): Subscription[] {
    return this.all().filter(one => one.isReady)
  }

  add(socket: WebSocket, signIn: SocketSignIn): void {
    const attachment: Attachment = {
      ...{
        id: crypto.randomUUID(),
        signIn,
        vocabulary: 'seed',
        window: null,
        until: null,
        busyUntilMs: 0,
        closing: false,
      },
    }
    this.#ctx.acceptWebSocket(socket)
    socket.serializeAttachment(attachment)
    this.#open.set(socket, new Subscription(socket, this.#ctx.storage.sql, attachment, []))
  }

  /** The socket is closed, or is being closed. */
  drop(socket: WebSocket): void {
    const one = this.#open.get(socket)
    if (one === undefined) return
    this.#open.delete(socket)
    this.#ctx.storage.sql.exec('DELETE FROM topics WHERE socket = ?', one.id)
  }

  end(one: Subscription, code: number, reason: string): void {
    one.close(code, reason)
    this.drop(one.socket)
  }

  signOut(one: Subscription): void {
    this.end(one, SIGNED_OUT, 'the sign-in is over')
  }
}
