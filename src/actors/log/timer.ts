/** The one alarm of a month's log: early changes, the entry for the sweep when D1 did not answer, and the end of the month's time. */
import { earliest } from '../../core/machine.ts'
import { migrate } from '../shell/schema.ts'
import { EARLY_KEPT_MS, type EarlyChanges } from './early.ts'
import type { Months } from './months.ts'
import { LIST_AGAIN_MS, type OpenThings } from './open.ts'
import { LOG_SCHEMA } from './tables.ts'

/** After a failure of a neighbour. */
const AGAIN_MS = 60_000

export class LogTimer {
  readonly #storage: DurableObjectStorage
  readonly #months: Months
  readonly #early: EarlyChanges
  readonly #open: OpenThings

  constructor(storage: DurableObjectStorage, months: Months, early: EarlyChanges, open: OpenThings) {
    this.#storage = storage
    this.#months = months
    this.#early = early
    this.#open = open
  }

  noteEarly(): Promise<void> {
    return this.wakeBy(Date.now() + EARLY_KEPT_MS)
  }

  /** Never rejects: the alarm tries again. */
  async listOpen(): Promise<void> {
    try {
      await this.#open.list(this.#months.workspaceId, this.#months.own)
    } catch {
      console.error(JSON.stringify({ message: 'the log is not listed as open', workspace: this.#months.workspaceId }))
      await this.wakeBy(Date.now() + LIST_AGAIN_MS)
    }
  }

  async wakeBy(at: number | null): Promise<void> {
    if (at === null) return
    const armed = await this.#storage.getAlarm()
    if (armed === null || armed > at) await this.#storage.setAlarm(at)
  }

  /** The handler. It catches everything, because an alarm that throws seven times is gone. */
  async strike(now: number): Promise<void> {
    const { expiresAt } = this.#months
    let next: number | null = now + AGAIN_MS
    try {
      if (expiresAt !== null && now >= expiresAt) {
        await this.#months.leave()
        await this.#storage.deleteAll()
        // A reader whose list is older finds an empty month here.
        return migrate(this.#storage, { actor: LOG_SCHEMA })
      }
      await this.#early.offer(now)
      await this.#open.list(this.#months.workspaceId, this.#months.own)
      next = earliest([this.#early.nextDue(), expiresAt])
    } catch {
      console.error(JSON.stringify({ message: 'alarm of the log failed', workspace: this.#months.workspaceId }))
    }
    await this.wakeBy(next)
  }
}
