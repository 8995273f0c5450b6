/**
 * One phone per browser: the Web Lock `trunkline-phone`. Two tabs with one identity would both ring, and closing one of
 * them rejects the call that rings in both (voice-sdk issue 299).
 */
const LOCK_NAME = 'trunkline-phone'
const LET_GO_MS = 500

export class PhoneLock {
  #release: (() => void) | null = null
  readonly #onStolen: () => void

  /** `onStolen`: another tab has taken the lock by `steal`. */
  constructor(onStolen: () => void) {
    this.#onStolen = onStolen
  }

  get held(): boolean {
    return this.#release !== null
  }

  /** True when this tab now holds the lock; false when another tab has it. */
  acquire(): Promise<boolean> {
    // a reloaded page may have to wait until its former self has let go
    return this.#request({ signal: AbortSignal.timeout(LET_GO_MS) })
  }

  /** Takes the lock from whoever has it. */
  steal(): Promise<boolean> {
    return this.#request({ steal: true })
  }

  release(): void {
    this.#release?.()
    this.#release = null
  }

  #request(options: LockOptions): Promise<boolean> {
    if (this.held) return Promise.resolve(true)
    // a browser without Web Locks: the desk's own ownership (phone.claim) still holds
    if (!('locks' in navigator)) return Promise.resolve(true)
    return new Promise(resolve => {
      const request = navigator.locks.request(LOCK_NAME, options, () => {
        resolve(true)
        return new Promise<void>(release => {
          this.#release = release
        })
      })
      // rejects when the wait is over (TimeoutError) and when the lock is stolen (AbortError)
      request.catch(() => {
        const was = this.held
        this.#release = null
        resolve(false)
        if (was) this.#onStolen()
      })
    })
  }
}
