/** Lengths in bytes, as Content-Length counts them, and the text of a binary frame. The core has no encoder of a platform. */

/** Bytes of the text as UTF-8. Half a character counts as the three bytes of its replacement. */
export function utf8Length(text: string): number {
  let bytes = 0
  for (const one of text) bytes += widthOf(one.codePointAt(0) ?? 0)
  return bytes
}

/** The text that has this many bytes from the left; null: the text is shorter, or a character would be cut in two. */
export function firstBytes(text: string, bytes: number): string | null {
  let [at, left] = [0, bytes]
  while (left > 0 && at < text.length) {
    const point = text.codePointAt(at) ?? 0
    left -= widthOf(point)
    at += point > 0xffff ? 2 : 1
  }
  return left === 0 ? text.slice(0, at) : null
}

/** Null: the bytes are not UTF-8. */
export function textOf(bytes: Uint8Array): string | null {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0
    const width = first < 0x80 ? 1 : first >> 5 === 6 ? 2 : first >> 4 === 14 ? 3 : first >> 3 === 30 ? 4 : 0
    if (width === 0 || at + width > bytes.length) return null
    let point = width === 1 ? first : first & (0xff >> (width + 1))
    for (const next of bytes.subarray(at + 1, at + width)) {
      if (next >> 6 !== 2) return null
      point = (point << 6) | (next & 0x3f)
    }
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) || widthOf(point) !== width) return null
    parts.push(String.fromCodePoint(point))
    at += width
  }
  return parts.join('')
}

function widthOf(point: number): number {
  if (point < 0x80) return 1
  if (point < 0x800) return 2
  return point < 0x10000 ? 3 : 4
}
