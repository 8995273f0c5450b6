/** What nobody meant to send: random and changed messages, in any order, on any socket. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAddress, parseUri } from './address.ts'
import { NO_BINDINGS, phonesOf, register } from './bindings.ts'
import { readCredentials, readNonce } from './digest.ts'
import { MESSAGE_MAX_BYTES } from './limits.ts'
import { type SipMessage, type SipRequest, write } from './message.ts'
import { parse } from './parse.ts'
import { answerRegister } from './registrar.ts'
import { brief, DOMAIN, replyText, requestText, World } from './testing.ts'
import { firstBytes, textOf, utf8Length } from './utf8.ts'

const SEED = 61
const SPECIAL = [
  '',
  '\r',
  '\rX-Injected: 1',
  '%0d%0aX-Injected: 1',
  '\u2028X-Injected: 1',
  '\u0000',
  '"',
  '<',
  '>',
  ';',
  ',',
  '\\',
  ':',
  '-1',
  '4294967296',
  '99999999999999999999',
  '\ud800',
  'é',
  '__proto__',
  'SIP/2.0',
  'z9hG4bKu1.0',
  `sip:u1@${DOMAIN};lr`,
  'x'.repeat(5_000),
]
const piece = fc.oneof(fc.constantFrom(...SPECIAL), fc.string({ unit: 'binary', maxLength: 12 }))
const invite = requestText({ headers: [{ name: 'subject', value: 'Grüße' }], body: 'v=0\r\n' })
const inside = { route: `<sip:u1@${DOMAIN};transport=ws;lr>`, toTag: 'b1', target: 'sip:s2@s2.invalid' }
/** As the proxy has sent it in the first step of a world. */
const forwarded = (() => {
  const world = new World()
  world.send('s1', invite)
  return world.lastAt('s2', 'INVITE')
})()
const WHOLE = [
  invite,
  requestText({ method: 'MESSAGE', body: 'Hello' }),
  requestText({ method: 'CANCEL', branch: 'INVITE1' }),
  requestText({ ...inside, method: 'ACK' }),
  requestText({ ...inside, method: 'BYE', cseq: 2 }),
  requestText({
    ...inside,
    method: 'REFER',
    cseq: 3,
    headers: [{ name: 'refer-to', value: '<sip:103@acme.example>' }],
  }),
  requestText({ method: 'OPTIONS', target: `sip:${DOMAIN}` }),
  requestText({ from: '102', to: '101', tag: 'b9' }),
  ...[100, 180, 200, 486, 603].map(status => replyText(forwarded, status)),
]
type Change = { at: number; how: 'drop' | 'twice' | 'swap' | 'insert' | 'replace'; text: string }
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(400),
  how: fc.constantFrom('drop', 'twice', 'swap', 'insert', 'replace'),
  text: piece,
})
const changed = fc
  .tuple(fc.constantFrom(...WHOLE), fc.oneof(fc.constant([]), fc.array(change, { maxLength: 3 })))
  .map(([text, changes]) => changes.reduce(applied, text))
const anything = fc.oneof(
  { weight: 8, arbitrary: changed },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  { weight: 1, arbitrary: fc.array(piece, { maxLength: 30 }).map(pieces => pieces.join('\r\n')) },
)

function applied(text: string, { at, how, text: put }: Change): string {
  const lines = text.split('\r\n')
  const line = at % lines.length
  if (how === 'drop') return lines.toSpliced(line, 1).join('\r\n')
  if (how === 'twice') return lines.toSpliced(line, 0, lines[line] ?? '').join('\r\n')
  if (how === 'swap')
    return lines
      .toSpliced(line, 1)
      .toSpliced(at % 7, 0, lines[line] ?? '')
      .join('\r\n')
  const place = (at * 31) % (text.length + 1)
  return text.slice(0, place) + put + text.slice(how === 'insert' ? place : place + put.length + 1)
}

/** Each line of the head ends with CR LF, and nothing was added to it. */
function isClean(text: string): boolean {
  const lines = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n')
  const added = lines.some(line => /[\r\n]/.test(line) || line.includes('\u0000') || line.startsWith('X-Injected'))
  return !added && utf8Length(text) < 2 * MESSAGE_MAX_BYTES
}

/** A text that may leave us. */
function isSound(text: string): boolean {
  return isClean(text) && parse(text).kind === 'message'
}

test('reading never throws, and what was read is written and read the same again', () => {
  let [read, refused] = [0, 0]
  const property = fc.property(anything, text => {
    const parsed = parse(text)
    if (parsed.kind === 'refused') refused += 1
    // What is refused goes back with the headers that could not be read.
    if (parsed.kind !== 'message')
      return parsed.kind === 'keep-alive' || parsed.answer === null || isClean(parsed.answer)
    read += 1
    expect(parse(write(parsed.message))).toEqual(parsed)
    return true
  })
  fc.assert(property, { numRuns: 1_500, seed: SEED })
  expect(read).toBeGreaterThan(500)
  expect(refused).toBeGreaterThan(500)
})

test('nobody answers an answer that cannot be read', () => {
  let refused = 0
  const property = fc.property(fc.array(change, { maxLength: 3 }), changes => {
    const parsed = parse(`SIP/2.0 ${changes.reduce(applied, replyText(forwarded, 200).slice(8))}`)
    refused += parsed.kind === 'refused' ? 1 : 0
    return parsed.kind !== 'refused' || parsed.answer === null
  })
  fc.assert(property, { numRuns: 500, seed: SEED })
  expect(refused).toBeGreaterThan(50)
})

test('binary frames are read like text or refused', () => {
  const property = fc.property(
    fc.uint8Array({ maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    (bytes, text) => {
      const coded = new TextEncoder().encode(text)
      expect(textOf(coded)).toBe(text)
      expect(utf8Length(text)).toBe(coded.length)
      expect(firstBytes(text, coded.length)).toBe(text)
      const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      expect(textOf(bytes)).toBe(decodedBy(strict, bytes))
      return parse(bytes).kind.length > 0
    },
  )
  fc.assert(property, { numRuns: 1_000, seed: SEED })
})

function decodedBy(decoder: { decode: (bytes: Uint8Array) => string }, bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

type Deed = { other: string | null; text: string; wait: number; gone: boolean }
const deed: fc.Arbitrary<Deed> = fc.record({
  // Another socket than the one of the phone that says such a thing.
  other: fc.constantFrom(null, null, null, null, 's1', 's2', 's3', 's9'),
  text: changed,
  wait: fc.constantFrom(0, 0, 0, 0, 0, 10, 31_000),
  gone: fc.constantFrom(false, false, false, false, false, false, false, true),
})

test('whatever comes, what is sent is sound and goes to phones, an answer is never answered, and everything ends', () => {
  const seen = new Map<string, number>()
  const property = fc.property(fc.boolean(), fc.array(deed, { minLength: 3, maxLength: 10 }), (inCall, deeds) => {
    const world = new World({ s1: '101', s2: '102', s3: '102' })
    world.send('s1', invite)
    if (inCall) world.send('s2', replyText(world.lastAt('s2', 'INVITE'), 200))
    for (const one of deeds) {
      const socket = one.other ?? (/^SIP|102\.invalid/.test(one.text) ? 's2' : 's1')
      const parsed = parse(one.text)
      const message: SipMessage | null = parsed.kind === 'message' ? parsed.message : null
      const sends = message === null ? [] : world.receive(socket, message)
      const back = sends.filter(send => send.socket === socket && /^\d/.test(brief(send.text)))
      expect(message?.kind === 'response' ? back : []).toEqual([])
      world.pass(one.wait)
      if (one.gone) world.gone(socket)
    }
    for (const { socket, text } of world.sent) {
      seen.set(brief(text), (seen.get(brief(text)) ?? 0) + 1)
      expect([/^s[1239]$/.test(socket), isSound(text) || text]).toEqual([true, true])
    }
    world.pass(13 * 3_600_000)
    expect(world.isIdle).toBe(true)
    const began = world.facts.filter(one => one.type === 'began').length
    expect(world.facts.filter(one => one.type === 'closed')).toHaveLength(began)
    expect(world.facts.filter(one => one.type === 'ended')).toHaveLength(began)
  })
  fc.assert(property, { numRuns: 350, seed: SEED })
  // What the promise is about has happened.
  for (const word of ['200', '180', '486', '481', 'BYE', 'CANCEL', 'ACK', 'REFER'])
    expect(seen.get(word), word).toBeGreaterThan(5)
})

test('addresses, credentials and nonces of any text are read or refused', () => {
  let read = 0
  const property = fc.property(piece, piece, (a, b) => {
    const uri = parseUri(`sip:${a}@${b}`) ?? parseUri(`sip:101@acme.example;${a}`)
    read += uri === null ? 0 : 1
    parseAddress(`"${a}" <sip:101@acme.example${b}>;tag=${a}`)
    readCredentials([`Digest realm="${a}", ${b}`], a)
    readNonce(`${a}-${b}`)
    return uri === null || !/[\r\n<>\s]/.test(uri.text)
  })
  fc.assert(property, { numRuns: 2_000, seed: SEED })
  expect(read).toBeGreaterThan(50)
})

test('a registration of any text gives a sound answer and never more than ten phones', () => {
  const contact = fc.oneof(
    piece,
    piece.map(one => `<sip:${one}@x.invalid>;expires=${one}`),
    fc.nat(30).map(n => `<sip:p${n}@x.invalid>`),
  )
  const asked = fc.tuple(fc.array(contact, { maxLength: 4 }), fc.nat(20), fc.constantFrom('s1', 's2'))
  const property = fc.property(fc.array(asked, { maxLength: 12 }), registrations => {
    let bindings = NO_BINDINGS
    for (const [contacts, cseq, socket] of registrations) {
      bindings = register(bindings, {
        extension: '101',
        socket,
        callId: 'r',
        cseq,
        contacts,
        expires: null,
        atMs: 0,
      }).bindings
      expect(phonesOf(bindings, '101', 0).length).toBeLessThanOrEqual(10)
      const headers = contacts.map(value => ({ name: 'contact', value }))
      const parsed = parse(requestText({ method: 'REGISTER', to: '101', target: `sip:${DOMAIN}`, headers }))
      const request = parsed.kind === 'message' ? (parsed.message as SipRequest) : null
      const more = { socket, domain: DOMAIN, atMs: 0, unique: 'u', proof: { user: '101' } }
      const text = request === null ? null : answerRegister(bindings, { request, ...more }).text
      expect(text === null || isSound(text)).toBe(true)
    }
  })
  fc.assert(property, { numRuns: 200, seed: SEED })
})
