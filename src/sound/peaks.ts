/**
 * The picture of a sound file for a screen: the loudest sample of each of some hundred pieces, for each of its channels. The file is read as it comes, and
 * never stands in memory. RIFF/WAVE with 16-bit PCM; of any other file there is no picture.
 */
import { HEAD_BYTES_MAX, type WavHead, wavHead } from './wav-head.ts'

/** Pieces of a file, whatever its length. */
export const PIECES = 600
const CHANNELS_MAX = 2

export interface Picture {
  channels: number
  seconds: number
  /** `PIECES` values for each channel, one channel after the other: 0 (digital silence) to 255 */
  peaks: Uint8Array
}

export class PeakReader {
  readonly #bytes: number
  #head: Uint8Array | null = new Uint8Array(0)
  #form: WavHead | null = null
  #rest = new Uint8Array(0)
  #frame = 0
  #peaks = new Uint16Array(0)

  /** `bytes`: length of the whole file */
  constructor(bytes: number) {
    this.#bytes = bytes
  }

  push(chunk: Uint8Array): void {
    if (this.#head === null) return this.#samples(chunk)
    this.#head = joined(this.#head, chunk)
    const data = this.#findData(this.#head)
    if (data === null) {
      // What has no data here has none that we read.
      if (this.#head.length > HEAD_BYTES_MAX) this.#head = null
      return
    }
    const sound = this.#head.subarray(data)
    this.#head = null
    this.#samples(sound)
  }

  /** Null: it was no file that we read, or it has no sound. */
  picture(): Picture | null {
    if (this.#form === null || this.#frame === 0) return null
    const { channels, hz } = this.#form
    const shown = Math.min(channels, CHANNELS_MAX)
    const peaks = Uint8Array.from(this.#peaks, peak => Math.ceil((peak * 255) / 32_768))
    return { channels: shown, seconds: this.#frame / hz, peaks }
  }

  /** Where the samples begin; null: not within what has come so far. */
  #findData(head: Uint8Array): number | null {
    const found = wavHead(head, this.#bytes)
    if (found === null) return null
    this.#form = found
    this.#peaks = new Uint16Array(PIECES * Math.min(found.channels, CHANNELS_MAX))
    return found.dataAt
  }

  #samples(chunk: Uint8Array): void {
    if (this.#form === null) return
    const { channels, frames } = this.#form
    const all = this.#rest.length === 0 ? chunk : joined(this.#rest, chunk)
    const size = 2 * channels
    const whole = Math.min(Math.floor(all.length / size), frames - this.#frame)
    const view = new DataView(all.buffer, all.byteOffset, all.byteLength)
    const shown = Math.min(channels, CHANNELS_MAX)
    for (let n = 0; n < whole; n += 1) {
      const piece = Math.floor(((this.#frame + n) * PIECES) / frames)
      for (let channel = 0; channel < shown; channel += 1) {
        const loud = Math.abs(view.getInt16(n * size + channel * 2, true))
        const at = channel * PIECES + piece
        if (loud > (this.#peaks[at] as number)) this.#peaks[at] = loud
      }
    }
    this.#frame += whole
    this.#rest = this.#frame < frames ? all.slice(whole * size) : new Uint8Array(0)
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}
