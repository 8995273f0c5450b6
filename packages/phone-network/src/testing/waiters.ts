/** Waiting for a condition in tests. The condition is checked whenever something has happened, never by the clock. */
export class Waiters {
  readonly #looks = new Set<() => void>()

  /** Something has happened. */
  look(): void {
    for (const look of [...this.#looks]) look()
  }

  /** Resolves when `test` is true. Rejects after `limitMs`, with what there was. */
  async until(test: () => boolean, limitMs: number, what: () => string): Promise<void> {
    if (test()) return
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#looks.delete(look)
        reject(new Error(`not in ${limitMs} ms; ${what()}`))
      }, limitMs)
      const look = (): void => {
        if (!test()) return
        clearTimeout(timer)
        this.#looks.delete(look)
        resolve()
      }
      this.#looks.add(look)
    })
  }
}
