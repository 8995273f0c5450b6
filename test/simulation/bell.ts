/**
 * The alarm of one object as the platform keeps it: on disk, overwritten by every `setAlarm`, perhaps late. An alarm
 * whose handler fails rings again (measured with workerd: 2 s later).
 */
import type { World } from './world.ts'

const FAILED_AGAIN_MS = 2_000

export class Bell {
  readonly #world: World
  readonly #ring: () => void
  /** when the alarm is set for; null: there is none */
  at: number | null = null
  /** when the queue's event for the alarm comes; later than `at` only for a late alarm */
  #bellAt: number | null = null

  constructor(world: World, ring: () => void) {
    this.#world = world
    this.#ring = ring
  }

  setAlarm(at: number): void {
    this.at = at
    // One event at a time stands for the alarm. An event that comes too early sets the next one.
    if (this.#bellAt !== null && this.#bellAt <= at) return
    const { faults, random, now } = this.#world
    const lateMs = faults.strikes('alarm-late') ? random.between(100, 60_000) : 0
    this.#put(Math.max(at, now) + lateMs)
  }

  deleteAlarm(): void {
    this.at = null
  }

  /** The handler has not ended well: the platform calls it again. */
  again(): void {
    if (this.at !== null) this.#put(this.#world.now + FAILED_AGAIN_MS)
  }

  #put(bellAt: number): void {
    this.#bellAt = bellAt
    this.#world.queue.put(bellAt, () => this.#strike(bellAt))
  }

  #strike(bellAt: number): void {
    const { world, isOurs } = { world: this.#world, isOurs: this.#bellAt === bellAt }
    if (isOurs) this.#bellAt = null
    if (isOurs && this.at !== null && this.at <= world.now) return this.#ring()
    // An alarm that was put off or taken away does not count as an event.
    world.events -= 1
    if (isOurs && this.at !== null) this.setAlarm(this.at)
  }
}
