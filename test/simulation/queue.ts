/** A binary heap of events in virtual time. Events of equal time keep the order in which they were put. */
interface Entry {
  at: number
  order: number
  run: () => void
}

export class Queue {
  readonly #heap: Entry[] = []
  #order = 0

  get size(): number {
    return this.#heap.length
  }
  get nextAt(): number | null {
    return this.#heap[0]?.at ?? null
  }

  put(at: number, run: () => void): void {
    const heap = this.#heap
    const entry = { at, order: this.#order++, run }
    let index = heap.length
    heap.push(entry)
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent] as Entry
      if (!before(entry, above)) break
      heap[index] = above
      index = parent
    }
    heap[index] = entry
  }

  take(): Entry | null {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last) return null
    if (heap.length > 0) this.#sink(last)
    return first
  }

  #sink(entry: Entry): void {
    const heap = this.#heap
    const { length } = heap
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= length) break
      if (child + 1 < length && before(heap[child + 1] as Entry, heap[child] as Entry)) child += 1
      const below = heap[child] as Entry
      if (!before(below, entry)) break
      heap[index] = below
      index = child
    }
    heap[index] = entry
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
