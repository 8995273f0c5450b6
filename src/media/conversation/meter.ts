/** Counts the usage of the conversation on one stream, and reports when it costs more than allowed. */
import { costMicros, NO_USAGE, sumOf, type Usage } from '../../core/agent/cost.ts'

const FRAME_MS = 20

export class Meter {
  readonly #most: number
  readonly #spent: () => void
  #told = false
  #usage: Usage = { ...NO_USAGE }

  /** `spent` is called once, when the cost exceeds the limit. */
  constructor(costMicrosMax: number, spent: () => void) {
    this.#most = costMicrosMax
    this.#spent = spent
  }

  get usage(): Usage {
    return { ...this.#usage }
  }

  spend(more: Partial<Usage>): void {
    this.#usage = sumOf(this.#usage, { ...NO_USAGE, ...more })
    if (this.#told || costMicros(this.#usage) <= this.#most) return
    this.#told = true
    this.#spent()
  }

  /** Called fifty times a second, so it makes no new object. */
  receivedFrame(): void {
    this.#usage.heardMs += FRAME_MS
  }
}
