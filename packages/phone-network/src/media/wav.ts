import { decode, encode, SAMPLE_RATE_HZ, sampleOf } from './mulaw.ts'

/** Reading and writing WAV files (RIFF). */

/** PCM of one voice, 16 bits. */
export interface Pcm {
  hz: number
  samples: Int16Array
}

/** A file that cannot be read; the message says why. */
export class SoundError extends Error {}

const PCM = 1
const FLOAT = 3
const A_LAW = 6
const MU_LAW = 7
const EXTENSIBLE = 0xfffe
const HZ_MIN = 4_000
const HZ_MAX = 96_000
const CHANNELS_MAX = 8

/** ITU-T G.711 A-law, table 1. */
export function decodeALaw(byte: number): number {
  const bits = byte ^ 0x55
  const exponent = (bits >> 4) & 7
  const mantissa = ((bits & 0x0f) << 4) + 8
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1)
  return bits & 0x80 ? magnitude : -magnitude
}

interface Format {
  tag: number
  channels: number
  hz: number
  bits: number
}

type Reader = (view: DataView, at: number) => number

function readerOf({ tag, bits }: Format): Reader {
  if (tag === MU_LAW && bits === 8) return (view, at) => sampleOf(view.getUint8(at))
  if (tag === A_LAW && bits === 8) return (view, at) => decodeALaw(view.getUint8(at))
  if (tag === FLOAT && bits === 32) return (view, at) => clamp(view.getFloat32(at, true) * 32_767)
  if (tag === PCM && bits === 8) return (view, at) => (view.getUint8(at) - 128) << 8
  if (tag === PCM && bits === 16) return (view, at) => view.getInt16(at, true)
  if (tag === PCM && bits === 24) return (view, at) => view.getInt16(at + 1, true)
  if (tag === PCM && bits === 32) return (view, at) => view.getInt16(at + 2, true)
  throw new SoundError(`WAV format ${tag} with ${bits} bits is not supported`)
}

function clamp(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)))
}

function formatOf(view: DataView, at: number, size: number): Format {
  if (size < 16) throw new SoundError('the WAV format chunk is too short')
  const tag = view.getUint16(at, true)
  const format = {
    tag: tag === EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : tag,
    channels: view.getUint16(at + 2, true),
    hz: view.getUint32(at + 4, true),
    bits: view.getUint16(at + 14, true),
  }
  if (format.hz < HZ_MIN || format.hz > HZ_MAX) throw new SoundError(`${format.hz} Hz is not supported`)
  if (format.channels < 1 || format.channels > CHANNELS_MAX) throw new SoundError('so many channels are not supported')
  return format
}

/** Reads a WAV file; several channels are mixed into one. Throws `SoundError`. */
export function readWav(bytes: Uint8Array): Pcm {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const word = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4))
  if (bytes.length < 12 || word(0) !== 'RIFF' || word(8) !== 'WAVE') throw new SoundError('not a WAV file')
  let format: Format | null = null
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true)
    if (word(at) === 'fmt ') format = formatOf(view, at + 8, Math.min(size, bytes.length - at - 8))
    // A file that was written as a stream does not know its length: all the rest is sound.
    if (word(at) === 'data') return samplesOf(view, format, at + 8, Math.min(size, bytes.length - at - 8))
    at += 8 + size + (size & 1)
  }
  throw new SoundError('a WAV file without sound')
}

function samplesOf(view: DataView, format: Format | null, at: number, size: number): Pcm {
  if (format === null) throw new SoundError('a WAV file without a format')
  const read = readerOf(format)
  const { channels, bits, hz } = format
  const step = (bits / 8) * channels
  const samples = new Int16Array(Math.floor(size / step))
  for (let index = 0; index < samples.length; index += 1) {
    let sum = 0
    for (let channel = 0; channel < channels; channel += 1) sum += read(view, at + index * step + channel * (bits / 8))
    samples[index] = clamp(sum / channels)
  }
  return { hz, samples }
}

/** A WAV file of 16-bit PCM at 8 kHz from µ-law voices of one length. */
export function writeWav(voices: readonly Uint8Array[]): Uint8Array {
  const channels = voices.length
  const length = voices[0]?.length ?? 0
  const file = new Uint8Array(44 + length * channels * 2)
  const view = new DataView(file.buffer)
  const text = (at: number, word: string): void => file.set(Buffer.from(word, 'latin1'), at)
  text(0, 'RIFF')
  view.setUint32(4, file.length - 8, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, PCM, true)
  view.setUint16(22, channels, true)
  view.setUint32(24, SAMPLE_RATE_HZ, true)
  view.setUint32(28, SAMPLE_RATE_HZ * channels * 2, true)
  view.setUint16(32, channels * 2, true)
  view.setUint16(34, 16, true)
  text(36, 'data')
  view.setUint32(40, length * channels * 2, true)
  const pcm = voices.map(voice => decode(voice))
  for (let index = 0; index < length; index += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      view.setInt16(44 + (index * channels + channel) * 2, pcm[channel]?.[index] ?? 0, true)
    }
  }
  return file
}

/** Two voices of one length as one. */
export function mix(one: Uint8Array, other: Uint8Array): Uint8Array {
  const [a, b] = [decode(one), decode(other)]
  for (let index = 0; index < a.length; index += 1) a[index] = clamp((a[index] as number) + (b[index] ?? 0))
  return encode(a)
}
