import { encode, SAMPLE_RATE_HZ } from '../media/mulaw.ts'
import { holdMusic, music } from '../media/tones.ts'

/** The sounds of Twilio's documentation, in a version of our own: computed, not copied. */

const CLASSIC_MS = 24_000
const HIT_MS = 420
const HITS = 8

/** A cowbell: two tones that do not fit together, struck and dying away. */
export function cowbell(): Uint8Array {
  const length = (HIT_MS * SAMPLE_RATE_HZ) / 1_000
  const pcm = new Int16Array(length * HITS)
  for (let at = 0; at < pcm.length; at += 1) {
    const seconds = (at % length) / SAMPLE_RATE_HZ
    // Square-like: the odd harmonics below 4 kHz.
    const bell = [562, 845].reduce((sum, hz) => {
      const phase = 2 * Math.PI * hz * seconds
      return sum + Math.sin(phase) + Math.sin(3 * phase) / 3
    }, 0)
    pcm[at] = Math.round(bell * Math.exp(-14 * seconds) * Math.min(1, seconds / 0.002) * 9_000)
  }
  return encode(pcm)
}

/** A prelude in broken chords: C, D minor 7, G 7, C. */
const PRELUDE_HZ = [
  [261.63, 329.63, 392.0, 523.25, 659.26],
  [261.63, 293.66, 440.0, 587.33, 698.46],
  [246.94, 293.66, 392.0, 587.33, 698.46],
  [261.63, 329.63, 392.0, 523.25, 659.26],
]
const PRELUDE_STEPS = [0, 1, 2, 3, 4, 2, 3, 4]

export function classic(): Uint8Array {
  const loop = music(PRELUDE_HZ, PRELUDE_STEPS, 240)
  const out = new Uint8Array((CLASSIC_MS * SAMPLE_RATE_HZ) / 1_000)
  for (let at = 0; at < out.length; at += loop.length) out.set(loop.subarray(0, out.length - at), at)
  return out
}

/** Hold music of a style: the chords and the pace of our own, higher or lower, faster or slower by its name. */
export function bucketMusic(style: string): Uint8Array {
  let hash = 7
  for (const letter of style) hash = (hash * 31 + letter.charCodeAt(0)) % 997
  if (hash % 5 === 0) return holdMusic()
  const factor = 2 ** (((hash % 7) - 3) / 12)
  const chords = PRELUDE_HZ.map(chord => chord.map(hz => hz * factor))
  return music(chords, PRELUDE_STEPS, 260 + (hash % 4) * 60)
}
