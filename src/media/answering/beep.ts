/** Detects the tone of an answering machine: one steady frequency for longer than any voice holds it. */
import { LINEAR_OF } from '../../sound/mulaw.ts'

const RATE = 8_000
const LOWEST_HZ = 350
const HIGHEST_HZ = 2_100
/** −40 dBFS: quieter sound is background noise */
const QUIETEST_RMS = 330
/** the share of the energy that one frequency must have */
const PURE = 0.85
const DRIFT_HZ = 60
/** shorter tones are clicks of the exchange, or vowels */
const FRAMES_MIN = 8

export class BeepDetector {
  #frames = 0
  #hz = 0

  /** Takes one frame of 20 ms. True once per beep, at its end, which is when a message may begin. */
  receive(mulaw: Uint8Array): boolean {
    const hz = toneOf(mulaw)
    if (hz !== null && (this.#frames === 0 || Math.abs(hz - this.#hz) <= DRIFT_HZ)) {
      this.#frames += 1
      this.#hz = hz
      return false
    }
    const over = this.#frames >= FRAMES_MIN
    this.#frames = hz === null ? 0 : 1
    this.#hz = hz ?? 0
    return over
  }
}

/** The frequency of a frame that contains one tone; null: it contains something else. */
function toneOf(mulaw: Uint8Array): number | null {
  const samples = Float64Array.from(mulaw, byte => LINEAR_OF[byte] as number)
  const energy = samples.reduce((sum, one) => sum + one * one, 0)
  if (samples.length === 0 || Math.sqrt(energy / samples.length) < QUIETEST_RMS) return null
  let crossings = 0
  for (let at = 1; at < samples.length; at += 1)
    if ((samples[at] as number) >= 0 !== (samples[at - 1] as number) >= 0) crossings += 1
  const guess = (crossings * RATE) / (2 * samples.length)
  if (guess < LOWEST_HZ || guess > HIGHEST_HZ) return null
  // Crossings are whole numbers: the true frequency lies within half a bin of 50 Hz.
  let [best, bestPower] = [guess, 0]
  for (let hz = guess - 30; hz <= guess + 30; hz += 10) {
    const power = goertzel(samples, hz)
    if (power > bestPower) [best, bestPower] = [hz, power]
  }
  return (2 * bestPower) / (samples.length * energy) >= PURE ? best : null
}

/** Squared magnitude at one frequency (G. Goertzel, 1958). */
function goertzel(samples: Float64Array, hz: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * hz) / RATE)
  let [before, last] = [0, 0]
  for (const sample of samples) [before, last] = [last, sample + factor * last - before]
  return before * before + last * last - factor * before * last
}
