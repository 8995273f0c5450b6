import { assert, describe, expect, test } from 'vitest'
import { answerChallenge, Challenger, ha1Of, readDigest } from './digest.ts'
import { isWithin } from './door.ts'
import {
  faultOf,
  header,
  readAddress,
  readMessage,
  readUri,
  readVia,
  requestOf,
  respond,
  valuesOf,
  writeMessage,
} from './message.ts'
import { readMedia, writeMedia } from './sdp.ts'
import { SipStream } from './stream.ts'

/** Messages, descriptions and digests, without sockets. */

const lines = (...all: string[]): Buffer => Buffer.from(all.join('\r\n'))

describe('a message', () => {
  test('is read with compact names, folded lines and lists, and written again', () => {
    const message = readMessage(
      lines(
        'INVITE sip:bo@desk.sip.twilio.com SIP/2.0',
        'v: SIP/2.0/UDP a.example.test:5061 ;branch=z9hG4bK1, SIP/2.0/TCP b.example.test;branch=z9hG4bK2',
        'f: "Ada, the first" <sip:ada@example.test>;tag=7',
        't:sip:bo@example.test',
        'i: call-1',
        'CSeq: 1 INVITE',
        'Subject: two',
        '\tlines',
        'l: 2',
        '',
        'hi and more',
      ),
    )
    expect(message).toMatchObject({ method: 'INVITE', uri: 'sip:bo@desk.sip.twilio.com', body: 'hi' })
    assert(message !== null)
    expect(valuesOf(message, 'Via').map(one => readVia(one)?.transport)).toEqual(['UDP', 'TCP'])
    expect(valuesOf(message, 'From')).toHaveLength(1)
    expect(header(message, 'Subject')).toBe('two lines')
    expect(faultOf(message)).toBeNull()
    expect(readMessage(writeMessage(message))).toMatchObject({ ...message, headers: expect.any(Array) })
  })

  test.each([
    ['an unknown start', 'HELLO\r\nVia: x\r\n\r\n'],
    ['another version', 'INVITE sip:a@b SIP/3.0\r\n\r\n'],
    ['a header without a name', 'INVITE sip:a@b SIP/2.0\r\n: x\r\n\r\n'],
    ['a line that continues nothing', 'INVITE sip:a@b SIP/2.0\r\n x\r\n\r\n'],
    ['less body than it says', 'INVITE sip:a@b SIP/2.0\r\nContent-Length: 9\r\n\r\nshort'],
    ['a length that is no number', 'INVITE sip:a@b SIP/2.0\r\nContent-Length: -1\r\n\r\n'],
    ['no end', 'INVITE sip:a@b SIP/2.0\r\nVia: x\r\n'],
    ['too many headers', `INVITE sip:a@b SIP/2.0\r\n${'X: 1\r\n'.repeat(300)}\r\n`],
  ])('%s is none', (_, text) => {
    expect(readMessage(Buffer.from(text))).toBeNull()
  })

  test('a response takes over what it must, and gives the other side a tag', () => {
    const request = requestOf('INVITE', 'sip:a@b', [
      ['Via', 'v'],
      ['From', '<sip:c@d>;tag=1'],
      ['To', '<sip:a@b>'],
      ['Call-ID', 'x'],
      ['CSeq', '1 INVITE'],
      ['Subject', 's'],
    ])
    const { headers } = respond(request, 180, { tag: 'mine' })
    expect(headers.map(([name]) => name)).toEqual(['Via', 'From', 'To', 'Call-ID', 'CSeq'])
    expect(respond(request, 100, { tag: 'mine' }).headers).toContainEqual(['To', '<sip:a@b>'])
    expect(headers).toContainEqual(['To', '<sip:a@b>;tag=mine'])
  })
})

test('addresses and URIs are read with their parameters; what is none is null', () => {
  expect(readUri('sip:%61da@HOST:5061;transport=TCP;lr?X-A=1&X-B=a%20b')).toMatchObject({
    user: 'ada',
    host: 'host',
    port: 5061,
    parameters: { transport: 'TCP', lr: '' },
    headers: [
      ['X-A', '1'],
      ['X-B', 'a b'],
    ],
  })
  for (const wrong of [
    '',
    'tel:1',
    'sip:',
    'sip:a@',
    'sip:a@b:0',
    'sip:a@b:99999',
    'sip:a b@c',
    'sip:a@b<c',
    'sip:a@b;c=>d',
    'sip:a@b?c=<d',
  ])
    expect(readUri(wrong)).toBeNull()
  expect(readAddress('"a \\" <b>" <sip:c@d;x=1>;tag=2')).toMatchObject({ uri: 'sip:c@d;x=1', parameters: { tag: '2' } })
  expect(readAddress('sip:c@d;tag=2')).toMatchObject({ uri: 'sip:c@d', parameters: { tag: '2' } })
  expect(readVia('nonsense')).toBeNull()
})

describe('a stream', () => {
  const message = 'OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 3\r\n\r\nabc'
  test('is cut into its messages wherever it is broken, and pings are told', () => {
    const text = `\r\n\r\n${message}\r\n${message}`
    for (let size = 1; size < text.length; size += 7) {
      const stream = new SipStream()
      const kinds: string[] = []
      for (let at = 0; at < text.length; at += size) {
        for (const cut of stream.push(Buffer.from(text.slice(at, at + size)))) kinds.push(cut.kind)
      }
      expect(kinds).toEqual(['ping', 'message', 'message'])
    }
  })

  test('a message without a length, or an endless one, breaks it', () => {
    expect(new SipStream().push(Buffer.from('OPTIONS sip:a@b SIP/2.0\r\n\r\n'))).toEqual([{ kind: 'broken' }])
    expect(new SipStream().push(Buffer.alloc(70_000, 'x'))).toEqual([{ kind: 'broken' }])
  })
})

describe('a digest', () => {
  test('is that of RFC 2617, 3.5', () => {
    const challenge =
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    const asked = { method: 'GET', uri: '/dir/index.html', cnonce: '0a4f113b' }
    const answer = answerChallenge(challenge, { username: 'Mufasa', password: 'Circle Of Life' }, asked)
    expect(readDigest(answer ?? '')).toMatchObject({
      response: '6629fae49393a05397450978507c4ef1',
      opaque: '5ccc069c403ebaf9f0171e9517f40e41',
      nc: '00000001',
    })
    expect(
      answerChallenge('Digest realm="x", nonce="n", algorithm=SHA-256', { username: 'a', password: 'b' }, asked),
    ).toBeNull()
    expect(answerChallenge('Basic realm="x"', { username: 'a', password: 'b' }, asked)).toBeNull()
  })

  test('is judged: good once with each count, stale when its nonce is old or of somebody else, wrong otherwise', () => {
    let now = 1_000_000
    const challenger = new Challenger('secret', () => now)
    const credentials = { username: 'ada', password: 'pw' }
    const request = { method: 'REGISTER', uri: 'sip:x', cnonce: 'c' }
    const answer = (challenge: string, password = 'pw') =>
      readDigest(answerChallenge(challenge, { ...credentials, password }, request) ?? '') ?? {}
    const judge = (one: Record<string, string>) => challenger.judge(one, 'REGISTER', ha1Of('ada', 'pw'))
    const challenge = challenger.challenge()
    expect(judge(answer(challenge, 'other'))).toBe('wrong')
    expect([judge(answer(challenge)), judge(answer(challenge))]).toEqual(['good', 'stale'])
    const old = challenger.challenge()
    now += 300_001
    expect(judge(answer(old))).toBe('stale')
    expect(judge(answer(new Challenger('another', () => now).challenge()))).toBe('stale')
  })
})

describe('a description', () => {
  const offer = writeMedia({ address: '127.0.0.1', port: 4_000, id: 1, version: 1 }, null)
  test('of ours is read again; an answer mirrors the direction and the type of keys', () => {
    expect(readMedia(offer)).toEqual({ address: '127.0.0.1', port: 4_000, events: 101, direction: 'sendrecv' })
    const theirs = readMedia(offer.replaceAll('101', '97').replace('sendrecv', 'sendonly'))
    expect(theirs).toMatchObject({ events: 97, direction: 'sendonly' })
    const answer = writeMedia({ address: '127.0.0.1', port: 5_000, id: 1, version: 1 }, theirs)
    expect(answer).toContain('a=rtpmap:97 telephone-event/8000')
    expect(answer).toContain('a=recvonly')
  })

  test('the address of RFC 2543 is hold; without µ-law or an address it is none', () => {
    expect(readMedia(offer.replace('c=IN IP4 127.0.0.1', 'c=IN IP4 0.0.0.0'))?.direction).toBe('sendonly')
    expect(readMedia(offer.replace('RTP/AVP 0 101', 'RTP/AVP 8 101'))).toBeNull()
    expect(readMedia(offer.replace(/c=.*\r\n/, ''))).toBeNull()
    expect(readMedia('v=0\r\nm=video 4000 RTP/AVP 0\r\n')).toBeNull()
  })
})

test('an address is within its network, up to the last bit of the prefix', () => {
  expect([isWithin('127.0.0.1', '127.0.0.1', 32), isWithin('127.0.0.2', '127.0.0.1', 32)]).toEqual([true, false])
  expect([isWithin('10.255.0.1', '10.0.0.0', 8), isWithin('11.0.0.1', '10.0.0.0', 8)]).toEqual([true, false])
  expect([isWithin('200.1.2.3', '192.0.0.0', 2), isWithin('1.1.1.1', '192.0.0.0', 2)]).toEqual([true, false])
})
