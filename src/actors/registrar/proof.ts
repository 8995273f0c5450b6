/** Whether a phone has the secret of its extension. What is hashed is said by `src/core/sip/digest.ts`; the platform hashes. */
import {
  type Credentials,
  check,
  type NonceUses,
  nonceMacText,
  nonceOf,
  nonceText,
  readCredentials,
  readNonce,
  requestText,
  responseText,
  secretText,
} from '../../core/sip/digest.ts'
import { type SipRequest, valuesOf } from '../../core/sip/message.ts'
import type { Registering } from '../../core/sip/registrar.ts'
import { unique } from '../unique.ts'

const UTF8 = new TextEncoder()

/** What was hashed for a request; the counts are looked at afterwards, without waiting in between. */
export type Hashed =
  | { kind: 'none' | 'malformed' }
  | { kind: 'hashed'; credentials: Credentials; secretHash: string; expected: string; mac: string }

export class Proof {
  readonly #domain: string
  readonly #key: Promise<CryptoKey>
  readonly #keyText: string

  /** `keyText`: of this domain alone; nobody else can make a nonce. */
  constructor(domain: string, keyText: string) {
    this.#domain = domain
    this.#keyText = keyText
    this.#key = crypto.subtle.importKey('raw', UTF8.encode(keyText), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  }

  secretHash(extension: string, secret: string): Promise<string> {
    return md5(secretText(extension, this.#domain, secret))
  }

  /** `hashOf` null: there is no such extension. It takes as long as one with a wrong secret, and is answered the same until the address is shut out. */
  async hash(request: SipRequest, hashOf: (extension: string) => string | null): Promise<Hashed> {
    const read = readCredentials(valuesOf(request.headers, 'authorization'), this.#domain)
    if (read.kind !== 'credentials') return { kind: read.kind }
    const { credentials } = read
    const nobody = await md5(`nobody ${this.#keyText} ${credentials.user}`)
    const secretHash = hashOf(credentials.user) ?? nobody
    const requestHash = await md5(requestText(request.method, credentials.uri))
    const expected = await md5(responseText(secretHash, requestHash, credentials))
    const mac = await this.#mac(readNonce(credentials.nonce)?.text ?? '')
    return { kind: 'hashed', credentials, secretHash, expected, mac }
  }

  async nonce(now: number): Promise<string> {
    const text = nonceText(now, unique())
    return nonceOf(text, await this.#mac(text))
  }

  async #mac(text: string): Promise<string> {
    return hexOf(await crypto.subtle.sign('HMAC', await this.#key, UTF8.encode(nonceMacText(this.#domain, text))))
  }
}

export interface Judged {
  proof: Registering['proof']
  /** null: no nonce was used */
  uses: NonceUses | null
  /** the secret was */
  wrong: boolean
}

/** `stands`: nobody has changed the secret while it was hashed. `nonce`: a new one, for the challenge. */
export function judge(
  request: SipRequest,
  hashed: Hashed,
  given: { uses: NonceUses; stands: boolean; nonce: string; atMs: number },
): Judged {
  const { uses, stands, nonce, atMs } = given
  if (hashed.kind === 'malformed') return { proof: 'malformed', uses: null, wrong: false }
  if (hashed.kind !== 'hashed') return { proof: { nonce, stale: false }, uses: null, wrong: false }
  const { credentials, expected, mac } = hashed
  const verdict = check(uses, request, { credentials, expected, mac, atMs })
  if (verdict.ok && stands) return { proof: { user: credentials.user }, uses: verdict.uses, wrong: false }
  const stale = !verdict.ok && verdict.stale
  return { proof: { nonce, stale }, uses: null, wrong: !stale }
}

/** MD5 is what phones in browsers know. WebCrypto has it in workerd alone. */
async function md5(text: string): Promise<string> {
  return hexOf(await crypto.subtle.digest('MD5', UTF8.encode(text)))
}

function hexOf(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map(one => one.toString(16).padStart(2, '0')).join('')
}

/** 160 bits, in letters and digits that a person can read out. */
export function newSecret(): string {
  return [...crypto.getRandomValues(new Uint8Array(32))].map(one => ALPHABET[one % ALPHABET.length]).join('')
}
/** One that a carrier takes as well: it wants a capital letter and a digit. */
export function carrierSecret(): string {
  return `K7${newSecret()}`
}

/** 32 of them, so that each is as likely as any other. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'

/** The key of this domain's nonces is made once; a nonce is good after the object has lost its memory. */
export function nonceKey(sql: SqlStorage): string {
  const [row] = sql.exec('SELECT nonce_key FROM domain').toArray()
  if (row !== undefined) return String(row.nonce_key)
  const key = `${unique()}${unique()}`
  sql.exec('INSERT INTO domain (id, nonce_key) VALUES (1, ?)', key)
  return key
}
