import { decodeMulaw, encodeMulaw } from '../../../../src/sound/mulaw.ts'

/** Clips and frames of the line. µ-law itself (ITU-T G.711) is written once, in the sound that both sides share. */

/** Samples per second of every clip and frame in the phone network. */
export const SAMPLE_RATE_HZ = 8000
/** One tick of the phone network. */
export const FRAME_MS = 20
/** Bytes (= samples) of one µ-law frame. */
export const FRAME_BYTES = (SAMPLE_RATE_HZ * FRAME_MS) / 1000
/** The µ-law byte of "no sound" (positive zero; all bits are sent inverted). */
export const SILENCE_BYTE = 0xff

/** 16-bit PCM to µ-law; `out` may be given to save an allocation and must be at least as long. */
export function encode(pcm: Int16Array, out: Uint8Array = new Uint8Array(pcm.length)): Uint8Array {
  encodeMulaw(pcm, out)
  return out
}

/** µ-law to 16-bit PCM; `out` may be given to save an allocation and must be at least as long. */
export function decode(bytes: Uint8Array, out: Int16Array = new Int16Array(bytes.length)): Int16Array {
  decodeMulaw(bytes, out)
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
