/**
 * Polyphase resampling between the telephone's 8 kHz and the rates of speech services and sound files.
 * The filter is a Kaiser-windowed sinc around 4 kHz: flat to 3.4 kHz (the telephone band), 70 dB down from 4.6 kHz,
 * so that aliases and images lie above 3.4 kHz. Formulas: Kaiser 1974, as in Oppenheim & Schafer §7.6.
 */

const CENTRE_HZ = 4_000
const TRANSITION_HZ = 1_200
const STOP_DB = 70

const RATES = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] as const

export type ResampleHz = (typeof RATES)[number]

export function isResampled(hz: number): hz is ResampleHz {
  return (RATES as readonly number[]).includes(hz)
}

export interface Resampler {
  /** Resamples the next piece of a stream, of any length. The result is a new array. */
  push(samples: Int16Array): Int16Array
  /** The delay of the filter. */
  readonly delayMs: number
}

/** Makes a resampler with its own state: one per direction of a call. Throws unless one of the two rates is 8 kHz. */
export function createResampler(fromHz: ResampleHz, toHz: ResampleHz): Resampler {
  if (fromHz === toHz) return { push: samples => samples.slice(), delayMs: 0 }
  if (fromHz !== 8_000 && toHz !== 8_000) throw new RangeError(`no resampler from ${fromHz} to ${toHz} Hz`)
  const common = greatestCommon(fromHz, toHz)
  const up = toHz / common
  const down = fromHz / common
  // The rate at which both streams have their samples.
  const rateHz = fromHz * up
  const filter = filterFor(rateHz, up)
  const reach = filter.length / up
  // The samples that the next output still needs, oldest first.
  let history = new Float64Array(reach - 1)
  // The position of the next output, in steps of the higher rate from the first sample after the history.
  let next = 0
  return {
    delayMs: ((filter.length - 1) / 2 / rateHz) * 1_000,
    push(samples) {
      const line = new Float64Array(reach - 1 + samples.length)
      line.set(history)
      line.set(samples, reach - 1)
      const steps = samples.length * up
      const out = new Int16Array(next >= steps ? 0 : Math.ceil((steps - next) / down))
      for (let at = 0; at < out.length; at += 1) {
        out[at] = toSample(convolve(filter, line, next % up, up, reach - 1 + Math.floor(next / up)))
        next += down
      }
      next -= steps
      history = line.slice(samples.length)
      return out
    },
  }
}

function greatestCommon(one: number, other: number): number {
  return other === 0 ? one : greatestCommon(other, one % other)
}

/** Filters by rate and phases; there are as many as pairs of rates. Those of 44,100 Hz take a few ms to make. */
const FILTERS = new Map<string, Float64Array>()

function filterFor(rateHz: number, phases: number): Float64Array {
  const key = `${rateHz}/${phases}`
  const filter = FILTERS.get(key) ?? lowPass(rateHz, phases)
  FILTERS.set(key, filter)
  return filter
}

function convolve(filter: Float64Array, line: Float64Array, phase: number, up: number, newest: number): number {
  let sum = 0
  for (let tap = phase, at = newest; tap < filter.length; tap += up, at -= 1) {
    sum += (filter[tap] as number) * (line[at] as number)
  }
  return sum
}

function toSample(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)))
}

/** The filter at `rateHz`, its length a multiple of `phases`; each phase sums to 1, so that a constant level has no ripple. */
function lowPass(rateHz: number, phases: number): Float64Array {
  const wanted = (STOP_DB - 7.95) / (14.36 * (TRANSITION_HZ / rateHz)) + 1
  const taps = Math.ceil(wanted / (2 * phases)) * 2 * phases
  const beta = 0.1102 * (STOP_DB - 8.7)
  const middle = (taps - 1) / 2
  const full = bessel0(beta)
  const filter = Float64Array.from({ length: taps }, (_, at) => {
    const x = at - middle
    const angle = 2 * Math.PI * (CENTRE_HZ / rateHz) * x
    const window = bessel0(beta * Math.sqrt(1 - (x / middle) ** 2)) / full
    return (x === 0 ? 2 * (CENTRE_HZ / rateHz) : Math.sin(angle) / (Math.PI * x)) * window
  })
  for (let phase = 0; phase < phases; phase += 1) {
    let sum = 0
    for (let tap = phase; tap < taps; tap += phases) sum += filter[tap] as number
    for (let tap = phase; tap < taps; tap += phases) filter[tap] = (filter[tap] as number) / sum
  }
  return filter
}

/** Modified Bessel function of the first kind, order 0, by its series. */
function bessel0(x: number): number {
  let [sum, term] = [1, 1]
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}
