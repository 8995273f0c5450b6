/**
 * Access tokens of a Google service account: a JWT signed with its key (RS256) is exchanged for a token of an hour.
 * Source: developers.google.com/identity/protocols/oauth2/service-account, "HTTP/REST".
 */
import { ProviderFailure } from '../failure.ts'
import { post } from '../http.ts'

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const LIFE_S = 3_600
/** Renewed so long before its end, so that no request carries one that ends under way. */
const EARLY_MS = 60_000

/** The fields of the key file that are used. */
export interface GoogleCredentials {
  client_email: string
  private_key: string
  private_key_id?: string
  token_uri?: string
}

/** The key file as text, or null for anything that is none. */
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
/** Shared by the calls of an isolate: an exchange costs a caller 200 ms. Keyed by account and place. */
const tokens = new Map<string, Token>()
const TOKENS_MAX = 100

export interface TokenWork {
  credentials: GoogleCredentials
  nowMs: number
  signal: AbortSignal
  fetch?: typeof fetch
}

/** A token that is still good; null when `signal` aborted. Throws `ProviderFailure`. */
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

/** The next one is fetched anew: this one was refused. */
export function forgetToken(credentials: GoogleCredentials): void {
  tokens.delete(keyOf(credentials))
}

function keyOf({ client_email: email, private_key_id: id = '', token_uri: place = '' }: GoogleCredentials): string {
  return `${email} ${id} ${place}`
}

async function assertionOf(credentials: GoogleCredentials, audience: string, nowMs: number): Promise<string> {
  // Loaded late: few installations speak with Google.
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
