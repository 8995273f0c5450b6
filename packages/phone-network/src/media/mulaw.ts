/**
 * µ-law of ITU-T G.711 and the clips made of it. This is the package's own reading of the recommendation, in its 14-bit
 * terms (tables 2a and 2b); Trunkline has another one, and `test/contract` holds them against each other.
 */

/** Samples per second of every clip and frame in the phone network. */
export const SAMPLE_RATE_HZ = 8000
/** One tick of the phone network. */
export const FRAME_MS = 20
/** Bytes (= samples) of one µ-law frame. */
export const FRAME_BYTES = (SAMPLE_RATE_HZ * FRAME_MS) / 1000
/** The µ-law byte of "no sound": positive zero, and all bits are sent inverted. */
export const SILENCE_BYTE = 0xff

/** G.711 counts in 14 bits with a sign: two bits fewer than 16-bit PCM. */
const SHIFT = 2
/** With this added, each segment begins at a power of two (33 of 8,192). */
const BIAS = 33
/** The largest magnitude that has a code; louder sound is clipped to it. */
const MAGNITUDE_MAX = 8_158
const NEGATIVE = 0x80

/** The sample of each of the 256 bytes, as 16-bit PCM. */
const SAMPLES: Readonly<Int16Array> = Int16Array.from({ length: 256 }, (_, byte) => {
  const code = 255 - byte
  const segment = (code >> 4) & 7
  const step = code & 15
  const magnitude = (2 * step + BIAS) * 2 ** segment - BIAS
  return (code & NEGATIVE ? -magnitude : magnitude) * 2 ** SHIFT
})

/** The 16-bit sample of one byte. */
export function sampleOf(byte: number): number {
  return SAMPLES[byte] as number
}

function byteOf(sample: number): number {
  const magnitude = Math.min(Math.abs(sample) >> SHIFT, MAGNITUDE_MAX) + BIAS
  // 33…63 is segment 0, 64…127 segment 1, and so on: the position of the highest bit, counted from bit 5.
  const segment = 26 - Math.clz32(magnitude)
  const step = (magnitude >> (segment + 1)) & 15
  return 255 - ((sample < 0 ? NEGATIVE : 0) | (segment << 4) | step)
}

/** 16-bit PCM to µ-law; `out` may be given to save an allocation and must be at least as long. */
export function encode(pcm: Int16Array, out: Uint8Array = new Uint8Array(pcm.length)): Uint8Array {
  if (out.length < pcm.length) throw new RangeError(`${pcm.length} samples do not fit into ${out.length} bytes`)
  for (let at = 0; at < pcm.length; at += 1) out[at] = byteOf(pcm[at] as number)
  return out
}

/** µ-law to 16-bit PCM; `out` may be given to save an allocation and must be at least as long. */
export function decode(bytes: Uint8Array, out: Int16Array = new Int16Array(bytes.length)): Int16Array {
  if (out.length < bytes.length) throw new RangeError(`${bytes.length} bytes do not fit into ${out.length} samples`)
  for (let at = 0; at < bytes.length; at += 1) out[at] = SAMPLES[bytes[at] as number] as number
  return out
}

/** Silence of that many milliseconds. */
export function silence(ms: number): Uint8Array {
  return new Uint8Array(Math.max(0, Math.round((ms * SAMPLE_RATE_HZ) / 1000))).fill(SILENCE_BYTE)
}

/** How long a clip sounds. */
export function clipMs(clip: Uint8Array): number {
  return (clip.length * 1000) / SAMPLE_RATE_HZ
}
