import { realTime, type Time, type Timer } from '../time.ts'
import { FRAME_MS } from './mulaw.ts'

/**
 * After a stall longer than this many ticks the missed time is skipped: two seconds of sound at once would help nobody.
 */
export const MAX_CATCH_UP_TICKS = 10

/**
 * Fractions of a millisecond matter here: with whole ones, as the rest of the network counts, frames would be uneven.
 */
const PRECISE: Time = { now: () => performance.now(), after: realTime().after }

/**
 * Calls `tick` every 20 ms of monotonic time. Each tick is due at start + n × 20 ms, so that late timers never add up.
 * After a stall it catches up at most {@link MAX_CATCH_UP_TICKS} ticks and skips the rest.
 */
export class FrameClock {
  private readonly tick: () => void
  private readonly time: Time
  private dueAt = 0
  private timer: Timer | null = null
  /** Ticks that were skipped because the process stood still. */
  skippedTicks = 0

  constructor(tick: () => void, time: Time = PRECISE) {
    this.tick = tick
    this.time = time
  }

  start(): void {
    if (this.timer) return
    this.dueAt = this.time.now() + FRAME_MS
    this.arm()
  }

  stop(): void {
    this.timer?.cancel()
    this.timer = null
  }

  private arm(): void {
    this.timer = this.time.after(Math.max(0, this.dueAt - this.time.now()), () => this.run())
  }

  private run(): void {
    const behind = Math.floor((this.time.now() - this.dueAt) / FRAME_MS)
    if (behind > MAX_CATCH_UP_TICKS) {
      const skipped = behind - MAX_CATCH_UP_TICKS
      this.skippedTicks += skipped
      this.dueAt += skipped * FRAME_MS
    }
    while (this.dueAt <= this.time.now() && this.timer) {
      this.dueAt += FRAME_MS
      this.tick()
    }
    if (this.timer) this.arm()
  }
}
