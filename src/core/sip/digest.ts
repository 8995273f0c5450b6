/**
 * Digest MD5 with qop auth (RFC 2617, 7616). Hashing and the MAC of a nonce are asynchronous on the platform, so this says which
 * texts are to be hashed and compares what has come of them. Phones in browsers know MD5 only.
 */
import { parseUri, sameUri } from './address.ts'
import { escaped, isToken, onOneLine, pairsOf, parameter, splitOutside } from './grammar.ts'
import type { SipRequest } from './message.ts'

/** A nonce is good for so long; then the phone is told to take a new one, and asks nobody for the secret. */
export const NONCE_MS = 300_000
/** A clock of another machine may be ahead by so much. */
const AHEAD_MS = 5_000
/** A count may come so much later than a higher one. */
const WINDOW = 32
/** Nonces with their counts that are remembered. */
export const NONCES_MAX = 20_000
/** Of one extension, so that one of them cannot use up all. */
export const NONCES_OF_USER_MAX = 100

export interface Credentials {
  user: string
  realm: string
  nonce: string
  uri: string
  response: string
  cnonce: string
  /** eight hexadecimal digits, as they were read */
  count: string
}

export type ReadCredentials =
  | { kind: 'credentials'; credentials: Credentials }
  | { kind: 'none' }
  /** More than one, a field twice, or another kind than Digest MD5 with qop auth. */
  | { kind: 'malformed' }

/** Counts that were used with a nonce: the highest, and a bit for each of the 32 up to it. */
export interface NonceUse {
  /** whose secret it was used with */
  user: string
  issuedAtMs: number
  highest: number
  seen: number
}
export type NonceUses = ReadonlyMap<string, NonceUse>

export type Verdict =
  | { ok: true; uses: NonceUses }
  /** `stale`: the secret was right and the nonce too old; the phone repeats by itself. */
  | { ok: false; stale: boolean }

/** The text of a nonce without its MAC. `salt`: random text of letters and digits. */
export function nonceText(atMs: number, salt: string): string {
  return `${Math.floor(atMs).toString(36)}-${salt.replaceAll(/[^A-Za-z0-9]/g, '')}`
}

/** What the MAC of a nonce is made over: a nonce of one domain is none of another. */
export function nonceMacText(realm: string, text: string): string {
  return `nonce ${realm} ${text}`
}

/** `mac`: hexadecimal, of `nonceMacText`. */
export function nonceOf(text: string, mac: string): string {
  return `${text}-${mac}`
}

/** The parts of a nonce; null: we have not made it. */
export function readNonce(nonce: string): { text: string; atMs: number; mac: string } | null {
  const [, time = '', salt = '', mac = ''] =
    /^([0-9a-z]{1,10})-([A-Za-z0-9]{1,64})-([0-9a-f]{16,128})$/.exec(nonce) ?? []
  return time === '' ? null : { text: `${time}-${salt}`, atMs: Number.parseInt(time, 36), mac }
}

/** The value of WWW-Authenticate. */
export function challenge(realm: string, nonce: string, stale: boolean): string {
  const fields = [
    `realm="${escaped(onOneLine(realm))}"`,
    `nonce="${escaped(onOneLine(nonce))}"`,
    'algorithm=MD5',
    'qop="auth"',
  ]
  return `Digest ${(stale ? [...fields, 'stale=true'] : fields).join(', ')}`
}

/** `values`: every value of Authorization. Values of another realm count as none. */
export function readCredentials(values: readonly string[], realm: string): ReadCredentials {
  const [value, ...more] = values
  if (value === undefined) return { kind: 'none' }
  const pieces = /^digest\s/i.test(value) ? splitOutside(value.slice(7), ',') : null
  const fields = pieces === null ? null : pairsOf(pieces)
  if (fields === null || more.length > 0) return { kind: 'malformed' }
  const field = (name: string) => parameter(fields, name) ?? ''
  if (field('realm') !== realm) return { kind: 'none' }
  const credentials: Credentials = {
    user: field('username'),
    realm: field('realm'),
    nonce: field('nonce'),
    uri: field('uri'),
    response: field('response').toLowerCase(),
    cnonce: field('cnonce'),
    count: field('nc'),
  }
  const sound =
    isToken(credentials.user) &&
    credentials.user.length <= 64 &&
    /^[0-9a-f]{32}$/.test(credentials.response) &&
    /^[0-9a-fA-F]{8}$/.test(credentials.count) &&
    /^[^:\s]{1,256}$/.test(credentials.cnonce) &&
    field('qop').toLowerCase() === 'auth' &&
    ['', 'md5'].includes(field('algorithm').toLowerCase())
  return sound ? { kind: 'credentials', credentials } : { kind: 'malformed' }
}

/** MD5 of this, in hexadecimal, is what is stored instead of the secret (HA1). */
export function secretText(user: string, realm: string, secret: string): string {
  return `${user}:${realm}:${secret}`
}

/** MD5 of this is `requestHash` of `responseText` (HA2). */
export function requestText(method: string, uri: string): string {
  return `${method}:${uri}`
}

/** MD5 of this is what the phone has to have sent. */
export function responseText(secretHash: string, requestHash: string, of: Credentials): string {
  return [secretHash, of.nonce, of.count, of.cnonce, 'auth', requestHash].join(':')
}

/**
 * Whether this request is of who it says. `expected`: the MD5 of `responseText`, for an unknown user with a hash that nobody knows, so
 * that the answer takes as long. `mac`: of the nonce's text. Counts are remembered only when everything else was right.
 */
export function check(
  uses: NonceUses,
  request: SipRequest,
  given: { credentials: Credentials; expected: string; mac: string; atMs: number },
): Verdict {
  const { credentials, expected, mac, atMs } = given
  const nonce = readNonce(credentials.nonce)
  const uri = parseUri(credentials.uri)
  const right = same(credentials.response, expected)
  if (nonce === null || !same(nonce.mac, mac) || !right) return { ok: false, stale: false }
  if (uri === null || !sameUri(uri, request.target)) return { ok: false, stale: false }
  const age = atMs - nonce.atMs
  if (age > NONCE_MS || age < -AHEAD_MS) return { ok: false, stale: true }
  const kept = new Map([...uses].filter(([, one]) => atMs - one.issuedAtMs <= NONCE_MS))
  const use = kept.get(nonce.text) ?? { user: credentials.user, issuedAtMs: nonce.atMs, highest: 0, seen: 0 }
  const next = counted(use, Number.parseInt(credentials.count, 16))
  // A nonce whose counts cannot be remembered could be replayed, so the phone takes a new one later.
  if (next === null || (!kept.has(nonce.text) && isFull(kept, credentials.user))) return { ok: false, stale: true }
  return { ok: true, uses: kept.set(nonce.text, next) }
}

function isFull(kept: NonceUses, user: string): boolean {
  if (kept.size >= NONCES_MAX) return true
  let own = 0
  for (const one of kept.values()) if (one.user === user) own += 1
  return own >= NONCES_OF_USER_MAX
}

/** Null: the count was used, or it is too old to say. */
function counted(use: NonceUse, count: number): NonceUse | null {
  if (count < 1) return null
  const ahead = count - use.highest
  if (ahead > 0) {
    const seen = ahead >= WINDOW ? 1 : ((use.seen << ahead) | 1) >>> 0
    return { ...use, highest: count, seen }
  }
  const bit = -ahead
  if (bit >= WINDOW || ((use.seen >>> bit) & 1) === 1) return null
  return { ...use, seen: (use.seen | (1 << bit)) >>> 0 }
}

/** Takes as long whatever differs. */
function same(one: string, other: string): boolean {
  let difference = one.length ^ other.length
  for (let at = 0; at < one.length; at += 1) difference |= one.charCodeAt(at) ^ (other.charCodeAt(at) || 0)
  return difference === 0
}
