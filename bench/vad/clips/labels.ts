/** Labels of speech, from the energy of the clean utterance: one 0 or 1 for each 10 ms. */

export const LABEL_MS = 10
/** samples at 8 kHz under one label */
export const LABEL_SAMPLES = 80
/** Sound this far below the utterance's loud sounds (their 95th percentile) counts as no speech. */
const BELOW_LOUD_DB = 32
/** A silence of fewer labels within speech counts as speech. */
const GAP_LABELS = 12

export function labelsOf(clean: Float32Array): Uint8Array {
  const power = Float64Array.from({ length: Math.floor(clean.length / LABEL_SAMPLES) }, (_, label) => {
    let sum = 0
    for (let at = label * LABEL_SAMPLES; at < (label + 1) * LABEL_SAMPLES; at += 1) sum += (clean[at] as number) ** 2
    return sum
  })
  const loud = [...power].sort((a, b) => a - b)[Math.floor(power.length * 0.95)] ?? 0
  const least = Math.max(1e-9, loud * 10 ** (-BELOW_LOUD_DB / 10))
  return filled(Uint8Array.from(power, one => (one >= least ? 1 : 0)))
}

function filled(labels: Uint8Array): Uint8Array {
  let last = -1
  for (const [at, one] of labels.entries()) {
    if (one === 0) continue
    if (last >= 0 && at - last - 1 < GAP_LABELS) labels.fill(1, last, at)
    last = at
  }
  return labels
}

/** Start and end of each stretch of ones, in milliseconds. */
export function segmentsOf(labels: ArrayLike<number>): [number, number][] {
  const found: [number, number][] = []
  for (let at = 0; at < labels.length; at += 1) {
    if (labels[at] === 0) continue
    const from = at
    while (at < labels.length && labels[at] === 1) at += 1
    found.push([from * LABEL_MS, at * LABEL_MS])
  }
  return found
}

/** The root mean square of the samples under a label of 1; 0 if there is none. */
export function activeLevel(samples: Float32Array, labels: Uint8Array): number {
  let [sum, count] = [0, 0]
  for (const [label, one] of labels.entries()) {
    if (one === 0) continue
    for (let at = label * LABEL_SAMPLES; at < (label + 1) * LABEL_SAMPLES; at += 1) sum += (samples[at] as number) ** 2
    count += LABEL_SAMPLES
  }
  return count === 0 ? 0 : Math.sqrt(sum / count)
}
