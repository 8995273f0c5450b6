/** The ringing tone that the caller hears while a person is being called: silence would sound like a broken connection. */
import { ringTone } from '../../sound/tones.ts'

const RING_MS = 1_000
const EVERY_MS = 3_500
/** The first ring leaves a gap after the last words. */
const FIRST_AFTER_MS = 1_000

export class Ringback {
  #nextMs: number | null = null

  on(nowMs: number): void {
    this.#nextMs ??= nowMs + FIRST_AFTER_MS
  }
  off(): void {
    this.#nextMs = null
  }
  nextMs(): number | null {
    return this.#nextMs
  }

  /** The tone if it is due, else null. `quiet`: nobody speaks right now; otherwise the tone waits. */
  due(nowMs: number, quiet: boolean): Uint8Array | null {
    if (this.#nextMs === null || nowMs < this.#nextMs) return null
    this.#nextMs = nowMs + (quiet ? EVERY_MS : FIRST_AFTER_MS)
    return quiet ? ringTone(RING_MS) : null
  }
}
