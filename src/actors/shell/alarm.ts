/**
 * The one alarm of an object. `setAlarm` overwrites, so it is only ever moved earlier; the handler re-arms on its
 * first line, because an alarm that throws seven times is gone for good (design §2, measured).
 */
export const DEAD_MAN_MS = 30_000

export class Alarm {
  readonly #storage: DurableObjectStorage
  /** undefined: not read since this object woke */
  #armedAt: number | null | undefined

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  /** In the constructor, once: what survives of the alarm. */
  async read(): Promise<number | null> {
    this.#armedAt = await this.#storage.getAlarm()
    return this.#armedAt
  }

  /** Wake at `at` or sooner. Inside a transaction it is rolled back with it; `forget` then. */
  arm(at: number): void {
    if (this.#armedAt !== undefined && this.#armedAt !== null && this.#armedAt <= at) return
    this.#armedAt = at
    this.#storage.setAlarm(at)
  }

  /** Nothing is due before `next` any more: an alarm that would only find that out is put off, or taken away. */
  relax(next: number | null): void {
    if (this.#armedAt === undefined || this.#armedAt === null) return
    if (next === null || next > this.#armedAt) this.rest(next)
  }

  /** First line of `alarm()`: whatever goes wrong below, the object wakes again. */
  fired(now: number): void {
    this.#armedAt = now + DEAD_MAN_MS
    this.#storage.setAlarm(this.#armedAt)
  }

  /** Last line of `alarm()`: the true next time replaces the dead man's switch. */
  rest(next: number | null): void {
    this.#armedAt = next
    if (next === null) this.#storage.deleteAlarm()
    else this.#storage.setAlarm(next)
  }

  /** After a rolled back transaction the remembered time may be a lie. */
  forget(): void {
    this.#armedAt = undefined
  }
}
