/** What this line of a conversation has used, and whether that is more than it may cost. */
import { costMicros, NO_USAGE, sumOf, type Usage } from '../../core/agent/cost.ts'

const FRAME_MS = 20

export class Meter {
  readonly #most: number
  readonly #spent: () => void
  #told = false
  #usage: Usage = { ...NO_USAGE }

  /** `spent`: it has cost too much now; told once. */
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

  /** Fifty times a second. */
  heardFrame(): void {
    this.#usage.heardMs += FRAME_MS
  }
}
