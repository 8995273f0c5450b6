import { expect, test } from 'vitest'
import type { Time } from '../time.ts'
import { FrameClock, MAX_CATCH_UP_TICKS } from './clock.ts'

/** Time that stands still until a test moves it. A timer fires `lateMs` late, as real ones do. */
class PretendTime implements Time {
  nowMs = 1000
  private due: { at: number; run: () => void } | null = null
  private readonly lateMs: number

  constructor(lateMs: number) {
    this.lateMs = lateMs
  }

  now(): number {
    return this.nowMs
  }

  after(ms: number, run: () => void): { cancel(): void } {
    this.due = { at: this.nowMs + ms + this.lateMs, run }
    return { cancel: () => (this.due = null) }
  }

  advance(ms: number): void {
    const end = this.nowMs + ms
    while (this.due && this.due.at <= end) {
      const { at, run } = this.due
      this.due = null
      this.nowMs = Math.max(this.nowMs, at)
      run()
    }
    this.nowMs = end
  }

  stall(ms: number): void {
    this.nowMs += ms
  }
}

test('late timers do not add up: ten minutes are 30 000 ticks', () => {
  const time = new PretendTime(3.7)
  let ticks = 0
  const clock = new FrameClock(() => ticks++, time)
  clock.start()
  time.advance(600_000)
  expect(ticks).toBeGreaterThanOrEqual(29_999)
  expect(ticks).toBeLessThanOrEqual(30_000)
  expect(clock.skippedTicks).toBe(0)
})

test('a short stall is caught up, a long one is skipped', () => {
  const time = new PretendTime(0)
  let ticks = 0
  const clock = new FrameClock(() => ticks++, time)
  clock.start()
  time.advance(100)
  expect(ticks).toBe(5)
  time.stall(100)
  time.advance(20)
  expect(ticks).toBe(11)
  time.stall(5000)
  time.advance(0)
  expect(ticks).toBeLessThanOrEqual(11 + MAX_CATCH_UP_TICKS + 1)
  expect(clock.skippedTicks).toBeGreaterThan(230)
})

test('a stopped clock is silent, also when it is stopped by its own tick', () => {
  const time = new PretendTime(0)
  let ticks = 0
  const clock = new FrameClock(() => {
    ticks++
    if (ticks === 3) clock.stop()
  }, time)
  clock.start()
  clock.start()
  time.advance(1000)
  expect(ticks).toBe(3)
})
