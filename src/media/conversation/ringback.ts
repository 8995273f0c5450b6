/** While somebody is being fetched, the caller hears it ring: silence would mean that the line is dead. */
import { ringTone } from '../../sound/tones.ts'

const RING_MS = 1_000
const EVERY_MS = 3_500
/** The first ring waits for what was just said to fade. */
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

  /** Sound that is due; `quiet`: nobody speaks right now. */
  due(nowMs: number, quiet: boolean): Uint8Array | null {
    if (this.#nextMs === null || nowMs < this.#nextMs) return null
    this.#nextMs = nowMs + (quiet ? EVERY_MS : FIRST_AFTER_MS)
    return quiet ? ringTone(RING_MS) : null
  }
}
