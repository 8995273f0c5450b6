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
  const out = new Float32Array(Math.round((samples.length * toHz) / fromHz))
  for (let i = 0; i < out.length; i++) {
    const center = (i * fromHz) / toHz
    const first = Math.max(0, Math.ceil(center - reach))
    const last = Math.min(samples.length - 1, Math.floor(center + reach))
    let sum = 0
    for (let k = first; k <= last; k++) sum += (samples[k] as number) * lowPass(k - center, cutoff, reach)
    out[i] = sum
  }
  return out
}

/** Windowed sinc (Hann): the ideal low-pass, cut off smoothly. */
function lowPass(distance: number, cutoff: number, reach: number): number {
  const x = Math.PI * distance * cutoff
  const sinc = distance === 0 ? 1 : Math.sin(x) / x
  return cutoff * sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach))
}
