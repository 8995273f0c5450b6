/** The network's clock and timers: real, or virtual, so that an hour passes as fast as the machine computes. */

export interface Timer {
  cancel(): void
}

export interface Time {
  /** whole milliseconds since 1970 that never run backwards */
  now(): number
  after(ms: number, run: () => void): Timer
}

/** setTimeout overflows above this. */
const TIMER_MS_MAX = 2_000_000_000

/** The machine's time. Changes of the system clock have no effect on it. */
export function realTime(): Time {
  const startedAt = Date.now()
  const origin = performance.now()
  return {
    now: () => startedAt + Math.floor(performance.now() - origin),
    after(ms, run) {
      const timer = setTimeout(run, Math.min(Math.max(0, ms), TIMER_MS_MAX))
      return { cancel: () => clearTimeout(timer) }
    },
  }
}

interface Due {
  at: number
  order: number
  run: () => void
}

/**
 * Time that passes only in `pass`. Before each step everything in progress outside (webhooks, voices) is awaited, so
 * that a program that takes a second to answer has, for this network, answered at once.
 */
export class VirtualTime implements Time {
  #now: number
  #order = 0
  /** earliest last, so that taking it is cheap */
  #due: Due[] = []

  /** @param startsAt ms since 1970 */
  constructor(startsAt = Date.UTC(2026, 0, 5, 17)) {
    this.#now = startsAt
  }

  now(): number {
    return this.#now
  }

  get timers(): number {
    return this.#due.length
  }

  after(ms: number, run: () => void): Timer {
    const due: Due = { at: this.#now + Math.max(0, Math.ceil(ms)), order: this.#order++, run }
    // Most new timers are due soon: they belong near the end.
    let index = this.#due.length
    while (index > 0 && isBefore(this.#due[index - 1] as Due, due)) index -= 1
    this.#due.splice(index, 0, due)
    return {
      cancel: () => {
        const at = this.#due.indexOf(due)
        if (at >= 0) this.#due.splice(at, 1)
      },
    }
  }

  /** Lets `ms` pass, timer by timer. */
  async pass(ms: number, settled: () => Promise<void>): Promise<void> {
    const until = this.#now + ms
    await settled()
    for (let next = this.#due.at(-1); next && next.at <= until; next = this.#due.at(-1)) {
      this.#due.pop()
      this.#now = Math.max(this.#now, next.at)
      next.run()
      await settled()
    }
    this.#now = until
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
