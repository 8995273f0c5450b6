/** One channel of several, mixed while the file is read: its length is known before, and any part of it may be asked for. */

import { wavOf } from './wav.ts'
import type { WavHead } from './wav-head.ts'

const SAMPLE_BYTES = 2

/** Bytes of a file, both ends in it. */
export interface Part {
  from: number
  to: number
}

/** Of a file with one channel that has the sound of this one. */
export class MonoMix {
  readonly bytes: number
  readonly #head: WavHead
  readonly #header: Uint8Array

  constructor(head: WavHead) {
    this.#head = head
    this.#header = headerOf(head)
    this.bytes = this.#header.length + head.frames * SAMPLE_BYTES
  }

  /** What must be read of the file with all channels to give this part; null: only the header is asked for. */
  source({ from, to }: Part): { from: number; bytes: number } | null {
    const first = this.#frameAt(from)
    const last = this.#frameAt(to)
    if (to < this.#header.length) return null
    const frame = this.#head.channels * SAMPLE_BYTES
    return { from: this.#head.dataAt + first * frame, bytes: (last - first + 1) * frame }
  }

  /** Gives the part, of what `source` names: first the bytes of the header, then those of each chunk as it is read. */
  reading({ from, to }: Part): { header: Uint8Array; mixed(chunk: Uint8Array): Uint8Array } {
    const header = this.#header.subarray(Math.min(from, this.#header.length), to + 1)
    const mixing = mixer(this.#head.channels)
    // A part may begin, and end, in the middle of a sample.
    let skip = from > this.#header.length ? (from - this.#header.length) % SAMPLE_BYTES : 0
    let left = to - from + 1 - header.length
    return {
      header,
      mixed(chunk) {
        const all = mixing(chunk)
        const some = all.subarray(skip, skip + left)
        skip = Math.max(0, skip - all.length)
        left -= some.length
        return some
      },
    }
  }

  /** The frame that a byte of our file belongs to. */
  #frameAt(byte: number): number {
    return Math.floor(Math.max(0, byte - this.#header.length) / SAMPLE_BYTES)
  }
}

/** Mixes frames as they come; a frame may come in two pieces. */
function mixer(channels: number): (chunk: Uint8Array) => Uint8Array {
  const frame = channels * SAMPLE_BYTES
  let rest = new Uint8Array(0)
  return chunk => {
    const all = new Uint8Array(rest.length + chunk.length)
    all.set(rest)
    all.set(chunk, rest.length)
    const frames = Math.floor(all.length / frame)
    const view = new DataView(all.buffer)
    const mixed = new DataView(new ArrayBuffer(frames * SAMPLE_BYTES))
    for (let at = 0; at < frames; at += 1) {
      let sum = 0
      for (let channel = 0; channel < channels; channel += 1)
        sum += view.getInt16(at * frame + channel * SAMPLE_BYTES, true)
      mixed.setInt16(at * SAMPLE_BYTES, Math.max(-32_768, Math.min(32_767, sum)), true)
    }
    rest = all.slice(frames * frame)
    return new Uint8Array(mixed.buffer)
  }
}

/** The header of a file of one channel with so many samples, without the samples. */
function headerOf({ hz, frames }: WavHead): Uint8Array {
  const header = wavOf(new Int16Array(0), hz)
  const view = new DataView(header.buffer)
  view.setUint32(4, header.length - 8 + frames * SAMPLE_BYTES, true)
  view.setUint32(header.length - 4, frames * SAMPLE_BYTES, true)
  return header
}
