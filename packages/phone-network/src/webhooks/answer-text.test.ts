import { expect, test } from 'vitest'
import { readText } from './answer-text.ts'

const XML = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><Response><Say>Grüße</Say></Response>`
const latin1 = (text: string) => Buffer.from(text, 'latin1')
const utf16le = (text: string) => Buffer.from(text, 'utf16le')
const utf16be = (text: string) => utf16le(text).swap16()

test.each([
  ['UTF-8 without a declaration', Buffer.from('<Response>ü</Response>'), 'text/xml', '<Response>ü</Response>'],
  ['Latin-1 by its declaration', latin1(XML('ISO-8859-1')), 'text/xml', XML('ISO-8859-1')],
  [
    'Latin-1 by its charset',
    latin1('<Response>ü</Response>'),
    'text/xml; charset=iso-8859-1',
    '<Response>ü</Response>',
  ],
  ['the charset before the declaration', latin1(XML('UTF-8')), 'text/xml;charset="latin1"', XML('UTF-8')],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${XML('utf-8')}`), 'application/xml', XML('utf-8')],
  ['UTF-16, little end first', utf16le(`\ufeff${XML('UTF-16')}`), 'text/xml', XML('UTF-16')],
  ['UTF-16, big end first, without a mark', utf16be(XML('UTF-16')), 'text/xml', XML('UTF-16')],
  ['plain text by its charset', latin1('Grüße'), 'text/plain; charset=ISO-8859-1', 'Grüße'],
])('%s is read [C14]', (_, bytes, type, text) => {
  expect(readText(bytes, type)).toEqual({ text, problem: null })
})

test.each([
  ['Latin-1 bytes that are said to be UTF-8', latin1(XML('UTF-8')), 'text/xml', 'not UTF-8'],
  ['Latin-1 bytes that nothing declares', latin1('<Response>ü</Response>'), 'text/xml', 'not utf-8'],
  ['Latin-1 bytes with the charset of another', latin1(XML('ISO-8859-1')), 'text/xml; charset=utf-8', 'not utf-8'],
  ['UTF-16 that is none', Buffer.from(XML('UTF-16')), 'text/xml', 'not UTF-16'],
  ['UTF-16 that is said to be UTF-8', utf16le(`\ufeff${XML('UTF-8')}`), 'text/xml', 'not UTF-8'],
  ['an encoding that does not exist', Buffer.from(XML('KLINGON-1')), 'text/html', 'no encoding "KLINGON-1"'],
])('%s is a false encoding [C14]', (_, bytes, type, problem) => {
  expect(readText(bytes, type).problem).toContain(problem)
})

test('a wrong byte in a plain text or a sound is no problem [C14]', () => {
  expect(readText(latin1('Grüße'), 'text/plain').problem).toBeNull()
  expect(readText(Buffer.from([0xff, 0xfb, 0x90]), 'audio/mpeg').problem).toBeNull()
})
