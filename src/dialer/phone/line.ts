/**
 * The open line: one call into the agent's room for the whole session. If it drops and is still wanted, it is made again.
 * Winners join the room, so the agent does not answer a call.
 */
import type { LinePhase } from './port.ts'

/** The part of the SDK's `Call` that the line uses. */
export interface LineCall {
  on(event: string, listener: (...args: unknown[]) => void): unknown
  disconnect(): void
}

export interface LineParts<C extends LineCall> {
  connect(): Promise<C>
  /** true: sound plays; false: the browser needs a click first */
  audible(): Promise<boolean>
  onPhase(phase: LinePhase): void
  /** the present call; null: there is none */
  onCall(call: C | null): void
  onError(error: unknown): void
  setTimer(run: () => void, ms: number): number
  clearTimer(timer: number): void
}

/** The first retry is immediate, because a reload must be back within 3 s; later ones are slower. */
const RETRY_MS = [0, 300, 700, 1500, 3000, 5000]
/** A call that the room has not answered after this time is given up and made again. */
const OPEN_TIMEOUT_MS = 10_000

export class LineKeeper<C extends LineCall> {
  readonly #parts: LineParts<C>
  #wanted = false
  #call: C | null = null
  #opening = false
  #tries = 0
  #timer: number | null = null

  constructor(parts: LineParts<C>) {
    this.#parts = parts
  }

  get call(): C | null {
    return this.#call
  }

  /** Opens the line and keeps it open. */
  want(): void {
    this.#wanted = true
    if (this.#call === null && !this.#opening && this.#timer === null) void this.#open()
  }

  stop(): void {
    this.#wanted = false
    this.#clearTimer()
    const call = this.#call
    this.#call = null
    this.#opening = false
    call?.disconnect()
    this.#parts.onCall(null)
    this.#parts.onPhase('closed')
  }

  /** Sound plays again after a click. */
  gestureGiven(): void {
    if (this.#call !== null && !this.#opening) this.#parts.onPhase('open')
  }

  async #open(): Promise<void> {
    this.#opening = true
    this.#parts.onPhase('opening')
    try {
      const call = await this.#parts.connect()
      if (!this.#wanted) {
        call.disconnect()
        return
      }
      this.#call = call
      this.#parts.onCall(call)
      this.#watch(call)
      this.#timer = this.#parts.setTimer(() => this.#gone(call), OPEN_TIMEOUT_MS)
    } catch (error) {
      this.#opening = false
      this.#parts.onError(error)
      this.#retry()
    }
  }

  #watch(call: C): void {
    call.on('accept', () => {
      if (call !== this.#call) return
      this.#opening = false
      this.#tries = 0
      this.#clearTimer()
      this.#parts.onPhase('open')
      void this.#parts.audible().then(audible => {
        if (!audible && call === this.#call) this.#parts.onPhase('needs-gesture')
      })
    })
    for (const event of ['disconnect', 'cancel', 'reject']) call.on(event, () => this.#gone(call))
    call.on('error', error => {
      this.#parts.onError(error)
      // If an error ends an open call, `disconnect` follows, so only the opening is handled here.
      if (this.#opening) this.#gone(call)
    })
    call.on('reconnecting', () => {
      if (call === this.#call) this.#parts.onPhase('reconnecting')
    })
    call.on('reconnected', () => {
      if (call === this.#call) this.#parts.onPhase('open')
    })
  }

  #gone(call: C): void {
    if (call !== this.#call) return
    this.#clearTimer()
    this.#call = null
    this.#opening = false
    this.#parts.onCall(null)
    call.disconnect()
    this.#retry()
  }

  #retry(): void {
    if (!this.#wanted) return
    const delayMs = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)] ?? 0
    this.#tries += 1
    this.#parts.onPhase('opening')
    this.#timer = this.#parts.setTimer(() => {
      this.#timer = null
      if (this.#wanted && this.#call === null) void this.#open()
    }, delayMs)
  }

  #clearTimer(): void {
    if (this.#timer !== null) this.#parts.clearTimer(this.#timer)
    this.#timer = null
  }
}
