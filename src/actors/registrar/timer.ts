/** The one alarm of a domain. It is only moved earlier; one that comes for nothing sets the next. */

/** Deadlines count in seconds, so one that is due already may wait this long. */
const SOON_MS = 50

export class Timer {
  readonly #storage: DurableObjectStorage
  /** null: not known */
  #armed: number | null = null

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  /** First line of the alarm. */
  rang(): void {
    this.#armed = null
  }

  async wakeBy(at: number): Promise<void> {
    this.#armed ??= await this.#storage.getAlarm()
    if (this.#armed !== null && this.#armed <= at && this.#armed > Date.now()) return
    this.#armed = Math.max(at, Date.now() + SOON_MS)
    await this.#storage.setAlarm(this.#armed)
  }
}
