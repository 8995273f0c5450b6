/** The alarm of a double: the contract of `src/actors/shell/alarm.ts`, written again, over the platform's bell. */
import { SHARED_MS, SOON_MS } from '../../src/actors/shell/alarm.ts'
import { Bell } from './bell.ts'
import type { World } from './world.ts'

export class Alarm {
  readonly #world: World
  readonly #bell: Bell
  #ringing = false

  constructor(world: World, ring: () => void) {
    this.#world = world
    this.#bell = new Bell(world, ring)
  }

  /** when it is set for; null: it is not */
  get at(): number | null {
    return this.#bell.at
  }
  /** Does the handler run? */
  get isRinging(): boolean {
    return this.#ringing
  }

  /** Wake at `at` or sooner. While the handler runs, the alarm that rang is the guarantee. */
  arm(at: number): void {
    if (this.#ringing || (this.at !== null && this.at <= at)) return
    this.#bell.setAlarm(at)
  }

  /** Nothing is due before `next`. An alarm that is due already is not moved, and one that is far away is left for later commits. */
  relax(next: number | null): void {
    const { at } = this
    if (this.#ringing || at === null || at <= this.#world.now + SOON_MS) return
    if (next !== null && (next <= at || at > this.#world.now + SHARED_MS)) return
    this.#set(next)
  }

  ring(): void {
    this.#ringing = true
  }

  rest(next: number | null): void {
    this.#ringing = false
    this.#set(next)
  }

  /** A handler that dies with its object is called again. */
  crash(): void {
    if (this.#ringing) this.#bell.again()
    this.#ringing = false
  }

  #set(at: number | null): void {
    if (at === null) this.#bell.deleteAlarm()
    else this.#bell.setAlarm(at)
  }
}
