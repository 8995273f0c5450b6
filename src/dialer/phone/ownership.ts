/**
 * The Web Lock `trunkline-phone` allows one phone per browser. Two tabs with one identity would both ring, and closing one of
 * them would reject the call in both (voice-sdk issue 299).
 */
const LOCK_NAME = 'trunkline-phone'
const LET_GO_MS = 500

export class PhoneLock {
  #release: (() => void) | null = null
  readonly #onStolen: () => void

  /** `onStolen` is called when another tab has taken the lock by `steal`. */
  constructor(onStolen: () => void) {
    this.#onStolen = onStolen
  }

  get held(): boolean {
    return this.#release !== null
  }

  /** True when this tab now holds the lock; false when another tab has it. */
  acquire(): Promise<boolean> {
    // After a reload the old page may still hold the lock for a moment.
    return this.#request({ signal: AbortSignal.timeout(LET_GO_MS) })
  }

  /** Takes the lock, also from another tab. */
  steal(): Promise<boolean> {
    return this.#request({ steal: true })
  }

  release(): void {
    this.#release?.()
    this.#release = null
  }

  #request(options: LockOptions): Promise<boolean> {
    if (this.held) return Promise.resolve(true)
    // Without Web Locks the desk still allows one owner only (`phone.claim`).
    if (!('locks' in navigator)) return Promise.resolve(true)
    return new Promise(resolve => {
      const request = navigator.locks.request(LOCK_NAME, options, () => {
        resolve(true)
        return new Promise<void>(release => {
          this.#release = release
        })
      })
      // It rejects if the wait is over (TimeoutError) and if the lock is stolen (AbortError).
      request.catch(() => {
        const was = this.held
        this.#release = null
        resolve(false)
        if (was) this.#onStolen()
      })
    })
  }
}
