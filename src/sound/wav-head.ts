/** Reads the head of a sound file as carriers store recordings: RIFF/WAVE with 16-bit PCM (RFC 2361, format 1), one channel or several. */

const PCM = 1
/** The data begins within so many bytes, or the file is none that we read. */
export const HEAD_BYTES_MAX = 4_096

export interface WavHead {
  /** where the samples begin, in bytes */
  dataAt: number
  channels: number
  hz: number
  /** samples of each channel; a length that a header names and the file does not have is cut */
  frames: number
}

/** `head`: the beginning of a file of `bytes` bytes. Null: it is no such file, or its samples begin later. */
export function wavHead(head: Uint8Array, bytes: number): WavHead | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (head.length < 12 || word(view, 0) !== 'RIFF' || word(view, 8) !== 'WAVE') return null
  let form: { channels: number; hz: number } | null = null
  for (let at = 12; at + 8 <= head.length; ) {
    const name = word(view, at)
    const length = view.getUint32(at + 4, true)
    const body = at + 8
    if (name === 'fmt ' && body + 16 <= head.length) {
      const channels = view.getUint16(body + 2, true)
      if (view.getUint16(body, true) !== PCM || view.getUint16(body + 14, true) !== 16 || channels === 0) return null
      form = { channels, hz: view.getUint32(body + 4, true) }
    }
    if (name === 'data' && form !== null) {
      const there = Math.max(0, Math.min(length, bytes - body))
      return { ...form, dataAt: body, frames: Math.floor(there / (2 * form.channels)) }
    }
    at = body + length + (length % 2)
  }
  return null
}

/** The channels of whole frames, one after the other in `bytes`, each for itself. */
export function channelsIn(bytes: Uint8Array, channels: number): Int16Array[] {
  const frames = Math.floor(bytes.length / (2 * channels))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: channels }, (_, channel) =>
    Int16Array.from({ length: frames }, (_, at) => view.getInt16((at * channels + channel) * 2, true)),
  )
}

function word(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))
}
