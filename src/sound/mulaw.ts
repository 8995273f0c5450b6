/**
 * µ-law of ITU-T G.711 (8,000 samples a second, one byte each), the sound format of telephone networks.
 * Encoding is arithmetic (a table of 65,536 was measured and is not faster); decoding uses a table of 256.
 */

/** One 20 ms frame at 8 kHz. */
export const FRAME_BYTES = 160
/** µ-law's zero: positive zero, all bits inverted on the line. */
export const MULAW_SILENCE = 0xff

const BIAS = 0x84
const CLIP = 32_635
const SIGN = 0x80

/** Encodes one 16-bit sample. A value beyond the scale of G.711 is clipped, as G.711 does. */
export function mulawOf(sample: number): number {
  const sign = sample < 0 ? SIGN : 0
  const biased = Math.min(sample < 0 ? -sample : sample, CLIP) + BIAS
  // The highest set bit is 7…14: that is the segment.
  const segment = 24 - Math.clz32(biased)
  return ~(sign | (segment << 4) | ((biased >> (segment + 3)) & 0x0f)) & 0xff
}

/** Decodes one byte to a 16-bit sample (−32124…32124). */
export const LINEAR_OF: Readonly<Int16Array> = Int16Array.from({ length: 256 }, (_, byte) => {
  const bits = ~byte & 0xff
  const magnitude = (((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 7)
  return bits & SIGN ? BIAS - magnitude : magnitude - BIAS
})

/** Encodes samples into `into`, from its start. Returns the number of bytes. Throws if `into` is too short. */
export function encodeMulaw(samples: Int16Array, into: Uint8Array): number {
  if (into.length < samples.length) throw new RangeError(`${samples.length} samples do not fit ${into.length} bytes`)
  for (let at = 0; at < samples.length; at += 1) into[at] = mulawOf(samples[at] as number)
  return samples.length
}

/** Decodes bytes into `into`, from its start. Returns the number of samples. Throws if `into` is too short. */
export function decodeMulaw(bytes: Uint8Array, into: Int16Array): number {
  if (into.length < bytes.length) throw new RangeError(`${bytes.length} bytes do not fit ${into.length} samples`)
  for (let at = 0; at < bytes.length; at += 1) into[at] = LINEAR_OF[bytes[at] as number] as number
  return bytes.length
}
