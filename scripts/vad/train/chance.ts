/** Seeded chance: the same seed makes the same sound on every machine. */

/** mulberry32: numbers in 0…1, the same for the same seed. */
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
  /** a whole number, both ends included */
  whole(from: number, to: number): number
  /** equal ratios are equally likely: for frequencies and lengths */
  ratio(from: number, to: number): number
  happens(probability: number): boolean
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
