/** A value that React reads by `useSyncExternalStore`: it is replaced and never edited, and whoever has subscribed hears of each change. */
export class Observed<Snapshot extends object> {
  #snapshot: Snapshot
  readonly #listeners = new Set<() => void>()

  constructor(first: Snapshot) {
    this.#snapshot = first
  }

  readonly get = (): Snapshot => this.#snapshot
  /** Returns how to end it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  protected set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change }
    for (const listener of this.#listeners) listener()
  }
}
