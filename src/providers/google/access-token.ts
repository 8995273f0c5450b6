/**
 * Access tokens of a Google service account: a JWT signed with its key (RS256) is exchanged for a token of an hour.
 * Source: developers.google.com/identity/protocols/oauth2/service-account, "HTTP/REST".
 */
import { ProviderFailure } from '../failure.ts'
import { post } from '../http.ts'

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const LIFE_S = 3_600
/** A token is renewed this long before it expires, so that it does not expire during a request. */
const EARLY_MS = 60_000

/** The fields of the key file that are used. */
export interface GoogleCredentials {
  client_email: string
  private_key: string
  private_key_id?: string
  token_uri?: string
}

/** Parses a key file; null: the text is no key file. */
export function googleCredentialsOf(text: string): GoogleCredentials | null {
  try {
    const value = JSON.parse(text) as Partial<GoogleCredentials>
    const usable = typeof value.client_email === 'string' && typeof value.private_key === 'string'
    return usable ? (value as GoogleCredentials) : null
  } catch {
    return null
  }
}

interface Token {
  text: string
  untilMs: number
}
/** The calls of an isolate share the tokens, because an exchange takes 200 ms. Keyed by account, key id and URL. */
const tokens = new Map<string, Token>()
const TOKENS_MAX = 100

export interface TokenWork {
  credentials: GoogleCredentials
  nowMs: number
  signal: AbortSignal
  fetch?: typeof fetch
}

/** Returns a token that has not expired; null: `signal` aborted. Throws `ProviderFailure`. */
export async function accessToken({ credentials, nowMs, signal, fetch: fetcher }: TokenWork): Promise<string | null> {
  const key = keyOf(credentials)
  const known = tokens.get(key)
  if (known && known.untilMs > nowMs) return known.text
  const url = credentials.token_uri ?? 'https://oauth2.googleapis.com/token'
  const body = new URLSearchParams({ grant_type: GRANT, assertion: await assertionOf(credentials, url, nowMs) })
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const response = await post('google', { url, headers, body: body.toString() }, signal, fetcher)
  if (response === null) return null
  const { access_token: text, expires_in: lifeS } = (await response.json().catch(() => ({}))) as {
    access_token?: unknown
    expires_in?: unknown
  }
  if (signal.aborted) return null
  if (typeof text !== 'string') throw new ProviderFailure('google', 'unavailable', 'an answer without a token')
  if (tokens.size >= TOKENS_MAX) tokens.clear()
  tokens.set(key, { text, untilMs: nowMs + (Number(lifeS) || LIFE_S) * 1_000 - EARLY_MS })
  return text
}

/** Forgets a token that was refused, so that a new one is requested. */
export function forgetToken(credentials: GoogleCredentials): void {
  tokens.delete(keyOf(credentials))
}

function keyOf({ client_email: email, private_key_id: id = '', token_uri: place = '' }: GoogleCredentials): string {
  return `${email} ${id} ${place}`
}

async function assertionOf(credentials: GoogleCredentials, audience: string, nowMs: number): Promise<string> {
  // Loaded here, because few installations use Google.
  const { importPKCS8, SignJWT } = await import('jose')
  const issuedAt = Math.floor(nowMs / 1_000)
  try {
    const key = await importPKCS8(credentials.private_key, 'RS256')
    return await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({
        alg: 'RS256',
        typ: 'JWT',
        ...(credentials.private_key_id ? { kid: credentials.private_key_id } : {}),
      })
      .setIssuer(credentials.client_email)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFE_S)
      .sign(key)
  } catch {
    throw new ProviderFailure('google', 'unauthorised', 'the private key is not a PKCS#8 key')
  }
}
