import { createHash, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  type Credentials,
  challenge,
  check,
  NONCE_MS,
  NONCES_MAX,
  NONCES_OF_USER_MAX,
  type NonceUses,
  nonceMacText,
  nonceOf,
  nonceText,
  readCredentials,
  readNonce,
  requestText,
  responseText,
  secretText,
} from './digest.ts'
import type { SipRequest } from './message.ts'
import { parse } from './parse.ts'

const AT = 1_700_000_000_000
const REALM = 'acme.example'
const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const macOf = (text: string, realm = REALM) =>
  createHmac('sha256', 'key').update(nonceMacText(realm, text)).digest('hex')
const issued = (at = AT, salt = 'salt1') => nonceOf(nonceText(at, salt), macOf(nonceText(at, salt)))

const parsed = parse(
  [
    'REGISTER sip:acme.example SIP/2.0',
    'Via: SIP/2.0/WS x.invalid;branch=z9hG4bK1',
    'From: <sip:101@acme.example>;tag=a',
    'To: <sip:101@acme.example>',
    'Call-ID: r1',
    'CSeq: 1 REGISTER',
    '\r\n',
  ].join('\r\n'),
)
const REGISTER = (parsed.kind === 'message' ? parsed.message : null) as SipRequest

/** What a phone sends that knows this secret. */
function phone(secret: string, more: Partial<Credentials> & { method?: string } = {}): Credentials {
  const { method = 'REGISTER', ...fields } = more
  const one = {
    user: '101',
    realm: REALM,
    nonce: issued(),
    uri: 'sip:acme.example',
    cnonce: 'c0',
    count: '00000001',
    ...fields,
  }
  const ha1 = md5(secretText(one.user, one.realm, secret))
  const response = md5([ha1, one.nonce, one.count, one.cnonce, 'auth', md5(`${method}:${one.uri}`)].join(':'))
  return { ...one, response: more.response ?? response }
}
/** What the shell does with it. */
function verdict(credentials: Credentials, { uses = new Map() as NonceUses, at = AT + 1_000 } = {}) {
  const ha1 = md5(secretText('101', REALM, 'right'))
  const expected = md5(responseText(ha1, md5(requestText('REGISTER', credentials.uri)), credentials))
  const mac = macOf(readNonce(credentials.nonce)?.text ?? '')
  return check(uses, REGISTER, { credentials, expected, mac, atMs: at })
}
const header = (more = '') =>
  `Digest username="101", realm="${REALM}", nonce="${issued()}", uri="sip:acme.example", ` +
  `response="${'a'.repeat(32)}", algorithm=MD5, cnonce="c0", qop=auth, nc=00000001${more}`

test('the hash is the one of the example in RFC 2617', () => {
  const credentials = {
    ...phone('x'),
    nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
    cnonce: '0a4f113b',
    count: '00000001',
  }
  const ha1 = md5(secretText('Mufasa', 'testrealm@host.com', 'Circle Of Life'))
  const hash = md5(responseText(ha1, md5(requestText('GET', '/dir/index.html')), credentials))
  expect(hash).toBe('6629fae49393a05397450978507c4ef1')
})

test('the right secret is let in, and only with its realm, user, method and address', () => {
  expect(verdict(phone('right'))).toMatchObject({ ok: true })
  expect(verdict(phone('wrong'))).toEqual({ ok: false, stale: false })
  expect(verdict(phone('right', { user: '102' }))).toEqual({ ok: false, stale: false })
  expect(verdict(phone('right', { method: 'INVITE' }))).toEqual({ ok: false, stale: false })
  expect(verdict(phone('right', { uri: 'sip:other.example' }))).toEqual({ ok: false, stale: false })
  expect(verdict(phone('right', { uri: 'sip:101@acme.example' }))).toEqual({ ok: false, stale: false })
  expect(verdict(phone('right', { realm: 'other.example' }))).toEqual({ ok: false, stale: false })
})

test('a nonce that we have not made lets nobody in, and is not called stale', () => {
  expect(verdict(phone('right', { nonce: 'abc' }))).toEqual({ ok: false, stale: false })
  const elsewhere = nonceOf(nonceText(AT, 'salt1'), macOf(nonceText(AT, 'salt1'), 'other.example'))
  expect(verdict(phone('right', { nonce: elsewhere }))).toEqual({ ok: false, stale: false })
  const later = nonceOf(nonceText(AT + 9, 'salt1'), macOf(nonceText(AT, 'salt1')))
  expect(verdict(phone('right', { nonce: later }))).toEqual({ ok: false, stale: false })
})

test('a nonce is stale after its time, and one of the future too', () => {
  expect(verdict(phone('right'), { at: AT + NONCE_MS })).toMatchObject({ ok: true })
  expect(verdict(phone('right'), { at: AT + NONCE_MS + 1 })).toEqual({ ok: false, stale: true })
  expect(verdict(phone('right'), { at: AT - 60_000 })).toEqual({ ok: false, stale: true })
  expect(verdict(phone('wrong'), { at: AT + NONCE_MS + 1 })).toEqual({ ok: false, stale: false })
})

test('each count of a nonce is good once, in any order inside the window', () => {
  let uses: NonceUses = new Map()
  const tryCount = (count: number): boolean => {
    const result = verdict(phone('right', { count: count.toString(16).padStart(8, '0') }), { uses })
    uses = result.ok ? result.uses : uses
    return result.ok
  }
  expect([1, 1, 3, 2, 2, 3, 1].map(tryCount)).toEqual([true, false, true, true, false, false, false])
  expect([40, 9, 8, 39, 39, 40, 0].map(tryCount)).toEqual([true, true, false, true, false, false, false])
  expect([0xffffffff, 0xffffffff, 41].map(tryCount)).toEqual([true, false, false])
})

test('a wrong secret uses up no count and no memory', () => {
  expect(verdict(phone('wrong'))).not.toHaveProperty('uses')
})

test('counts of nonces that are too old are forgotten, and too many are not remembered', () => {
  const use = (issuedAtMs: number, user = '199') => ({ user, issuedAtMs, highest: 1, seen: 1 })
  const old = new Map([['old', use(AT - NONCE_MS - 1)]])
  const result = verdict(phone('right'), { uses: old, at: AT })
  expect(result.ok && [...result.uses.keys()]).toEqual([readNonce(issued())?.text])
  const full = new Map(Array.from({ length: NONCES_MAX }, (_, at) => [`n${at}`, use(AT)]))
  expect(verdict(phone('right'), { uses: full })).toEqual({ ok: false, stale: true })
  // One extension has a share of them, and uses up nobody else's.
  const ofUser = (user: string) =>
    new Map(Array.from({ length: NONCES_OF_USER_MAX }, (_, at) => [`n${at}`, use(AT, user)]))
  expect(verdict(phone('right'), { uses: ofUser('101') })).toEqual({ ok: false, stale: true })
  expect(verdict(phone('right'), { uses: ofUser('199') }).ok).toBe(true)
})

test('the challenge offers MD5 with auth and nothing else, and says when only the nonce was old', () => {
  expect(challenge(REALM, 'n', false)).toBe('Digest realm="acme.example", nonce="n", algorithm=MD5, qop="auth"')
  expect(challenge('a"b\r\nc', 'n', true)).toBe(
    'Digest realm="a\\"b c", nonce="n", algorithm=MD5, qop="auth", stale=true',
  )
})

test('credentials are read from the header that a phone sends', () => {
  const read = readCredentials([header()], REALM)
  expect(read).toMatchObject({ kind: 'credentials', credentials: { user: '101', count: '00000001', cnonce: 'c0' } })
  expect(readCredentials([], REALM)).toEqual({ kind: 'none' })
  expect(readCredentials([header()], 'other.example')).toEqual({ kind: 'none' })
})

test.each([
  ['two headers', [header(), header()]],
  ['a field twice', [header(', nc=00000002')]],
  ['another kind', ['Basic YTpi']],
  ['another hash', [header().replace('algorithm=MD5', 'algorithm=SHA-256')]],
  ['no qop', [header().replace(', qop=auth', '')]],
  ['auth-int', [header().replace('qop=auth', 'qop=auth-int')]],
  ['a count that is none', [header().replace('nc=00000001', 'nc=1')]],
  ['a hash that is too short', [header().replace('a'.repeat(32), 'a')]],
  ['an open quote', [header(', opaque="')]],
  ['a colon in the cnonce', [header().replace('"c0"', '"c:0"')]],
  ['a user with a colon', [header().replace('username="101"', 'username="1:01"')]],
])('credentials with %s are malformed', (_, values) => {
  expect(readCredentials(values, REALM)).toEqual({ kind: 'malformed' })
})
