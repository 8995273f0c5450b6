/** One timer for a conversation. It is set fifty times a second, so a timer that would ring too early is left to ring. */

export class Waker {
  readonly #wake: () => void
  #timer: ReturnType<typeof setTimeout> | null = null
  #limit: ReturnType<typeof setTimeout> | null = null
  #setForMs = Number.POSITIVE_INFINITY
  #stopped = false

  constructor(wake: () => void) {
    this.#wake = wake
  }

  at(atMs: number | null): void {
    if (this.#stopped || atMs === null || atMs >= this.#setForMs) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#setForMs = atMs
    this.#timer = setTimeout(() => this.#ring(), Math.max(0, atMs - Date.now()))
  }

  #ring(): void {
    this.#timer = null
    this.#setForMs = Number.POSITIVE_INFINITY
    // The conversation asks for its next time when it is woken.
    this.#wake()
  }

  limit(afterMs: number, then: () => void): void {
    this.#limit = setTimeout(then, Math.max(0, afterMs))
  }

  stop(): void {
    this.#stopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#limit !== null) clearTimeout(this.#limit)
  }
}
