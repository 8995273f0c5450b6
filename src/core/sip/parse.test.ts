import { expect, test } from 'vitest'
import { parameter } from './grammar.ts'
import { type SipMessage, type SipRequest, valuesOf, write } from './message.ts'
import { type Parsed, parse } from './parse.ts'

const HEAD = [
  'Via: SIP/2.0/WS h4k2.invalid;branch=z9hG4bKone',
  'Max-Forwards: 70',
  'From: "Ada" <sip:101@acme.example>;tag=a1',
  'To: <sip:102@acme.example>',
  'Call-ID: c-1',
  'CSeq: 7 INVITE',
]
const invite = (lines: string[] = HEAD, body = '', first = 'INVITE sip:102@acme.example SIP/2.0') =>
  [first, ...lines, '', body].join('\r\n')
/** The head with one header of that name replaced, or put behind the others. */
const head = (line: string) => {
  const name = line.slice(0, line.indexOf(':'))
  return [...HEAD.filter(one => !one.startsWith(`${name}:`)), line]
}

function read(text: string): SipMessage {
  const parsed = parse(text)
  if (parsed.kind !== 'message') throw new Error(JSON.stringify(parsed))
  return parsed.message
}
const request = (text: string) => read(text) as SipRequest
const statusOf = (parsed: Parsed) => (parsed.kind === 'refused' ? parsed.status : 0)
const answerOf = (parsed: Parsed) => (parsed.kind === 'refused' ? parsed.answer : undefined)

test('a request is read with its addresses, its numbers and its body', () => {
  const read = request(invite([...HEAD, 'Content-Type: application/sdp', 'Content-Length: 4'], 'v=0\n'))
  expect(read.method).toBe('INVITE')
  expect(read.target).toMatchObject({ scheme: 'sip', user: '102', host: 'acme.example', port: null })
  expect(read.cseq).toEqual({ number: 7, method: 'INVITE' })
  expect(read.maxForwards).toBe(70)
  expect(parameter(read.from.parameters, 'tag')).toBe('a1')
  expect(read.vias.map(via => [via.host, via.branch])).toEqual([['h4k2.invalid', 'z9hG4bKone']])
  expect(read.body).toBe('v=0\n')
})

test('short names, folded lines, LF alone, odd spaces and any order of headers are the same message', () => {
  const odd = [
    'INVITE  sip:102@acme.example  SIP/2.0',
    'cSeQ : 7\t INVITE',
    't:<sip:102@acme.example>',
    'f: "Ada"',
    '   <sip:101@acme.example>',
    '\t;tag=a1',
    'I: c-1',
    'MAX-FORWARDS: 70',
    'v: SIP / 2.0 / WS h4k2.invalid ; branch = z9hG4bKone',
  ]
  const read = request(`\r\n${odd.join('\n')}\n\n`)
  const plain = request(invite())
  expect(read.cseq).toEqual(plain.cseq)
  expect(read.from.uri).toEqual(plain.from.uri)
  expect(parameter(read.from.parameters, 'tag')).toBe('a1')
  expect(read.callId).toBe('c-1')
  expect(read.vias[0]?.branch).toBe('z9hG4bKone')
})

test('several values on a line are several headers, and a comma in quotes or brackets is none', () => {
  const line = 'Via: SIP/2.0/WS one.invalid;branch=z9hG4bK1, SIP/2.0/WS two.invalid;branch=z9hG4bK2;note="a,b"'
  const lists = ['Contact: "Doe, Ada" <sip:a@x.invalid;text=a,b>, <sip:b@x.invalid>']
  const read = request(invite([...head(line), ...lists]))
  expect(read.vias.map(via => via.host)).toEqual(['one.invalid', 'two.invalid'])
  expect(valuesOf(read.headers, 'contact')).toEqual(['"Doe, Ada" <sip:a@x.invalid;text=a,b>', '<sip:b@x.invalid>'])
})

test('what was read is written and reads the same again, with Content-Length in bytes', () => {
  const first = request(invite([...HEAD, 'X-Note: Grüße; "a\\"b"'], 'Zoë 👋'))
  const text = write(first)
  expect(text).toContain('Content-Length: 9\r\n\r\nZoë 👋')
  expect(request(text)).toEqual(first)
  expect(parse(new Uint8Array(Buffer.from(text)))).toEqual({ kind: 'message', message: first })
})

test('the body ends where Content-Length says, and without it at the end of the frame', () => {
  expect(request(invite([...HEAD, 'l: 3'], 'abcdef')).body).toBe('abc')
  expect(request(invite(HEAD, 'abcdef')).body).toBe('abcdef')
  expect(statusOf(parse(invite([...HEAD, 'Content-Length: 7'], 'abcdef')))).toBe(400)
  expect(statusOf(parse(invite([...HEAD, 'Content-Length: 1'], 'é')))).toBe(400)
})

test('an answer is read', () => {
  const lines = HEAD.map(line => (line.startsWith('To') ? `${line};tag=b1` : line))
  expect(read(invite(lines, '', 'SIP/2.0 180 Ringing'))).toMatchObject({
    kind: 'response',
    status: 180,
    reason: 'Ringing',
  })
  expect(read(invite(lines, '', 'sip/2.0 200'))).toMatchObject({ status: 200, reason: '' })
})

test('line ends alone keep the connection alive', () => {
  expect(parse('\r\n\r\n')).toEqual({ kind: 'keep-alive' })
  expect(parse('')).toEqual({ kind: 'keep-alive' })
})

test.each([
  ['a method that is no token', 400, invite(HEAD, '', 'IN VITE sip:102@acme.example SIP/2.0')],
  ['no address', 400, invite(HEAD, '', 'INVITE SIP/2.0')],
  ['an address that is none', 400, invite(HEAD, '', 'INVITE sip:@ SIP/2.0')],
  ['an escape that is none', 400, invite(HEAD, '', 'INVITE sip:%zz@acme.example SIP/2.0')],
  ['a secure address', 416, invite(HEAD, '', 'INVITE sips:102@acme.example SIP/2.0')],
  ['a telephone number', 416, invite(HEAD, '', 'INVITE tel:+14155550100 SIP/2.0')],
  ['an unknown scheme', 416, invite(HEAD, '', 'INVITE nobody:knows SIP/2.0')],
  ['another version', 505, invite(HEAD, '', 'INVITE sip:102@acme.example SIP/7.0')],
  ['CSeq of another method', 400, invite(head('CSeq: 7 BYE'))],
  ['CSeq that is too large', 400, invite(head('CSeq: 2147483648 INVITE'))],
  ['CSeq that is far too large', 400, invite(head('CSeq: 36893488147419103232 INVITE'))],
  ['CSeq below zero', 400, invite(head('CSeq: -1 INVITE'))],
  ['Max-Forwards below zero', 400, invite(head('Max-Forwards: -1'))],
  ['Max-Forwards above 255', 400, invite(head('Max-Forwards: 256'))],
  ['Content-Length below zero', 400, invite([...HEAD, 'Content-Length: -5'])],
  ['Content-Length twice', 400, invite([...HEAD, 'Content-Length: 0', 'l: 0'])],
  ['Expires that is no number', 400, invite([...HEAD, 'Expires: soon'])],
  ['no tag of the caller', 400, invite(head('From: <sip:101@acme.example>'))],
  ['a tag twice', 400, invite(head('From: <sip:101@acme.example>;tag=a;tag=b'))],
  ['an open quote', 400, invite(head('From: "Ada <sip:101@acme.example>;tag=a1'))],
  ['a Via without a branch', 400, invite([...HEAD, 'Via: SIP/2.0/WS other.invalid'])],
  ['nine Vias', 400, invite([...HEAD, ...Array.from({ length: 8 }, () => HEAD[0] ?? '')])],
  ['101 headers', 400, invite([...HEAD, ...Array.from({ length: 95 }, (_, at) => `X-${at}: a`)])],
  ['many Routes on one line', 400, invite([...HEAD, `Route: ${Array(120).fill('<sip:a.example>').join(',')}`])],
  ['a line that is too long', 400, invite([...HEAD, `Subject: ${'a'.repeat(5_000)}`])],
  ['a header without a colon', 400, invite([...HEAD, 'nothing'])],
  ['a carriage return in a value', 400, invite([...HEAD, 'Subject: a\rVia: b'])],
  ['a zero byte in a value', 400, invite([...HEAD, 'Subject: a\u0000b'])],
  ['a message that is too large', 413, invite(HEAD, 'é'.repeat(33_000))],
])('%s is refused with %d', (_, status, text) => {
  const parsed = parse(text)
  expect(statusOf(parsed)).toBe(status)
})

test.each([
  ['Via', 'there would be no way back'],
  ['From', 'nobody could match the answer'],
  ['To', 'nobody could match the answer'],
  ['Call-ID', 'nobody could match the answer'],
  ['CSeq', 'nobody could match the answer'],
])('a request without %s is dropped: %s', name => {
  const parsed = parse(invite(HEAD.filter(line => !line.startsWith(`${name}:`))))
  expect([statusOf(parsed), answerOf(parsed)]).toEqual([400, null])
  const twice = parse(invite([...HEAD, HEAD.find(line => line.startsWith(`${name}:`)) ?? '']))
  expect(statusOf(twice)).toBe(name === 'Via' ? 0 : 400)
})

test('a refusal is an answer that the sender can match, with words', () => {
  const answer = answerOf(parse(invite(head('Max-Forwards: x')))) ?? ''
  const read_ = read(answer)
  expect(read_).toMatchObject({ kind: 'response', status: 400, reason: 'Max-Forwards is not 0 to 255.', callId: 'c-1' })
  expect(read_.vias[0]?.branch).toBe('z9hG4bKone')
  expect(parameter(read_.to.parameters, 'tag')).toBe('refused')
})

test('nobody answers an answer or an ACK that is malformed', () => {
  expect(answerOf(parse(invite(head('CSeq: x INVITE'), '', 'SIP/2.0 200 OK')))).toBeNull()
  expect(answerOf(parse(invite(head('CSeq: -1 ACK'), '', 'ACK sip:102@acme.example SIP/2.0')))).toBeNull()
  expect(answerOf(parse(new Uint8Array([0xc3, 0x28])))).toBeNull()
  expect(answerOf(parse('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))).toBeNull()
})

test('a value that has come from elsewhere cannot add a header or end the head', () => {
  const message = request(invite())
  const evil = { name: 'subject', value: 'a\r\nRoute: <sip:evil.example>\r\n\r\nbody' }
  const text = write({ ...message, headers: [...message.headers, evil, { name: 'x\r\ny', value: 'z' }] })
  expect(valuesOf(read(text).headers, 'route')).toEqual([])
  expect(valuesOf(read(text).headers, 'subject')).toEqual(['a Route: <sip:evil.example> body'])
  expect(text.split('\r\n\r\n')).toHaveLength(2)
})

test('a user with escapes is the user, and a password in an address is not', () => {
  const escapedUser = request(invite(HEAD, '', 'INVITE sip:%31%30%32:secret@ACME.example:5060;transport=ws SIP/2.0'))
  expect(escapedUser.target).toMatchObject({ user: '102', host: 'acme.example', port: 5060 })
  expect(write(escapedUser)).toMatch(/^INVITE sip:%31%30%32:secret@ACME\.example:5060;transport=ws SIP/)
})

test('a message that is made to be slow is read as fast as any other', () => {
  const [spaces, tabs] = [' '.repeat(4_000), '\t'.repeat(60_000)]
  const slow = [
    ' '.repeat(65_000),
    `INVITE${' '.repeat(64_000)}x`,
    invite([...HEAD, `X: ${tabs}z`]),
    invite([...HEAD, `X: a\r\n${' \t'.repeat(30_000)}`]),
    invite(head(`From: ${spaces}x`)),
    invite(head(`From: ${'a '.repeat(2_000)}<`)),
    invite(head(`From: ${'"\\'.repeat(2_000)}`)),
    invite(head(`Via: SIP/2.0/WS ${spaces}`)),
    invite(head(`To: <sip:${'a-.'.repeat(1_300)}!>`)),
  ]
  const began = performance.now()
  // It takes 10 ms; it took 14 s.
  for (const text of slow) parse(text)
  expect(performance.now() - began).toBeLessThan(1_000)
})
