/** Sample-rate conversion with a real low-pass, so that nothing above half the new rate folds back into the voice. */

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
  const cutoff = (KNEE * Math.min(fromHz, toHz)) / fromHz
  const reach = HALF_WIDTH / cutoff
  const common = greatestCommon(fromHz, toHz)
  const [up, down] = [toHz / common, fromHz / common]
  const side = Math.ceil(reach) + 1
  const phases = Array.from({ length: up }, (_, phase) => tapsOf(phase / up, side, cutoff, reach))
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

function greatestCommon(a: number, b: number): number {
  return b === 0 ? a : greatestCommon(b, a % b)
}

/** The filter for the outputs that fall `share` of a sample behind an input: there are only so many such shares. */
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
