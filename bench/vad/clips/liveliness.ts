/**
 * Makes a synthesizer's even voice livelier: its pitch wavers and trembles, its loudness moves, and air comes into it. The
 * labels stay right, because nothing moves by more than 5 ms.
 */
import type { Chance } from './chance.ts'

/** Slow movements are computed every 8 samples. The place in the sound drifts in between, because jumps would make a buzz. */
const SLOW_STEP = 8

/** Writes into `to` from its start, and stops at the end of the shorter one. */
export function lively(chance: Chance, spoken: Float32Array, to: Float32Array): void {
  const count = Math.min(spoken.length, to.length)
  const waver = { depth: chance.happens(0.6) ? chance.between(0, 25) : 0, turn: slow(chance.between(0.7, 4)) }
  const swell = { depth: chance.between(0, 0.6), turn: slow(chance.between(0.3, 2)) }
  const jitter = chance.happens(0.5) ? chance.between(0, 12) : 0
  const air = chance.happens(0.4) ? chance.ratio(0.03, 0.6) : 0
  const [phase, shimmer] = [chance.between(0, 6), chance.between(0, 0.2)]
  let [tremble, flicker, loud, aside, drift, louder] = [0, 0, 0, waver.depth * Math.sin(phase), 0, 1]
  for (let at = 0; at < count; at += 1) {
    if (at % SLOW_STEP === 0) {
      drift = waver.depth * waver.turn * Math.cos(phase + at * waver.turn)
      louder = 1 + swell.depth * Math.sin(phase * 2 + at * swell.turn)
    }
    aside += drift
    const noise = chance.next() - 0.5
    // These two change some tens of times a second, from one glottal pulse to the next.
    tremble += 0.04 * (noise - tremble)
    flicker += 0.02 * (noise - flicker)
    const place = at + aside + jitter * tremble
    const low = Math.floor(place)
    const [a, b] = [spoken[low] ?? 0, spoken[low + 1] ?? 0]
    const x = a + (b - a) * (place - low)
    loud += 0.02 * (Math.abs(x) - loud)
    const gain = louder + 8 * shimmer * flicker
    to[at] = gain * (x + air * loud * (chance.next() * 3 - 1.5))
  }
}

/** Radians a sample at 8 kHz. */
function slow(hz: number): number {
  return (2 * Math.PI * hz) / 8_000
}
