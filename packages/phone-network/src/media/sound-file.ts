import { readMp3 } from './mp3.ts'
import { encode, SAMPLE_RATE_HZ } from './mulaw.ts'
import { resample } from './resample.ts'
import { type Pcm, readWav, SoundError } from './wav.ts'

/** Conversion of sound files to telephone sound. */

/** Longer files are cut after ten minutes, as with `<Play>`. */
const CLIP_BYTES_MAX = 10 * 60 * SAMPLE_RATE_HZ

function isMp3(bytes: Uint8Array): boolean {
  const id3 = bytes[0] === 0x49 && bytes[1] === 0x44 && bytes[2] === 0x33
  return id3 || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0)
}

/** µ-law at 8 kHz. The file's own first bytes say what it is, whatever its type claims. Throws `SoundError`. */
export function readSound(bytes: Uint8Array, contentType: string): Uint8Array {
  if (/^audio\/(basic|ulaw|x-mulaw|pcmu)/i.test(contentType)) return bytes.slice(0, CLIP_BYTES_MAX)
  if (bytes[0] === 0x52 && bytes[1] === 0x49) return toTelephone(readWav(bytes))
  if (isMp3(bytes)) return toTelephone(readMp3(bytes))
  throw new SoundError(`neither WAV nor MP3 (${contentType || 'no Content-Type'})`)
}

function toTelephone({ hz, samples }: Pcm): Uint8Array {
  const kept = samples.subarray(0, Math.ceil((CLIP_BYTES_MAX * hz) / SAMPLE_RATE_HZ))
  const heard = resample(kept, hz, SAMPLE_RATE_HZ)
  const saturated = Int16Array.from(heard, value => Math.max(-32_768, Math.min(32_767, Math.round(value))))
  return encode(saturated)
}
