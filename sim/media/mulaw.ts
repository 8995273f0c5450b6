/**
 * G.711 µ-law, the sound of every telephone call (ITU-T G.711, table 2): 14-bit linear PCM folded into 8 bits.
 * Tables are built once; one 20 ms frame costs well under a microsecond per direction.
 */

/** Samples per second of every clip and frame in the phone network. */
export const SAMPLE_RATE_HZ = 8000
/** One tick of the phone network. */
export const FRAME_MS = 20
/** Bytes (= samples) of one µ-law frame. */
export const FRAME_BYTES = (SAMPLE_RATE_HZ * FRAME_MS) / 1000
/** The µ-law byte of "no sound" (positive zero; all bits are sent inverted). */
export const SILENCE_BYTE = 0xff

const BIAS = 0x84
const CLIP = 32635

function encodeSlowly(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(sign ? -sample : sample, CLIP) + BIAS
  let exponent = 7
  for (let mask = 0x4000; exponent > 0 && !(magnitude & mask); mask >>= 1) exponent--
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f
  return ~(sign | (exponent << 4) | mantissa) & 0xff
}

function decodeSlowly(byte: number): number {
  const bits = ~byte & 0xff
  const exponent = (bits >> 4) & 0x07
  const magnitude = (((bits & 0x0f) << 3) + BIAS) << exponent
  return bits & 0x80 ? BIAS - magnitude : magnitude - BIAS
}

const ENCODED = Uint8Array.from({ length: 65536 }, (_, index) => encodeSlowly(index - 32768))
const DECODED = Int16Array.from({ length: 256 }, (_, byte) => decodeSlowly(byte))

/** One 16-bit sample as a µ-law byte. Values outside 16 bits must be saturated before. */
export function encodeSample(sample: number): number {
  return ENCODED[sample + 32768] ?? SILENCE_BYTE
}

/** One µ-law byte as a 16-bit sample. */
export function decodeSample(byte: number): number {
  return DECODED[byte & 0xff] ?? 0
}

/** 16-bit PCM to µ-law; `out` may be given to save an allocation and must be at least as long. */
export function encode(pcm: Int16Array, out: Uint8Array = new Uint8Array(pcm.length)): Uint8Array {
  for (let i = 0; i < pcm.length; i++) out[i] = ENCODED[(pcm[i] as number) + 32768] as number
  return out
}

/** µ-law to 16-bit PCM; `out` may be given to save an allocation and must be at least as long. */
export function decode(bytes: Uint8Array, out: Int16Array = new Int16Array(bytes.length)): Int16Array {
  for (let i = 0; i < bytes.length; i++) out[i] = DECODED[bytes[i] as number] as number
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
