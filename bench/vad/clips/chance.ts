/** Seeded randomness: the same seed makes the same sound on every machine. */

/** mulberry32: numbers from 0 up to, but not including, 1; the same sequence for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export interface Chance {
  /** 0 ≤ x < 1 */
  next(): number
  between(from: number, to: number): number
  /** A whole number; both ends are included. */
  whole(from: number, to: number): number
  /** Equal ratios are equally likely, which suits frequencies and lengths. */
  ratio(from: number, to: number): number
  happens(probability: number): boolean
  /** Throws if there are no items. */
  pick<T>(items: readonly T[]): T
}

export function createChance(seed: number): Chance {
  const next = seeded(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b))
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    whole,
    between: (from, to) => from + next() * (to - from),
    ratio: (from, to) => from * (to / from) ** next(),
    happens: probability => next() < probability,
    pick(items) {
      if (items.length === 0) throw new Error('nothing to pick from')
      return items[Math.floor(next() * items.length)] as (typeof items)[number]
    },
  }
}
