/** Reads a sound file as carriers store recordings: RIFF/WAVE with 16-bit PCM (RFC 2361, format 1), one channel or several. */
import { wavHead } from './wav-head.ts'

export interface Wav {
  hz: number
  /** all channels mixed to one */
  samples: Int16Array
}

/** Null: it is no such file. A length that a header names and the file does not have is cut. */
export function readWav(file: Uint8Array): Wav | null {
  const head = wavHead(file, file.length)
  if (head === null) return null
  const { dataAt, channels, frames, hz } = head
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  return { hz, samples: mixed(view, dataAt, frames, channels) }
}

function mixed(view: DataView, from: number, frames: number, channels: number): Int16Array {
  const samples = new Int16Array(frames)
  for (let at = 0; at < samples.length; at += 1) {
    let sum = 0
    for (let channel = 0; channel < channels; channel += 1)
      sum += view.getInt16(from + (at * channels + channel) * 2, true)
    samples[at] = Math.max(-32_768, Math.min(32_767, sum))
  }
  return samples
}

/** Windows of this length are loud or they are not. */
const WINDOW_MS = 20
/** Root mean square of a window with a voice in it; noise of a telephone line has less. */
const LOUD = 200

/** How long there is sound in it, ms. Silence, and the noise of a line, is none. */
export function soundMs({ hz, samples }: Wav): number {
  const size = Math.max(1, Math.round((hz * WINDOW_MS) / 1_000))
  let loud = 0
  for (let from = 0; from + size <= samples.length; from += size) {
    let energy = 0
    for (let at = from; at < from + size; at += 1) energy += (samples[at] as number) ** 2
    if (Math.sqrt(energy / size) >= LOUD) loud += 1
  }
  return loud * WINDOW_MS
}

const LINE_HZ = 8_000

/** Carriers record at 8,000 samples a second; of any other rate the nearest sample is taken, which is enough for words. */
export function at8k({ hz, samples }: Wav): Int16Array {
  if (hz === LINE_HZ) return samples
  const length = Math.floor((samples.length * LINE_HZ) / hz)
  return Int16Array.from({ length }, (_, at) => samples[Math.floor((at * hz) / LINE_HZ)] ?? 0)
}
