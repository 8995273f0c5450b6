import { expect, test } from 'vitest'
import { type Bindings, NO_BINDINGS, phonesOf } from './bindings.ts'
import { type SipRequest, type SipResponse, valuesOf } from './message.ts'
import { answerRegister, type Registering } from './registrar.ts'
import { DOMAIN, messageOf, requestText } from './testing.ts'

const AT = Date.UTC(2026, 11, 1, 5)
const REGISTER = {
  method: 'REGISTER',
  to: '101',
  target: `sip:${DOMAIN}`,
  headers: [{ name: 'expires', value: '600' }],
}

function registers(
  more: Partial<Registering> = {},
  written: Parameters<typeof requestText>[0] & { replaced?: string } = {},
  bindings: Bindings = NO_BINDINGS,
) {
  const [to, { replaced = to }] = ['To: <sip:101@acme.example>', written]
  const request = messageOf(requestText({ ...REGISTER, ...written }).replace(to, replaced)) as SipRequest
  const asked = { request, socket: 's1', domain: DOMAIN, atMs: AT, unique: 'u1', proof: { user: '101' }, ...more }
  const answer = answerRegister(bindings, asked)
  return { ...answer, read: messageOf(answer.text) as SipResponse }
}

test('a phone that knows the secret is registered and told until when', () => {
  const { read, bindings, extension } = registers()
  expect(read.status).toBe(200)
  expect(extension).toBe('101')
  expect(valuesOf(read.headers, 'contact')).toEqual(['<sip:101@101.invalid;transport=ws>;expires=600'])
  expect(valuesOf(read.headers, 'date')).toEqual(['Tue, 01 Dec 2026 05:00:00 GMT'])
  expect(phonesOf(bindings, '101', AT)).toHaveLength(1)
})

test('a phone that has not shown the secret is challenged with the realm of the domain', () => {
  const { read, bindings } = registers({ proof: { nonce: 'n1', stale: true } })
  expect(read.status).toBe(401)
  expect(valuesOf(read.headers, 'www-authenticate')).toEqual([
    `Digest realm="${DOMAIN}", nonce="n1", algorithm=MD5, qop="auth", stale=true`,
  ])
  expect(bindings).toBe(NO_BINDINGS)
})

test.each([
  ['the secret of somebody else', 403, { proof: { user: '102' } }, {}],
  ['another domain', 403, {}, { target: 'sip:other.example' }],
  ['an extension of another domain', 403, {}, { replaced: 'To: <sip:101@other.example>' }],
  ['another domain although its secret is right', 403, { domain: 'other.example' }, {}],
  ['a proof that is malformed', 400, { proof: 'malformed' as const }, {}],
  [
    'a phone behind another proxy',
    403,
    {},
    { headers: [{ name: 'via', value: 'SIP/2.0/WS b.invalid;branch=z9hG4bKb' }] },
  ],
  ['a time that is too short', 423, {}, { headers: [{ name: 'expires', value: '30' }] }],
] as [string, number, Partial<Registering>, Parameters<typeof registers>[1]][])(
  '%s is refused with %d and changes nothing',
  (_, status, more, written) => {
    const { read, bindings, extension } = registers(more, written)
    expect([read.status, bindings, extension]).toEqual([status, NO_BINDINGS, null])
    expect(valuesOf(read.headers, 'contact')).toEqual([])
  },
)

test('a time that is too short is told the shortest one', () => {
  const { read } = registers({}, { headers: [{ name: 'expires', value: '30' }] })
  expect(valuesOf(read.headers, 'min-expires')).toEqual(['60'])
})
