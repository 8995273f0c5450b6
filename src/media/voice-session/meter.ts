/** What this line of a conversation has used, and whether that is more than it may cost. */
import { costMicros, NO_USAGE, sumOf, type Usage } from '../../core/agent/cost.ts'

const FRAME_MS = 20

export class Meter {
  readonly #most: number
  #usage: Usage = { ...NO_USAGE }

  constructor(costMicrosMax: number) {
    this.#most = costMicrosMax
  }

  get usage(): Usage {
    return { ...this.#usage }
  }
  get isSpent(): boolean {
    return costMicros(this.#usage) > this.#most
  }

  spend(more: Partial<Usage>): void {
    this.#usage = sumOf(this.#usage, { ...NO_USAGE, ...more })
  }

  /** Fifty times a second. */
  heardFrame(): void {
    this.#usage.heardMs += FRAME_MS
  }
}
