/**
 * The one alarm of a month's log: early changes, the entry for the sweep when D1 did not answer, the move of what is old to files, and the
 * end of the month's time.
 */
import { earliest } from '../../core/machine.ts'
import { migrate } from '../shell/schema.ts'
import type { Archiver } from './archive/archiver.ts'
import { ArchiveFailure } from './archive/shelf.ts'
import { EARLY_KEPT_MS, type EarlyChanges } from './early.ts'
import type { Months } from './months.ts'
import { LIST_AGAIN_MS, type OpenThings } from './open.ts'
import { LOG_SCHEMA } from './tables.ts'

/** After a failure of a neighbour. */
const AGAIN_MS = 60_000
/** One alarm moves so many segments at most (about 0.2 s of CPU each); then it rings again. */
const STEPS_PER_ALARM = 8
/** A month in which something is still open is looked at again. */
const STILL_OPEN_MS = 24 * 3_600_000

export class LogTimer {
  readonly #storage: DurableObjectStorage
  readonly #months: Months
  readonly #early: EarlyChanges
  readonly #open: OpenThings
  readonly #archiver: Archiver
  /** after a file could not be written no more are tried before this time, however much is heard meanwhile */
  #notBefore = 0

  constructor(
    storage: DurableObjectStorage,
    months: Months,
    parts: { early: EarlyChanges; open: OpenThings; archiver: Archiver },
  ) {
    this.#storage = storage
    this.#months = months
    this.#early = parts.early
    this.#open = parts.open
    this.#archiver = parts.archiver
  }

  /** Called when the object wakes: a month of an older release has an alarm for its end only. */
  async repair(now: number): Promise<void> {
    if (this.#months.entered) await this.wakeBy(this.#archiver.due(now, this.#months.archiveAt))
  }

  /** Events were written: are there too many now? */
  async noteEvents(eventChars: number): Promise<void> {
    if (this.#archiver.isFull(eventChars)) await this.wakeBy(Math.max(Date.now(), this.#notBefore))
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
        await this.#archiver.removeAll()
        await this.#storage.deleteAll()
        // A reader whose list is older finds an empty month here.
        return migrate(this.#storage, { actor: LOG_SCHEMA })
      }
      await this.#early.offer(now)
      await this.#open.list(this.#months.workspaceId, this.#months.own)
      next = earliest([this.#early.nextDue(), expiresAt, await this.#archived(now)])
    } catch {
      console.error(JSON.stringify({ message: 'alarm of the log failed', workspace: this.#months.workspaceId }))
    }
    await this.wakeBy(next)
  }

  /** Moves a few segments. Returns when there is more to do; null: not before something happens. */
  async #archived(now: number): Promise<number | null> {
    const { archiveAt } = this.#months
    const isOld = archiveAt !== null && now >= archiveAt && this.#months.isOver(now)
    const whole = isOld && !this.#open.any
    if (now < this.#notBefore) return this.#notBefore
    try {
      for (let step = 0; step < STEPS_PER_ALARM; step += 1) {
        if (await this.#archiver.step(now, whole)) continue
        return this.#archiver.due(now, whole ? null : isOld ? now + STILL_OPEN_MS : archiveAt)
      }
      return now
    } catch (error) {
      const because = error instanceof ArchiveFailure ? error.kind : 'error'
      console.error(
        JSON.stringify({ message: 'the log was not archived', workspace: this.#months.workspaceId, because }),
      )
      this.#notBefore = now + AGAIN_MS
      return this.#notBefore
    }
  }
}
