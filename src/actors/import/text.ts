/**
 * Bytes of a list as text, piece by piece. UTF-16 and UTF-8 say themselves what they are, with a mark or without; what is neither was written
 * by a program of Windows. Until the first byte above 127 both would be read alike, so the choice waits for some of those.
 */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** So many bytes from the first one that is not ASCII are looked at, unless the file ends before. */
const LOOKED_AT = 256
/** Bytes 128 to 159 of Windows-1252; the five that it leaves out stay as they are. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

export class TextReader {
  #encoding: Encoding | null = null
  #decoder: TextDecoder | null = null
  /** bytes that no encoding was chosen for yet */
  #held = new Uint8Array(0)
  #isBegun = false

  /** Null: all that came was ASCII. */
  get encoding(): Encoding | null {
    return this.#encoding
  }

  push(bytes: Uint8Array): string {
    if (this.#encoding !== null) return this.#decode(bytes)
    const all = this.#held.length === 0 ? bytes : joined(this.#held, bytes)
    if (!this.#isBegun) {
      if (all.length < 4) {
        this.#held = all.slice()
        return ''
      }
      this.#isBegun = true
      const stated = statedBy(all)
      if (stated !== null) return this.#choose(stated, all)
    }
    return this.#readOn(all, false)
  }

  end(): string {
    const rest = this.#encoding === null ? this.#readOn(this.#held, true) : ''
    return rest + (this.#decoder?.decode() ?? '')
  }

  /** What is before the first byte above 127, and the rest as soon as the encoding is clear. */
  #readOn(all: Uint8Array, isEnd: boolean): string {
    const first = all.findIndex(byte => byte > 127)
    const plain = ascii(first < 0 ? all : all.subarray(0, first))
    if (first < 0) {
      this.#held = new Uint8Array(0)
      return plain
    }
    const doubtful = all.subarray(first)
    if (doubtful.length < LOOKED_AT && !isEnd) {
      this.#held = doubtful.slice()
      return plain
    }
    return plain + this.#choose(isUtf8(doubtful, isEnd) ? 'utf-8' : 'windows-1252', doubtful)
  }

  #choose(encoding: Encoding, bytes: Uint8Array): string {
    this.#encoding = encoding
    this.#held = new Uint8Array(0)
    if (encoding !== 'windows-1252') this.#decoder = new TextDecoder(encoding)
    return this.#decode(bytes)
  }

  #decode(bytes: Uint8Array): string {
    return this.#decoder === null ? windows(bytes) : this.#decoder.decode(bytes, { stream: true })
  }
}

function statedBy(bytes: Uint8Array): Encoding | null {
  const [a, b, c, d] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  // Latin letters in two bytes each have a zero in every second place.
  if (b === 0 && d === 0) return 'utf-16le'
  return a === 0 && c === 0 ? 'utf-16be' : null
}

/** A character that is cut off at the end of what was read is no mistake, unless the file ends there. */
function isUtf8(bytes: Uint8Array, isEnd: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: !isEnd })
    return true
  } catch {
    return false
  }
}

const PIECE = 8_192

function ascii(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE))
  return text
}

function windows(bytes: Uint8Array): string {
  return ascii(bytes).replace(/[\u0080-\u009f]/g, one => WINDOWS.charAt(one.charCodeAt(0) - 128))
}

export function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
