/** Reports the cost of a running conversation to its screens only. The fact is written when the stream closes. */
import { costMicros, type Usage } from '../../../core/agent/cost.ts'
import type { RunningUsage } from '../../../wire/conversation.ts'

const EVERY_MS = 30_000
/** The first frames cost nothing worth reporting. */
const FIRST_AFTER_MS = 10_000

export function costOf(usage: Usage): RunningUsage {
  return { ...usage, costMicros: costMicros(usage) }
}

export class RunningCost {
  readonly #tell: (usage: RunningUsage) => void
  #nextMs: number | null = null
  #told = 0

  constructor(tell: (usage: RunningUsage) => void) {
    this.#tell = tell
  }

  /** May be called with every frame: reports a changed cost, at most every 30 s. */
  look(nowMs: number, usage: () => Usage): void {
    this.#nextMs ??= nowMs + FIRST_AFTER_MS
    if (nowMs < this.#nextMs) return
    const now = costOf(usage())
    if (now.costMicros === this.#told) return
    this.#nextMs = nowMs + EVERY_MS
    this.#told = now.costMicros
    this.#tell(now)
  }
}
