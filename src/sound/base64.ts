/**
 * Base64 of audio payloads, decoded directly into an existing buffer (for example a WebAssembly memory).
 * workerd has `setFromBase64`/`toBase64` (TC39 proposal "arraybuffer-base64", 0.2 µs a frame there); Node 24 has neither.
 */

interface Base64Bytes {
  setFromBase64?(text: string): { read: number; written: number }
  toBase64?(): string
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const NOTHING = 0xff
const VALUE_OF = new Uint8Array(128).fill(NOTHING)
for (let at = 0; at < ALPHABET.length; at += 1) VALUE_OF[ALPHABET.charCodeAt(at)] = at

/** Thrown for text that is not base64 and for text that is longer than the room for it. */
export class Base64Error extends Error {
  override name = 'Base64Error'
}

/**
 * Decodes standard base64 (padding optional, no white space) into `into` from its start; returns the bytes written.
 * Throws `Base64Error`, and then `into` may hold part of the bytes.
 */
export function bytesFromBase64(text: string, into: Uint8Array): number {
  const native = into as Base64Bytes
  if (native.setFromBase64 === undefined) return tableDecode(text, into)
  if (/[ \t\n\f\r]/.test(text)) throw new Base64Error('white space in base64')
  let done: { read: number; written: number }
  try {
    done = native.setFromBase64(text)
  } catch (problem) {
    throw new Base64Error(problem instanceof Error ? problem.message : 'not base64')
  }
  // `setFromBase64` throws nothing if `into` is too short: with 700 bytes for 512 it read 680 characters (measured).
  if (done.read !== text.length) throw new Base64Error(`more than ${into.length} bytes`)
  return done.written
}

/** The same in plain code, for engines without `setFromBase64`. */
export function tableDecode(text: string, into: Uint8Array): number {
  const length = unpaddedLength(text)
  if (length % 4 === 1) throw new Base64Error('a lone character at the end')
  const size = (length * 3) >> 2
  if (size > into.length) throw new Base64Error(`more than ${into.length} bytes`)
  let written = 0
  let bits = 0
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at)
    const value = code < 128 ? (VALUE_OF[code] as number) : NOTHING
    if (value === NOTHING) throw new Base64Error(`not base64 at character ${at}`)
    bits = ((bits << 6) | value) & 0xffffff
    if ((at & 3) !== 0) into[written++] = bits >> (6 - 2 * (at & 3))
  }
  return written
}

function unpaddedLength(text: string): number {
  const equals = text.indexOf('=')
  if (equals === -1) return text.length
  const padding = text.length - equals
  if (text.length % 4 !== 0 || padding > 2 || text[text.length - 1] !== '=') throw new Base64Error('wrong padding')
  return equals
}

/** Encodes standard base64 with padding. */
export function base64FromBytes(bytes: Uint8Array): string {
  return (bytes as Base64Bytes).toBase64?.() ?? tableEncode(bytes)
}

/** The same in plain code, for engines without `toBase64`. */
export function tableEncode(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const three = ((bytes[at] as number) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    text += ALPHABET[three >> 18] as string
    text += ALPHABET[(three >> 12) & 63] as string
    text += left > 1 ? (ALPHABET[(three >> 6) & 63] as string) : '='
    text += left > 2 ? (ALPHABET[three & 63] as string) : '='
  }
  return text
}
