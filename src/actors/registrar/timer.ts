/** The one alarm of a domain. It is only moved earlier; one that comes for nothing sets the next. */

/** Deadlines count in seconds, so one that is due already may wait this long. */
const SOON_MS = 50
const REPAIR_MS = 30_000
export const DAY_MS = 24 * 3_600_000

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

  /** What was due has failed. An alarm that throws too often is gone, and no call of the domain would end any more. */
  async repair(): Promise<void> {
    console.error(JSON.stringify({ message: 'a SIP domain could not do what is due' }))
    this.#armed = Date.now() + REPAIR_MS
    await this.#storage.setAlarm(this.#armed)
  }

  async wakeBy(at: number): Promise<void> {
    this.#armed ??= await this.#storage.getAlarm()
    const wanted = Math.max(at, Date.now() + SOON_MS)
    // One that is due is on its way. Whoever moved it could keep it from ringing for ever, by one message after the other.
    if (this.#armed !== null && this.#armed <= wanted) return
    this.#armed = wanted
    await this.#storage.setAlarm(wanted)
  }
}
