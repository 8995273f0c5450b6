import { expect, test } from 'vitest'
import { type Encoding, TextReader } from './text.ts'

const TEXT = `name;price\n${'plain text;1\n'.repeat(40)}Zoë Müller;12 €\nJosé „Pepe“;3\n`
const utf8 = (text: string) => new TextEncoder().encode(text)

function utf16(text: string, big: boolean, mark: boolean): Uint8Array {
  const units = [...(mark ? '\uFEFF' : ''), ...text].map(one => one.charCodeAt(0))
  return Uint8Array.from(units.flatMap(unit => (big ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8])))
}
function windows(text: string): Uint8Array {
  const odd: Record<string, number> = { '€': 0x80, '„': 0x84, '“': 0x93 }
  return Uint8Array.from([...text].map(one => odd[one] ?? one.charCodeAt(0)))
}
function read(bytes: Uint8Array, piece: number): { text: string; encoding: Encoding | null } {
  const reader = new TextReader()
  let text = ''
  for (let at = 0; at < bytes.length; at += piece) text += reader.push(bytes.subarray(at, at + piece))
  text += reader.end()
  return { text, encoding: reader.encoding }
}

const latin = TEXT.replace('12 €', '12')
test.each([
  ['utf-8', utf8(TEXT), TEXT],
  ['utf-8', utf8(`\uFEFF${TEXT}`), TEXT],
  ['utf-16le', utf16(TEXT, false, true), TEXT],
  ['utf-16be', utf16(TEXT, true, true), TEXT],
  ['utf-16le', utf16(TEXT, false, false), TEXT],
  ['windows-1252', windows(TEXT), TEXT],
  ['windows-1252', windows(latin), latin],
  [null, utf8('a,b\n1,2\n'), 'a,b\n1,2\n'],
  ['utf-8', utf8('Zoë'), 'Zoë'],
  ['windows-1252', windows('Zoë'), 'Zoë'],
] as [Encoding | null, Uint8Array, string][])(
  '%s is recognised, and read in pieces of any size',
  (encoding, bytes, text) => {
    for (const piece of [1, 3, 64, bytes.length]) expect(read(bytes, piece)).toEqual({ text, encoding })
  },
)
