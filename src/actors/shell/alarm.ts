/**
 * The one alarm of an object. `setAlarm` overwrites, so it is only ever moved earlier. Every change is a write of its
 * own in the platform's scheduler, so there are as few as the guarantee allows.
 *
 * While the handler runs, the alarm that rang is the guarantee: the platform deletes it only when the handler has
 * ended well (measured: killed with -9 in the handler, workerd calls it again as soon as it is back, without being asked
 * for the object; thrown, 2 s later). So nothing is armed until the handler's last line, which sets the true next
 * time. The handler catches everything, because an alarm that throws seven times is gone for good.
 */
import type { Platform } from './platform.ts'

/** After a handler that failed, the object wakes again this much later, and so not in a tight loop. */
export const DEAD_MAN_MS = 30_000

/** An alarm that comes so soon is not moved: the platform hears of a change only after the commit. */
export const SOON_MS = 500

/**
 * An alarm that is further away than this is not put off: the next commit needs one again, and in an object that is at work all
 * of its commits share it. It rings for nothing once, instead of two writes for each commit.
 */
export const SHARED_MS = 5_000

export class Alarm {
  readonly #platform: Platform
  /** undefined: not known, at the start and after a rollback */
  #armedAt: number | null | undefined
  #ringing = false

  constructor(platform: Platform) {
    this.#platform = platform
  }

  /** when it rings; null: never, or it is not known after a rollback */
  get at(): number | null {
    return this.#armedAt ?? null
  }

  /** Called once, when the object wakes: the alarm that an earlier life of it has set. */
  found(at: number | null): void {
    this.#armedAt = at
  }

  /** Wake at `at` or sooner. Inside a transaction it is rolled back with it; `forget` then. */
  arm(at: number): void {
    if (this.#ringing) return
    if (this.#armedAt !== undefined && this.#armedAt !== null && this.#armedAt <= at) return
    this.#armedAt = at
    this.#platform.store.setAlarm(at)
  }

  /** Nothing is due before `next` any more, so an earlier alarm would find nothing to do: it is put off, shared, or deleted. */
  relax(next: number | null): void {
    if (this.#ringing || this.#armedAt === undefined || this.#armedAt === null) return
    if (next !== null && next <= this.#armedAt) return
    const inMs = this.#armedAt - this.#platform.now()
    if (next !== null && inMs > SHARED_MS) return
    // An alarm that is due has its handler on the way; moving it would make workerd cancel that handler, with a warning.
    if (inMs > SOON_MS) this.#set(next)
  }

  /** First line of `alarm()`. */
  ring(): void {
    this.#ringing = true
  }

  /** Last line of `alarm()`, which is always reached: sets the true next time. */
  rest(next: number | null): void {
    this.#ringing = false
    this.#set(next)
  }

  #set(next: number | null): void {
    this.#armedAt = next
    if (next === null) this.#platform.store.deleteAlarm()
    else this.#platform.store.setAlarm(next)
  }

  /** After a transaction was rolled back, the remembered time may be wrong. */
  forget(): void {
    this.#armedAt = undefined
  }
}
