/** Reads a sound file as carriers store recordings: RIFF/WAVE with 16-bit PCM (RFC 2361, format 1), one channel or several. */

const PCM = 1

export interface Wav {
  hz: number
  /** all channels mixed to one */
  samples: Int16Array
}

/** Null: it is no such file. A length that a header names and the file does not have is cut. */
export function readWav(file: Uint8Array): Wav | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length < 12 || word(view, 0) !== 'RIFF' || word(view, 8) !== 'WAVE') return null
  let form: { channels: number; hz: number } | null = null
  for (let at = 12; at + 8 <= file.length; ) {
    const name = word(view, at)
    const bytes = view.getUint32(at + 4, true)
    const body = at + 8
    if (name === 'fmt ' && body + 16 <= file.length) {
      const channels = view.getUint16(body + 2, true)
      if (view.getUint16(body, true) !== PCM || view.getUint16(body + 14, true) !== 16 || channels === 0) return null
      form = { channels, hz: view.getUint32(body + 4, true) }
    }
    if (name === 'data' && form !== null) return { hz: form.hz, samples: mixed(view, body, bytes, form.channels) }
    at = body + bytes + (bytes % 2)
  }
  return null
}

function mixed(view: DataView, from: number, bytes: number, channels: number): Int16Array {
  const there = Math.min(bytes, view.byteLength - from)
  const samples = new Int16Array(Math.floor(there / (2 * channels)))
  for (let at = 0; at < samples.length; at += 1) {
    let sum = 0
    for (let channel = 0; channel < channels; channel += 1)
      sum += view.getInt16(from + (at * channels + channel) * 2, true)
    samples[at] = Math.max(-32_768, Math.min(32_767, sum))
  }
  return samples
}

function word(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))
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
