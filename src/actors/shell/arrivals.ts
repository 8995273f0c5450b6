/** Lets requests wait until something is true of an actor's state. */

export class Arrivals {
  readonly #waiting = new Set<{ isThere: () => boolean; arrive: () => void }>()

  /** Resolves when `isThere` is true, or after `withinMs`. */
  until(isThere: () => boolean, withinMs: number): Promise<void> {
    if (isThere()) return Promise.resolve()
    return new Promise(resolve => {
      const waiter = { isThere, arrive }
      const timer = setTimeout(arrive, withinMs)
      const waiting = this.#waiting
      function arrive(): void {
        clearTimeout(timer)
        waiting.delete(waiter)
        resolve()
      }
      waiting.add(waiter)
    })
  }

  /** Called after each commit. */
  look(): void {
    for (const waiter of this.#waiting) if (waiter.isThere()) waiter.arrive()
  }
}
