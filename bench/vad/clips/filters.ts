/** Filters of second order at 8 kHz (R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients"). */

export const RATE = 8_000
/** The telephone's band begins here; levels are compared above it. */
export const TELEPHONE_FROM_HZ = 300

export interface Biquad {
  b0: number
  b1: number
  b2: number
  a1: number
  a2: number
}

function angle(hz: number): { cos: number; sin: number } {
  const turn = (2 * Math.PI * Math.min(hz, RATE * 0.49)) / RATE
  return { cos: Math.cos(turn), sin: Math.sin(turn) }
}

export function lowPass(hz: number, q = Math.SQRT1_2): Biquad {
  const { cos, sin } = angle(hz)
  const alpha = sin / (2 * q)
  const a0 = 1 + alpha
  const b = (1 - cos) / 2 / a0
  return { b0: b, b1: 2 * b, b2: b, a1: (-2 * cos) / a0, a2: (1 - alpha) / a0 }
}

export function highPass(hz: number, q = Math.SQRT1_2): Biquad {
  const { cos, sin } = angle(hz)
  const alpha = sin / (2 * q)
  const a0 = 1 + alpha
  const b = (1 + cos) / 2 / a0
  return { b0: b, b1: -2 * b, b2: b, a1: (-2 * cos) / a0, a2: (1 - alpha) / a0 }
}

/** The gain is 1 at the middle. */
export function bandPass(hz: number, q: number): Biquad {
  const { cos, sin } = angle(hz)
  const alpha = sin / (2 * q)
  const a0 = 1 + alpha
  return { b0: alpha / a0, b1: 0, b2: -alpha / a0, a1: (-2 * cos) / a0, a2: (1 - alpha) / a0 }
}

/** Raises or lowers the sound around `hz` by `db`. */
export function peak(hz: number, q: number, db: number): Biquad {
  const { cos, sin } = angle(hz)
  const alpha = sin / (2 * q)
  const gain = 10 ** (db / 40)
  const a0 = 1 + alpha / gain
  return {
    b0: (1 + alpha * gain) / a0,
    b1: (-2 * cos) / a0,
    b2: (1 - alpha * gain) / a0,
    a1: (-2 * cos) / a0,
    a2: (1 - alpha / gain) / a0,
  }
}

/** Runs the samples through each filter in turn, in place, and returns them. */
export function filter(samples: Float32Array, filters: readonly Biquad[]): Float32Array {
  for (const { b0, b1, b2, a1, a2 } of filters) {
    let [z1, z2] = [0, 0]
    for (let at = 0; at < samples.length; at += 1) {
      const x = samples[at] as number
      const y = b0 * x + z1
      z1 = b1 * x - a1 * y + z2
      z2 = b2 * x - a2 * y
      samples[at] = y
    }
  }
  return samples
}
