/** Sample-rate conversion with a low-pass filter, so that nothing above half the new rate folds back into the voice. */

/** Zero crossings of the sinc on each side; more is steeper and slower. */
const HALF_WIDTH = 24
/** Telephone voice ends at 3.4 kHz; the filter's knee is at 0.92 of half the lower rate. */
const KNEE = 0.92

/**
 * @param samples PCM at `fromHz`
 * @returns PCM at `toHz`, same length in time, 16-bit range, not yet rounded
 */
export function resample(samples: Int16Array, fromHz: number, toHz: number): Float32Array {
  if (fromHz === toHz) return Float32Array.from(samples)
  const { up, down, side, phases } = filterOf(fromHz, toHz)
  const out = new Float32Array(Math.round((samples.length * toHz) / fromHz))
  for (let i = 0; i < out.length; i++) {
    const base = Math.floor((i * down) / up) - side
    const taps = phases[(i * down) % up] as Float32Array
    const first = Math.max(0, -base)
    const last = Math.min(taps.length, samples.length - base)
    let sum = 0
    for (let k = first; k < last; k++) sum += (samples[base + k] as number) * (taps[k] as number)
    out[i] = sum
  }
  return out
}

/**
 * The same for a stream whose samples come in pieces of any length. An output needs inputs on both sides, so the sound
 * comes out about `HALF_WIDTH` samples of the lower rate later than it went in; before the first sample there is silence.
 */
export class StreamResampler {
  readonly #filter: Filter
  /** the inputs that coming outputs still need, oldest first */
  #kept: Float32Array
  /** position of the next output in the upsampled time of `#kept` */
  #next: number

  constructor(fromHz: number, toHz: number) {
    this.#filter = filterOf(fromHz, toHz)
    const { side, up } = this.#filter
    this.#kept = new Float32Array(side)
    this.#next = side * up
  }

  push(samples: Int16Array): Int16Array {
    const { up, down, side, phases } = this.#filter
    const input = new Float32Array(this.#kept.length + samples.length)
    input.set(this.#kept)
    input.set(samples, this.#kept.length)
    // The last output whose filter ends within the input.
    const end = (input.length - side) * up
    const out = new Int16Array(Math.max(0, Math.ceil((end - this.#next) / down)))
    for (let i = 0; i < out.length; i++) {
      const base = Math.floor(this.#next / up) - side
      const taps = phases[this.#next % up] as Float32Array
      let sum = 0
      for (let k = 0; k < taps.length; k++) sum += (input[base + k] ?? 0) * (taps[k] as number)
      out[i] = Math.max(-32_768, Math.min(32_767, Math.round(sum)))
      this.#next += down
    }
    const done = Math.max(0, Math.floor(this.#next / up) - side)
    this.#kept = input.slice(done)
    this.#next -= done * up
    return out
  }
}

/** A polyphase filter: output `i` lies at the input position `i · down / up`, and each remainder has its own taps. */
interface Filter {
  up: number
  down: number
  /** inputs that an output needs on each side */
  side: number
  phases: Float32Array[]
}

function filterOf(fromHz: number, toHz: number): Filter {
  const cutoff = (KNEE * Math.min(fromHz, toHz)) / fromHz
  const reach = HALF_WIDTH / cutoff
  const common = greatestCommon(fromHz, toHz)
  const [up, down] = [toHz / common, fromHz / common]
  const side = Math.ceil(reach) + 1
  const phases = Array.from({ length: up }, (_, phase) => tapsOf(phase / up, side, cutoff, reach))
  return { up, down, side, phases }
}

function greatestCommon(a: number, b: number): number {
  return b === 0 ? a : greatestCommon(b, a % b)
}

/** The taps for outputs that fall `share` of a sample after an input. There are as many different shares as phases. */
function tapsOf(share: number, side: number, cutoff: number, reach: number): Float32Array {
  return Float32Array.from({ length: 2 * side + 1 }, (_, k) => {
    const distance = k - side - share
    return Math.abs(distance) > reach ? 0 : lowPass(distance, cutoff, reach)
  })
}

/** Windowed sinc (Hann): the ideal low-pass, cut off smoothly. */
function lowPass(distance: number, cutoff: number, reach: number): number {
  const x = Math.PI * distance * cutoff
  const sinc = distance === 0 ? 1 : Math.sin(x) / x
  return cutoff * sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach))
}
