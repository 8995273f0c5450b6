/**
 * Supervisors and programs that listen to a call: they get the sound of both sides as it passes. A socket here has no backpressure, so
 * whoever does not confirm misses sound, and is closed when that goes on. Nothing waits for a listener.
 */
import type { CallSound } from '../../../wire/conversation.ts'
import type { SocketSignIn } from '../../sign-in.ts'
import type { MediaForm } from './media-form.ts'
import { LOOK_MS, type Standing } from './watchers.ts'

export const LISTENERS_MAX = 5
/** Messages that may be unconfirmed, about four seconds; further ones are dropped. */
export const BEHIND_MAX = 250

/** Somebody has begun to listen, or no longer does. */
type Told = (by: string, listens: boolean, program: boolean) => void

interface Listener {
  socket: WebSocket
  signIn: SocketSignIn
  by: string
  /** of a program; null: a page */
  form: MediaForm | null
  unread: number
  /** was behind at the last look already */
  late: boolean
}

export class Listeners {
  readonly #listeners = new Set<Listener>()
  readonly #standing: Standing
  readonly #told: Told
  #timer: ReturnType<typeof setInterval> | null = null

  constructor(standing: Standing, told: Told) {
    this.#standing = standing
    this.#told = told
  }

  get any(): boolean {
    return this.#listeners.size > 0
  }

  /** Null: there are too many. A second page of one person takes the place of the first. */
  accept(signIn: SocketSignIn, by: string, form: MediaForm | null): Response | null {
    for (const one of this.#listeners)
      if (one.signIn.userId === signIn.userId) this.#close(one, 1008, 'opened elsewhere')
    if (this.#listeners.size >= LISTENERS_MAX) return null
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket]
    server.accept()
    const listener: Listener = { socket: server, signIn, by, form, unread: 0, late: false }
    this.#listeners.add(listener)
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS)
    server.addEventListener('message', () => {
      listener.unread = 0
      listener.late = false
    })
    server.addEventListener('close', () => this.#drop(listener))
    server.addEventListener('error', () => this.#drop(listener))
    if (form !== null) server.send(form.start())
    this.#told(by, true, form !== null)
    return new Response(null, { status: 101, webSocket: client })
  }

  tell(sound: CallSound): void {
    if (this.#listeners.size === 0) return
    const page = JSON.stringify(sound)
    const now = Date.now()
    for (const listener of this.#listeners) {
      const text = listener.form?.of(sound, now) ?? page
      if (listener.unread >= BEHIND_MAX) continue
      listener.unread += 1
      try {
        listener.socket.send(text)
      } catch {
        this.#drop(listener)
      }
    }
  }

  end(): void {
    this.tell({ type: 'ended' })
    for (const listener of this.#listeners) this.#close(listener, 1000, 'the sound is over')
  }

  /** There is no sound for them. */
  fail(code: number, why: string): void {
    for (const listener of this.#listeners) this.#close(listener, code, why)
  }

  /** Sign-ins that are over, and whoever stays behind, lose their place. A failed look changes nothing; the next one is soon. */
  async #look(): Promise<void> {
    const all = [...this.#listeners]
    for (const one of all) {
      if (one.unread >= BEHIND_MAX && one.late) this.#close(one, 1013, 'too slow')
      one.late = one.unread >= BEHIND_MAX
    }
    const signIns = all.map(one => one.signIn)
    const standing = new Set((await this.#standing(signIns).catch(() => signIns)).map(one => one.id))
    for (const one of all) if (!standing.has(one.signIn.id)) this.#close(one, 4401, 'the sign-in is over')
  }

  #close(listener: Listener, code: number, why: string): void {
    this.#drop(listener)
    try {
      listener.socket.close(code, why)
    } catch {
      // The page closed it already.
    }
  }

  #drop(listener: Listener): void {
    if (!this.#listeners.delete(listener)) return
    this.#told(listener.by, false, listener.form !== null)
    if (this.#listeners.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }
}
