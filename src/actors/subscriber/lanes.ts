/**
 * Which message goes out next, in memory: of each lane the first alone, and no lane twice at a time. A heap has the first messages of the lanes
 * that are not under way, so that a choice among n messages takes O(log n) steps.
 */
export interface Due {
  /** the number of the message; a lane goes out in the order of these */
  n: number
  lane: string
  /** ms since the epoch; 0: at once */
  dueAt: number
}

export class Lanes {
  readonly #lanes = new Map<string, Due[]>()
  readonly #heads: Due[] = []
  readonly #busy: Set<string>
  #size = 0

  /** `busy`: lanes that are under way already. Of `waiting`, those of one lane come in the order of their numbers. */
  constructor(waiting: readonly Due[] = [], busy: Iterable<string> = []) {
    this.#busy = new Set(busy)
    for (const one of waiting) this.add(one)
  }

  /** How many messages wait, with those that are under way. */
  get size(): number {
    return this.#size
  }
  /** How many lanes are under way. */
  get busy(): number {
    return this.#busy.size
  }
  busyLanes(): string[] {
    return [...this.#busy]
  }

  /** A new message; its number is above all others of its lane. */
  add(due: Due): void {
    this.#size += 1
    const lane = this.#lanes.get(due.lane)
    if (lane !== undefined) return void lane.push(due)
    this.#lanes.set(due.lane, [due])
    if (!this.#busy.has(due.lane)) this.#offer(due)
  }

  /** The one that is due for longest; its lane is busy until it is settled. Null: none is due at `now`. */
  next(now: number): Due | null {
    const [first] = this.#heads
    if (first === undefined || first.dueAt > now) return null
    this.#takeFirst()
    this.#busy.add(first.lane)
    return first
  }

  /** When the next one is due that is not under way, ms; null: none waits. */
  nextDue(): number | null {
    return this.#heads[0]?.dueAt ?? null
  }

  /** The message of a busy lane has been tried: it is over (`dueAt` null), or it is tried again then. */
  settle(n: number, lane: string, dueAt: number | null): void {
    const waiting = this.#lanes.get(lane)
    // After a change from outside the lane may begin with another message, or be empty.
    const first = waiting?.[0]
    if (waiting !== undefined && first?.n === n) {
      if (dueAt === null) {
        waiting.shift()
        this.#size -= 1
      } else first.dueAt = dueAt
    }
    this.release(lane)
  }

  /** The lane is under way no more. */
  release(lane: string): void {
    if (!this.#busy.delete(lane)) return
    const [first] = this.#lanes.get(lane) ?? []
    if (first === undefined) this.#lanes.delete(lane)
    else this.#offer(first)
  }

  #offer(due: Due): void {
    const heads = this.#heads
    let at = heads.push(due) - 1
    for (let up = (at - 1) >> 1; at > 0 && isBefore(due, heads[up] as Due); up = (at - 1) >> 1) {
      heads[at] = heads[up] as Due
      heads[up] = due
      at = up
    }
  }

  #takeFirst(): void {
    const heads = this.#heads
    const last = heads.pop() as Due
    if (heads.length === 0) return
    heads[0] = last
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      let least = at
      if (left < heads.length && isBefore(heads[left] as Due, heads[least] as Due)) least = left
      if (right < heads.length && isBefore(heads[right] as Due, heads[least] as Due)) least = right
      if (least === at) return
      heads[at] = heads[least] as Due
      heads[least] = last
      at = least
    }
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.dueAt < other.dueAt || (one.dueAt === other.dueAt && one.n < other.n)
}
