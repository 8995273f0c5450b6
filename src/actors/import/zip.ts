/**
 * The parts of a ZIP file whose bytes are kept elsewhere: its directory stands at its end, and each part is inflated as a stream, so neither
 * the file nor a part is in memory as a whole.
 */
import { Inflate } from 'fflate'
import { BrokenFile } from '../../core/import/csv.ts'

export interface StoredBytes {
  readonly size: number
  /** `to` is not included */
  slice(from: number, to: number): Uint8Array
}
interface ZipPart {
  name: string
  /** 0 as it is, 8 deflated */
  method: number
  compressed: number
  at: number
}

/** The end record, with the longest comment. */
const TAIL = 22 + 65_535
const DIRECTORY_MAX = 4 * 1024 * 1024
/** A piece may become a thousand times as long. */
const PIECE = 8 * 1024
/** All parts of one file, inflated. A small file that is larger than this was made to be. */
const INFLATED_MAX = 256 * 1024 * 1024
/** A part that is read as one text. */
const TEXT_CHARS_MAX = 8 * 1024 * 1024

const u16 = (bytes: Uint8Array, at: number) => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
const u32 = (bytes: Uint8Array, at: number) => (u16(bytes, at) | (u16(bytes, at + 2) << 16)) >>> 0
const broken = () => new BrokenFile('the spreadsheet is damaged, or locked with a password')

export class Zip {
  readonly #bytes: StoredBytes
  readonly #parts: ReadonlyMap<string, ZipPart>
  #size = 0

  constructor(bytes: StoredBytes) {
    this.#bytes = bytes
    this.#parts = new Map(directoryOf(bytes).map(part => [part.name, part]))
  }

  has(name: string): boolean {
    return this.#parts.has(name)
  }

  /** The text of a small part. */
  text(name: string): string {
    let text = ''
    for (const piece of this.pieces(name)) {
      text += piece
      if (text.length > TEXT_CHARS_MAX) throw new BrokenFile('the spreadsheet is too large')
    }
    return text
  }

  /** The text of a part, piece by piece. Only what comes of one piece of the file is in memory at a time. */
  *pieces(name: string): Generator<string> {
    const decoder = new TextDecoder()
    for (const bytes of this.#inflated(name)) {
      this.#size += bytes.byteLength
      if (this.#size > INFLATED_MAX) throw new BrokenFile('the spreadsheet is too large')
      yield decoder.decode(bytes, { stream: true })
    }
  }

  *#inflated(name: string): Generator<Uint8Array> {
    const part = this.#parts.get(name)
    if (part === undefined) throw broken()
    if (part.method === 0) {
      yield* this.#raw(part)
      return
    }
    let ready: Uint8Array[] = []
    let isWhole = false
    const inflate = new Inflate((bytes, last) => {
      ready.push(bytes)
      isWhole ||= last
    })
    for (const bytes of this.#raw(part)) {
      try {
        inflate.push(bytes)
      } catch {
        throw broken()
      }
      yield* ready
      ready = []
      if (isWhole) return
    }
    try {
      inflate.push(new Uint8Array(0), true)
    } catch {
      throw broken()
    }
    yield* ready
  }

  *#raw({ at, compressed, method }: ZipPart): Generator<Uint8Array> {
    const head = this.#bytes.slice(at, at + 30)
    if (u32(head, 0) !== 0x04034b50 || (method !== 0 && method !== 8)) throw broken()
    const from = at + 30 + u16(head, 26) + u16(head, 28)
    const to = from + compressed
    if (to > this.#bytes.size) throw broken()
    for (let next = from; next < to; next += PIECE) yield this.#bytes.slice(next, Math.min(to, next + PIECE))
  }
}

function directoryOf(bytes: StoredBytes): ZipPart[] {
  const tail = bytes.slice(Math.max(0, bytes.size - TAIL), bytes.size)
  let end = tail.length - 22
  while (end >= 0 && u32(tail, end) !== 0x06054b50) end -= 1
  if (end < 0) throw broken()
  const [size, from] = [u32(tail, end + 12), u32(tail, end + 16)]
  if (size > DIRECTORY_MAX || from + size > bytes.size) throw broken()
  const directory = bytes.slice(from, from + size)
  const parts: ZipPart[] = []
  for (let at = 0; at + 46 <= directory.length && u32(directory, at) === 0x02014b50; ) {
    const name = new TextDecoder().decode(directory.subarray(at + 46, at + 46 + u16(directory, at + 28)))
    // The lowest bit says that the part is encrypted.
    if ((u16(directory, at + 8) & 1) === 1) throw broken()
    parts.push({
      name,
      method: u16(directory, at + 10),
      compressed: u32(directory, at + 20),
      at: u32(directory, at + 42),
    })
    at += 46 + u16(directory, at + 28) + u16(directory, at + 30) + u16(directory, at + 32)
  }
  return parts
}
