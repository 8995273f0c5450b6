import { hashOf } from '../engine/random.ts'
import { FRAME_BYTES } from './mulaw.ts'

/** Background noise behind a voice: low-passed, and the same for one call every time. */

/** One pole: most of the energy below 800 Hz, as in an office or a street. */
const SMOOTH = 0.6
/** The share of the RMS that the filter leaves, so that `level` is the RMS that is heard. */
const GAIN = Math.sqrt(3) * Math.sqrt((1 + SMOOTH) / (1 - SMOOTH))

export class Noise {
  #word: number
  #last = 0
  readonly #level: number

  constructor(seed: string, level: number) {
    this.#word = hashOf(seed) || 1
    this.#level = level
  }

  /** Adds the noise to `says` and writes the sum into `out`, which may be the same buffer. */
  under(says: Int16Array, out: Int16Array): Int16Array {
    for (let i = 0; i < FRAME_BYTES; i++) {
      const value = (says[i] as number) + this.#next()
      out[i] = value > 32767 ? 32767 : value < -32768 ? -32768 : value
    }
    return out
  }

  /** xorshift32, then the pole. */
  #next(): number {
    let word = this.#word
    word ^= word << 13
    word ^= word >>> 17
    word ^= word << 5
    this.#word = word
    const white = (word | 0) / 0x80000000
    this.#last = SMOOTH * this.#last + (1 - SMOOTH) * white
    return Math.round(this.#last * GAIN * this.#level * 32767)
  }
}
