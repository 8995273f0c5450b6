/** The building blocks of noises. Sound is at 8 kHz, of any level, because mixing sets the level. */
import type { Chance } from '../chance.ts'
import { RATE } from '../filters.ts'

export function empty(seconds: number): Float32Array {
  return new Float32Array(Math.round(seconds * RATE))
}

export function white(chance: Chance, seconds: number): Float32Array {
  const samples = empty(seconds)
  for (let at = 0; at < samples.length; at += 1) samples[at] = chance.next() + chance.next() + chance.next() - 1.5
  return samples
}

/** Makes noise whose power falls by 3 dB an octave (P. Kellet's three poles). */
export function pink(chance: Chance, seconds: number): Float32Array {
  const samples = white(chance, seconds)
  let [a, b, c] = [0, 0, 0]
  for (let at = 0; at < samples.length; at += 1) {
    const x = samples[at] as number
    a = 0.99765 * a + x * 0.099046
    b = 0.963 * b + x * 0.2965164
    c = 0.57 * c + x * 1.0526913
    samples[at] = a + b + c + x * 0.1848
  }
  return samples
}

/** Adds `piece` times `gain` to `to` from a time on. Samples before or after `to` are left out. */
export function add(to: Float32Array, piece: Float32Array, fromSeconds: number, gain = 1): Float32Array {
  const from = Math.round(fromSeconds * RATE)
  const end = Math.min(piece.length, to.length - from)
  for (let at = Math.max(0, -from); at < end; at += 1) {
    to[from + at] = (to[from + at] as number) + (piece[at] as number) * gain
  }
  return to
}

/** Multiplies the samples by `gainAt`, which gets the time in seconds once a millisecond. */
export function shape(samples: Float32Array, gainAt: (seconds: number) => number): Float32Array {
  for (let from = 0; from < samples.length; from += 8) {
    const gain = gainAt(from / RATE)
    const end = Math.min(samples.length, from + 8)
    for (let at = from; at < end; at += 1) samples[at] = (samples[at] as number) * gain
  }
  return samples
}

/** Shapes a sound that rises within `attack` seconds and then falls by 60 dB within `fall`. */
export function struck(samples: Float32Array, attack: number, fall: number): Float32Array {
  return shape(samples, t => (t < attack ? t / attack : 10 ** ((-3 * (t - attack)) / fall)))
}

/** Adds up sines of frequencies that may move, with a soft start and end. */
export function tones(seconds: number, hzAt: ((seconds: number) => number)[], gains: readonly number[]): Float32Array {
  const samples = empty(seconds)
  for (const [index, hz] of hzAt.entries()) {
    let turn = 0
    let step = 0
    const gain = gains[index] ?? 1
    for (let at = 0; at < samples.length; at += 1) {
      if (at % 16 === 0) step = (2 * Math.PI * hz(at / RATE)) / RATE
      turn += step
      samples[at] = (samples[at] as number) + gain * Math.sin(turn)
    }
  }
  const fade = Math.min(0.01, seconds / 4)
  return shape(samples, t => Math.min(1, t / fade, (seconds - t) / fade))
}

export function steady(hz: number): () => number {
  return () => hz
}

/** Returns a gain that wanders between two values, about `changes` times a second. */
export function wandering(chance: Chance, from: number, to: number, changes: number): (seconds: number) => number {
  const points = Array.from({ length: 512 }, () => chance.between(from, to))
  return seconds => {
    const at = seconds * changes
    const [low, part] = [Math.floor(at), at % 1]
    const curve = part * part * (3 - 2 * part)
    return (points[low % 512] as number) * (1 - curve) + (points[(low + 1) % 512] as number) * curve
  }
}

/** Calls `body` again and again, after pauses of a length between two limits. */
export function repeatedly(
  chance: Chance,
  seconds: number,
  pause: [number, number],
  body: (atSeconds: number) => void,
): void {
  for (let at = chance.between(0, pause[1]); at < seconds; at += chance.ratio(...pause)) body(at)
}
