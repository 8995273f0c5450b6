/** Adds a room's echo: a few early reflections, then a dense tail (M. R. Schroeder's combs and all-passes). */
import type { Chance } from './chance.ts'
import { RATE } from './filters.ts'

const COMB_MS = [29.7, 37.1, 41.1, 43.7]
const ALL_PASS_MS = [5, 1.7]

/** `fall` is the time in seconds until the tail is 60 dB down, `share` the part of the tail in the result. */
export function echoing(chance: Chance, dry: Float32Array, fall: number, share: number): Float32Array {
  const size = chance.between(0.6, 1.4)
  const tail = new Float32Array(dry.length)
  for (const ms of COMB_MS) comb(dry, tail, Math.round((ms * size * RATE) / 1_000), fall)
  for (const ms of ALL_PASS_MS) allPass(tail, Math.max(1, Math.round((ms * size * RATE) / 1_000)))
  const result = new Float32Array(dry.length)
  const early = Array.from({ length: 3 }, () => ({ delay: chance.whole(20, 240), gain: chance.between(-0.5, 0.5) }))
  for (let at = 0; at < dry.length; at += 1)
    result[at] = (1 - share) * (dry[at] as number) + share * (tail[at] as number)
  for (const { delay, gain } of early) {
    const part = gain * Math.min(1, share * 2)
    for (let at = delay; at < dry.length; at += 1)
      result[at] = (result[at] as number) + part * (dry[at - delay] as number)
  }
  return result
}

function comb(dry: Float32Array, sum: Float32Array, delay: number, fall: number): void {
  const back = 10 ** ((-3 * delay) / (RATE * fall))
  // A longer tail adds up to more. This gain keeps it as loud as the speech.
  const gain = 0.5 * Math.sqrt(1 - back * back)
  const ring = new Float32Array(delay)
  let [soft, place] = [0, 0]
  for (let at = 0; at < dry.length; at += 1) {
    const out = ring[place] as number
    soft += 0.7 * (out - soft)
    ring[place] = (dry[at] as number) + back * soft
    sum[at] = (sum[at] as number) + gain * out
    place = place + 1 === delay ? 0 : place + 1
  }
}

function allPass(samples: Float32Array, delay: number): void {
  const ring = new Float32Array(delay)
  let place = 0
  for (let at = 0; at < samples.length; at += 1) {
    const x = samples[at] as number
    const out = ring[place] as number
    const y = out - 0.6 * x
    ring[place] = x + 0.6 * y
    samples[at] = y
    place = place + 1 === delay ? 0 : place + 1
  }
}
