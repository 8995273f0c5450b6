/** The text of an answer: its bytes, read by the charset of the Content-Type or the encoding of the XML declaration. */

export interface AnswerText {
  text: string
  /** why the bytes of a document cannot be read as declared; null when they can, or when it is no document */
  problem: string | null
}

const DECLARATION = /^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']/

/** The encoding that the first bytes show by themselves: a byte order mark, or `<` in two bytes. */
function shownBy(bytes: Uint8Array): string | null {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)) return 'utf-16be'
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return 'utf-16le'
  return null
}

function decoderOf(label: string, fatal: boolean): TextDecoder | null {
  try {
    return new TextDecoder(label, { fatal, ignoreBOM: false })
  } catch {
    return null
  }
}

function lenient(bytes: Uint8Array, label = 'utf-8'): string {
  return (decoderOf(label, false) ?? new TextDecoder()).decode(bytes)
}

/** `contentType` is the header's value; '' when there is none. Never throws. */
export function readText(bytes: Uint8Array, contentType: string): AnswerText {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase()
  const charset = /;\s*charset\s*=\s*["']?([^"';\s]+)/i.exec(contentType)?.[1]
  // Only a document must be what it declares: a text with a wrong byte can still be read out.
  if (type !== '' && !/[/+](xml|html)$/.test(type)) return { text: lenient(bytes, charset), problem: null }
  const shown = shownBy(bytes)
  const head = lenient(bytes.subarray(0, 400), shown ?? 'latin1')
  const declared = DECLARATION.exec(head.replace(/^\ufeff/, ''))?.[1]
  const label = shown ?? charset ?? declared ?? 'utf-8'
  for (const name of [charset, declared]) {
    if (name === undefined) continue
    const known = decoderOf(name, true)?.encoding
    if (known === undefined) return { text: lenient(bytes), problem: `there is no encoding "${name}"` }
    const wide = known.startsWith('utf-16')
    if (wide !== (shown ?? '').startsWith('utf-16')) {
      return { text: lenient(bytes, shown ?? undefined), problem: `the document is not ${name}` }
    }
  }
  try {
    return { text: decoderOf(label, true)?.decode(bytes) ?? lenient(bytes), problem: null }
  } catch {
    return { text: lenient(bytes), problem: `the document is not ${label}` }
  }
}
