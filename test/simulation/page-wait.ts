/** How a double waits for a page of the log: in memory, with the alarm as the guard. The contract is that of `src/actors/shell/outbox.ts`. */
import { PAGE_GUARD_MS, WAIT_MS_MAX } from '../../src/actors/shell/outbox.ts'
import type { World } from './world.ts'

interface Fresh {
  attempts: number
  delayMs: number
}

/** No failure has put its page off. */
export function isFresh({ attempts, delayMs }: Fresh): boolean {
  return attempts === 0 && delayMs > 0
}

export class PageWait {
  readonly #world: World
  readonly #drain: () => void
  #life = 0
  #waiting = false

  constructor(world: World, drain: () => void) {
    this.#world = world
    this.#drain = drain
  }

  get isWaiting(): boolean {
    return this.#waiting
  }

  /** How long after its page the alarm of a feed comes. */
  guardMs(feed: Fresh): number {
    return this.#waiting && isFresh(feed) ? PAGE_GUARD_MS : 0
  }

  /** `due`: of the first page; null: there is none */
  wait(due: number | null): void {
    const waitMs = due === null ? 0 : due - this.#world.now
    if (this.#waiting || waitMs <= 0 || waitMs > WAIT_MS_MAX) return
    this.#waiting = true
    const life = this.#life
    this.#world.later(waitMs, () => {
      if (life !== this.#life) return
      this.#waiting = false
      this.#drain()
    })
  }

  crash(): void {
    this.#life += 1
    this.#waiting = false
  }
}
