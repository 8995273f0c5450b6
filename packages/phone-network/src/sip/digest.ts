import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** Digest authentication with MD5 and `qop=auth` (RFC 2617, as RFC 3261 uses it), for both sides. */

export const REALM = 'sip.twilio.com'
const NONCE_MS = 300_000

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

/** This is kept of a password; Twilio keeps no more either. */
export function ha1Of(username: string, password: string, realm = REALM): string {
  return md5(`${username}:${realm}:${password}`)
}

/** `Digest a="1", b=2` → its parameters. Null when it is another scheme. */
export function readDigest(value: string): Record<string, string> | null {
  const found = /^Digest\s+(.*)$/i.exec(value.trim())
  if (found === null) return null
  const parameters: Record<string, string> = Object.create(null)
  for (const [, name = '', quoted, plain = ''] of (found[1] ?? '').matchAll(
    /(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g,
  )) {
    parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? plain
  }
  return parameters
}

interface Asked {
  method: string
  nonce: string
  uri: string
  qop?: string
  nc?: string
  cnonce?: string
}

function responseOf(ha1: string, { method, nonce, uri, qop, nc, cnonce }: Asked): string {
  const ha2 = md5(`${method}:${uri}`)
  if (qop === undefined || qop === '') return md5(`${ha1}:${nonce}:${ha2}`)
  return md5(`${ha1}:${nonce}:${nc ?? ''}:${cnonce ?? ''}:${qop}:${ha2}`)
}

function equal(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)]
  return one.length === other.length && timingSafeEqual(one, other)
}

export type Verdict = 'good' | 'stale' | 'wrong'

/** Makes challenges and judges answers to them. A nonce carries its time and needs no memory; the counts of each are kept. */
export class Challenger {
  readonly #secret: string
  readonly #now: () => number
  #challenges = 0
  /** nonce → the highest count that was used with it, so that an answer is good once */
  readonly #used = new Map<string, number>()

  constructor(secret: string, now: () => number) {
    this.#secret = secret
    this.#now = now
  }

  #sign(at: string): string {
    return createHmac('sha256', this.#secret).update(at).digest('hex').slice(0, 24)
  }

  challenge(stale = false): string {
    // Two challenges of one millisecond are two all the same.
    this.#challenges += 1
    const at = `${this.#now().toString(36)}-${this.#challenges.toString(36)}`
    const nonce = `${at}.${this.#sign(at)}`
    return `Digest realm="${REALM}", qop="auth", nonce="${nonce}", algorithm=MD5${stale ? ', stale=true' : ''}`
  }

  judge(answer: Record<string, string>, method: string, ha1: string): Verdict {
    const { nonce = '', uri = '', response = '', qop, nc, cnonce, realm } = answer
    const [at = '', signature = ''] = nonce.split('.')
    if (realm !== REALM || !equal(signature, this.#sign(at))) return 'stale'
    if (
      !equal(
        response,
        responseOf(ha1, {
          method,
          nonce,
          uri,
          ...(qop === undefined ? {} : { qop }),
          ...(nc === undefined ? {} : { nc }),
          ...(cnonce === undefined ? {} : { cnonce }),
        }),
      )
    )
      return 'wrong'
    if (this.#now() - Number.parseInt(at, 36) > NONCE_MS) return 'stale'
    const count = nc === undefined ? 1 : Number.parseInt(nc, 16)
    if (!(count > (this.#used.get(nonce) ?? 0))) return 'stale'
    this.#used.set(nonce, count)
    this.#forget()
    return 'good'
  }

  #forget(): void {
    for (const nonce of this.#used.keys()) {
      if (this.#now() - Number.parseInt(nonce, 36) <= NONCE_MS) return
      this.#used.delete(nonce)
    }
  }
}

export interface Credentials {
  username: string
  password: string
}

/** The answer to somebody else's challenge. Null when it asks for something that is not MD5 with `auth`. */
export function answerChallenge(
  challenge: string,
  { username, password }: Credentials,
  request: { method: string; uri: string; cnonce: string },
): string | null {
  const asked = readDigest(challenge)
  if (asked === null || (asked.algorithm ?? 'MD5').toUpperCase() !== 'MD5') return null
  const { realm = '', nonce = '', opaque, qop } = asked
  const offered = qop?.split(',').map(one => one.trim())
  if (offered !== undefined && !offered.includes('auth')) return null
  const ha1 = ha1Of(username, password, realm)
  const { method, uri, cnonce } = request
  const counted = offered === undefined ? {} : { qop: 'auth', nc: '00000001', cnonce }
  const response = responseOf(ha1, { method, nonce, uri, ...counted })
  const quoted = { username, realm, nonce, uri, response, ...(opaque === undefined ? {} : { opaque }) }
  const parts = Object.entries(quoted).map(([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`)
  if (offered !== undefined) parts.push('qop=auth', 'nc=00000001', `cnonce="${cnonce}"`)
  return `Digest ${[...parts, 'algorithm=MD5'].join(', ')}`
}
