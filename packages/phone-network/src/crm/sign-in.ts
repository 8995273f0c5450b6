/** Sign-in by JWT bearer (Help, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration"), and its sessions. */
import { createPublicKey, createVerify, type KeyObject } from 'node:crypto'
import { type CrmRefusal, restRefusal, tokenRefusal } from './errors.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
/** How far in the future, and how far in the past, the expiry of an assertion may be. */
const AHEAD_S_MAX = 300
const SKEW_S = 5
const SESSIONS_MAX = 1_000

/** The registered app: its consumer key, the public half of its certificate, the user who has approved it. */
export interface App {
  clientId: string
  publicKeyPem: string
  subject: string
  /** the audience that an assertion must name */
  audience: string
}

export class SignIn {
  readonly #app: App
  readonly #key: KeyObject
  readonly #now: () => number
  readonly #sessions = new Set<string>()
  #made = 0

  constructor(app: App, now: () => number) {
    this.#app = app
    this.#key = createPublicKey(app.publicKeyPem)
    this.#now = now
  }

  /** The token of a good assertion. Throws `CrmRefusal`. */
  token(form: URLSearchParams): string {
    if (form.get('grant_type') !== GRANT) throw tokenRefusal('unsupported_grant_type', 'grant type not supported')
    this.#check(form.get('assertion') ?? '')
    this.#made += 1
    const token = `00D000000000001!AQ${String(this.#made).padStart(6, '0')}.${crypto.randomUUID()}`
    if (this.#sessions.size >= SESSIONS_MAX) this.#sessions.clear()
    this.#sessions.add(token)
    return token
  }

  #check(assertion: string): void {
    const [head = '', claims = '', signature = '', ...more] = assertion.split('.')
    const { alg } = partOf(head)
    const { iss, sub, aud, exp } = partOf(claims)
    if (more.length > 0 || signature === '' || alg !== 'RS256') throw bad('invalid assertion')
    if (iss !== this.#app.clientId) throw tokenRefusal('invalid_client_id', 'client identifier invalid')
    const verify = createVerify('RSA-SHA256').update(`${head}.${claims}`)
    if (!verify.verify(this.#key, Buffer.from(signature, 'base64url'))) throw bad('invalid assertion')
    if (aud !== this.#app.audience) throw bad('audience is invalid')
    const aheadS = typeof exp === 'number' ? exp - this.#now() / 1_000 : Number.NaN
    if (!(aheadS > -SKEW_S)) throw bad('expired authorization code')
    if (aheadS > AHEAD_S_MAX + SKEW_S) throw bad('invalid assertion')
    if (sub !== this.#app.subject) throw bad("user hasn't approved this consumer")
  }

  /** Throws the 401 for a session that has expired or never existed. */
  admit(authorization: string): void {
    const token = /^Bearer (\S+)$/.exec(authorization)?.[1] ?? ''
    if (!this.#sessions.has(token)) throw sessionOver()
  }

  /** Every session ends. */
  endSessions(): void {
    this.#sessions.clear()
  }

  get made(): number {
    return this.#made
  }
}

function sessionOver(): CrmRefusal {
  return restRefusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid')
}

function bad(description: string): CrmRefusal {
  return tokenRefusal('invalid_grant', description)
}

function partOf(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    throw bad('invalid assertion')
  }
}
