import { expect, test } from 'vitest'
import {
  type Bindings,
  extensionOf,
  NO_BINDINGS,
  nextExpiry,
  phonesOf,
  type Registration,
  register,
  socketGone,
  withoutExpired,
} from './bindings.ts'

const AT = 1_000_000
const ask = (more: Partial<Registration> = {}): Registration => ({
  extension: '101',
  socket: 's1',
  callId: 'r1',
  cseq: 1,
  contacts: ['<sip:a@x.invalid;transport=ws>;+sip.instance="<urn:uuid:1>";reg-id=1;expires=600'],
  expires: null,
  atMs: AT,
  ...more,
})
const after = (...asked: Partial<Registration>[]): Bindings =>
  asked.reduce<Bindings>((bindings, one) => register(bindings, ask(one)).bindings, NO_BINDINGS)
const places = (bindings: Bindings, extension = '101', at = AT) =>
  phonesOf(bindings, extension, at).map(one => `${one.contact} ${one.socket}`)
const A = 'sip:a@x.invalid;transport=ws'

test('a phone is registered, and the answer lists it with its instance and the seconds that are left', () => {
  const first = register(NO_BINDINGS, ask())
  expect(first.status).toBe(200)
  expect(first.contacts).toEqual([`<${A}>;expires=600;+sip.instance="<urn:uuid:1>";reg-id=1`])
  const query = register(first.bindings, ask({ contacts: [], cseq: 2, atMs: AT + 90_500 }))
  expect(query.contacts).toEqual([`<${A}>;expires=510;+sip.instance="<urn:uuid:1>";reg-id=1`])
})

test('a phone that comes back on another socket with another address has one binding', () => {
  const back = { socket: 's2', callId: 'r2', contacts: ['<sip:b@y.invalid>;+sip.instance="<urn:uuid:1>";reg-id=1'] }
  expect(places(after({}, back))).toEqual(['sip:b@y.invalid s2'])
})

test('two phones of an extension are two bindings, with and without an instance', () => {
  const other = { socket: 's2', callId: 'r2', contacts: ['<sip:b@y.invalid>'] }
  const again = { socket: 's3', callId: 'r3', contacts: ['<sip:b@y.invalid>'] }
  expect(places(after({}, other))).toEqual([`${A} s1`, 'sip:b@y.invalid s2'])
  expect(places(after({}, other, again))).toEqual([`${A} s1`, 'sip:b@y.invalid s3'])
})

test.each([
  ['the time of the contact', `<${A}>;expires=120`, '600', 120],
  ['Expires when the contact has none', `<${A}>`, '700', 700],
  ['an hour when nothing is said', `<${A}>`, null, 3_600],
  ['an hour when more is asked', `<${A}>;expires=4294967295`, null, 3_600],
])('the time is %s', (_, contact, expires, seconds) => {
  const { bindings } = register(NO_BINDINGS, ask({ contacts: [contact], expires }))
  expect(places(bindings, '101', AT + seconds * 1_000 - 1)).toHaveLength(1)
  expect(places(bindings, '101', AT + seconds * 1_000)).toEqual([])
  expect(nextExpiry(bindings)).toBe(AT + seconds * 1_000)
  expect(withoutExpired(bindings, AT + seconds * 1_000)).toEqual(NO_BINDINGS)
})

test('zero removes one binding, and the star removes all of the extension and nobody else’s', () => {
  const [second, third] = [
    { socket: 's2', callId: 'r2', contacts: ['<sip:b@y.invalid>'] },
    { extension: '102', socket: 's3', callId: 'r3', contacts: ['<sip:c@z.invalid>'] },
  ]
  const zero = after({}, second, third, {
    cseq: 2,
    contacts: [`<${A}>;+sip.instance="<urn:uuid:1>";reg-id=1;expires=0`],
  })
  expect(places(zero)).toEqual(['sip:b@y.invalid s2'])
  const star = after({}, second, third, { cseq: 2, contacts: ['*'], expires: '0' })
  expect(places(star)).toEqual([])
  expect(places(star, '102')).toEqual(['sip:c@z.invalid s3'])
})

test.each([
  ['a star with a time', 400, { contacts: ['*'], expires: '60' }],
  ['a star beside another', 400, { contacts: ['*', '<sip:b@y.invalid>'], expires: '0' }],
  ['a time that is too short', 423, { contacts: ['<sip:b@y.invalid>;expires=59'] }],
  ['a time that is no number', 400, { contacts: ['<sip:b@y.invalid>;expires=soon'] }],
  ['a time that is too large for any phone', 400, { contacts: ['<sip:b@y.invalid>;expires=99999999999'] }],
  ['an address that is none', 400, { contacts: ['<sip:>'] }],
  ['a telephone number', 416, { contacts: ['<tel:+14155550100>'] }],
  ['an instance with a quote', 400, { contacts: ['<sip:b@y.invalid>;+sip.instance="<a\\"b>"'] }],
  ['one bad contact beside a good one', 400, { contacts: ['<sip:b@y.invalid>', '<sip:>'] }],
  ['the same number again', 400, { cseq: 1 }],
  ['another extension on the same socket', 403, { extension: '102', callId: 'r9' }],
] as [string, number, Partial<Registration>][])('%s is refused with %d and changes nothing', (_, status, asked) => {
  const before = after({})
  const answer = register(before, ask({ cseq: 2, ...asked }))
  expect(answer.status).toBe(status)
  expect(answer.bindings).toBe(before)
  expect(answer.contacts).toEqual([])
})

test('an extension has ten phones and no eleventh', () => {
  const phone = (at: number) => ({ socket: `s${at}`, callId: `r${at}`, contacts: [`<sip:p${at}@x.invalid>`] })
  const ten = after(...Array.from({ length: 10 }, (_, at) => phone(at)))
  expect(places(ten)).toHaveLength(10)
  expect(register(ten, ask(phone(11))).status).toBe(403)
  expect(register(ten, ask({ ...phone(3), cseq: 2 })).status).toBe(200)
  expect(register(socketGone(ten, 's4'), ask(phone(11))).status).toBe(200)
})

test('a socket that is gone takes its bindings along and leaves the others', () => {
  const both = after({}, { socket: 's2', callId: 'r2', contacts: ['<sip:b@y.invalid>'] })
  expect([extensionOf(both, 's1', AT), extensionOf(both, 's3', AT)]).toEqual(['101', null])
  expect(places(socketGone(both, 's1'))).toEqual(['sip:b@y.invalid s2'])
  expect(extensionOf(socketGone(both, 's1'), 's1', AT)).toBeNull()
  expect(socketGone(both, 's9')).toBe(both)
})

test('a binding that has expired lets nobody speak', () => {
  expect(extensionOf(after({}), 's1', AT + 600_000)).toBeNull()
})

test('a star of an older request removes nothing', () => {
  const before = after({ cseq: 5 })
  expect(register(before, ask({ cseq: 4, contacts: ['*'], expires: '0' })).bindings).toBe(before)
})
