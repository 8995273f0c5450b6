import { writeMp3 } from '../../media/mp3.ts'
import { decode, SAMPLE_RATE_HZ } from '../../media/mulaw.ts'
import { resample } from '../../media/resample.ts'

/** From the telephone sound of the voices to what was asked for. More than 8 kHz sounds no better than a telephone. */

export type Encoding = 'mulaw' | 'alaw' | 'linear16' | 'mp3'

export interface AudioFormat {
  encoding: Encoding
  hz: number
  /** a WAV header before the sound */
  wav: boolean
}

/** Bytes that a stream of unknown length claims to have, as streaming WAV writers do. */
const UNKNOWN_BYTES = 0x7fff_ffff - 44

/** ITU-T G.711, table 1, from 16-bit samples. */
export function encodeALaw(samples: Int16Array): Uint8Array {
  return Uint8Array.from(samples, sample => {
    const sign = sample >= 0 ? 0xd5 : 0x55
    const magnitude = Math.min(Math.abs(sample), 32_767) >> 4
    if (magnitude < 32) return magnitude ^ sign
    const exponent = 28 - Math.clz32(magnitude)
    return ((exponent << 4) | ((magnitude >> (exponent - 1)) & 0x0f)) ^ sign
  })
}

/** µ-law at 8 kHz → the raw sound of a format, without header. */
export async function encodeClip(clip: Uint8Array, { encoding, hz }: AudioFormat): Promise<Uint8Array> {
  if (encoding === 'mulaw') return clip
  if (encoding === 'mp3') return writeMp3([clip])
  const pcm = decode(clip)
  if (encoding === 'alaw') return encodeALaw(pcm)
  const samples =
    hz === SAMPLE_RATE_HZ
      ? pcm
      : Int16Array.from(resample(pcm, SAMPLE_RATE_HZ, hz), value =>
          Math.max(-32_768, Math.min(32_767, Math.round(value))),
        )
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
}

/** The header of a WAV stream; `bytes` when its length is known. */
export function wavHeader({ encoding, hz }: AudioFormat, bytes = UNKNOWN_BYTES): Uint8Array {
  const view = new DataView(new ArrayBuffer(44))
  const text = (at: number, word: string): void => {
    for (let index = 0; index < word.length; index += 1) view.setUint8(at + index, word.charCodeAt(index))
  }
  const width = encoding === 'linear16' ? 2 : 1
  text(0, 'RIFF')
  view.setUint32(4, bytes + 36, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, encoding === 'linear16' ? 1 : encoding === 'alaw' ? 6 : 7, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, hz, true)
  view.setUint32(28, hz * width, true)
  view.setUint16(32, width, true)
  view.setUint16(34, width * 8, true)
  text(36, 'data')
  view.setUint32(40, bytes, true)
  return new Uint8Array(view.buffer)
}

export function contentTypeOf({ encoding, hz, wav }: AudioFormat): string {
  if (encoding === 'mp3') return 'audio/mpeg'
  if (wav) return 'audio/wav'
  if (encoding === 'linear16') return `audio/l16;rate=${hz};channels=1`
  return encoding === 'mulaw' ? 'audio/mulaw' : 'audio/alaw'
}
