/** Finds what an XML parser refuses before it looks at the elements, because Twilio reports each of these as 12100. */

/** Characters that no XML 1.0 document may hold, written as they are. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
const UNLAWFUL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/
/** Half of a surrogate pair. */
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/
/** XML has five named entities and numeric ones. A bare `&`, mostly in a URL, is the most frequent mistake in TwiML. */
const BAD_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i
const NUMBERED = /&#(?:x([0-9a-f]+)|(\d+));/gi
const NOT_MARKUP = /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->/g
const CODE_POINT_MAX = 0x10ffff

function isLawful(code: number): boolean {
  if (code > CODE_POINT_MAX || (code >= 0xd800 && code <= 0xdfff)) return false
  const text = String.fromCodePoint(code)
  return !UNLAWFUL.test(text)
}

/** Says what is wrong with the text as XML, whatever its elements are; null when it may be parsed. */
export function xmlProblem(xml: string): string | null {
  const found = UNLAWFUL.exec(xml) ?? HALF.exec(xml)
  if (found !== null) {
    const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    return `the character U+${code} is not allowed in XML`
  }
  const markup = xml.replace(NOT_MARKUP, '')
  if (/<!DOCTYPE/i.test(markup)) return 'a DOCTYPE is not allowed'
  if (BAD_AMPERSAND.test(markup)) return '& must be written as &amp;'
  for (const [reference, hex, decimal] of markup.matchAll(NUMBERED)) {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    if (!isLawful(code)) return `${reference} is not a character of XML`
  }
  return null
}
