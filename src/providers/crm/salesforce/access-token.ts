/**
 * OAuth 2.0 JWT bearer flow: an assertion signed with our key (RS256) is exchanged for a token, without a password.
 * Source: help.salesforce.com, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration". The answer has no expiry time,
 * so a token is kept for less than an org's shortest usual session and renewed when it is refused.
 */
import { failureOfStatus, ProviderFailure } from '../../failure.ts'
import { withoutSlash } from '../../http.ts'
import type { SalesforceSettings } from './settings.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
/** Salesforce accepts an assertion only if it expires within a few minutes. */
const ASSERTION_LIFE_S = 180
export const TOKEN_LIFE_MS = 55 * 60_000
const TOKENS_MAX = 100

export interface Token {
  text: string
  /** base URL of the org's API */
  instanceUrl: string
  untilMs: number
}
/** The calls of an isolate share the tokens. The key is app, user and login URL. */
const tokens = new Map<string, Token>()

export type Fetcher = typeof fetch

/** Returns a token that is valid as far as we know. Throws `ProviderFailure`. */
export async function accessToken(
  settings: SalesforceSettings,
  nowMs: number,
  signal: AbortSignal,
  fetcher: Fetcher,
): Promise<Token> {
  const key = keyOf(settings)
  const known = tokens.get(key)
  if (known && known.untilMs > nowMs) return known
  const token = await askToken(settings, nowMs, signal, fetcher)
  if (tokens.size >= TOKENS_MAX) tokens.clear()
  tokens.set(key, token)
  return token
}

/** Forgets a token that was refused, so that a new one is requested. A newer token is kept. */
export function forgetToken(settings: SalesforceSettings, refused: Token): void {
  const key = keyOf(settings)
  if (tokens.get(key)?.text === refused.text) tokens.delete(key)
}

function keyOf({ clientId, subject, loginUrl }: SalesforceSettings): string {
  return `${clientId} ${subject} ${loginUrl}`
}

async function askToken(
  settings: SalesforceSettings,
  nowMs: number,
  signal: AbortSignal,
  fetcher: Fetcher,
): Promise<Token> {
  const body = new URLSearchParams({ grant_type: GRANT, assertion: await assertionOf(settings, nowMs) })
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' }
  const url = `${settings.loginUrl}/services/oauth2/token`
  const response = await fetcher(url, { method: 'POST', headers, body: body.toString(), signal })
  const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>
  if (!response.ok) throw refusalOf(response, answer)
  const { access_token: text, instance_url: instance } = answer
  if (typeof text !== 'string' || typeof instance !== 'string' || !isTrusted(instance, settings.loginUrl))
    throw new ProviderFailure('salesforce', 'unavailable', 'an answer without a token')
  return { text, instanceUrl: withoutSlash(instance), untilMs: nowMs + TOKEN_LIFE_MS }
}

/** A token is sent without TLS only to the server that issued it (the look-alike on this machine). */
function isTrusted(instance: string, loginUrl: string): boolean {
  if (!URL.canParse(instance)) return false
  const { protocol, origin } = new URL(instance)
  return protocol === 'https:' || origin === new URL(loginUrl).origin
}

/** Only `unknown_error` ("retry your request"), 408, 429 and 5xx are worth another try. */
function refusalOf(response: Response, answer: Record<string, unknown>): ProviderFailure {
  const error = String(answer.error ?? '')
  if (error === 'unknown_error') return new ProviderFailure('salesforce', 'unavailable', 'sign-in: unknown_error')
  if (response.status >= 400 && response.status < 500 && response.status !== 429 && response.status !== 408) {
    const known = /^[a-z_]{1,40}$/.test(error) ? error : `status ${response.status}`
    const more = HINTS.find(([part]) => String(answer.error_description ?? '').includes(part))?.[1] ?? ''
    return new ProviderFailure('salesforce', 'unauthorised', `sign-in: ${known}${more}`)
  }
  return failureOfStatus('salesforce', response.status, response.headers.get('Retry-After'))
}

/** Advice for the administrator, by a part of Salesforce's error description. */
const HINTS: [string, string][] = [
  ['approved this consumer', ' (pre-authorise the app for this user)'],
  ['audience', ' (SALESFORCE_JWT_AUDIENCE is not what this host takes)'],
  ['expired', ' (a clock is wrong)'],
  ['invalid assertion', ' (the key is not the one of the app’s certificate)'],
]

async function assertionOf(settings: SalesforceSettings, nowMs: number): Promise<string> {
  const key = await signingKey(settings.privateKey)
  const { clientId: iss, subject: sub, audience: aud } = settings
  const exp = Math.floor(nowMs / 1_000) + ASSERTION_LIFE_S
  const signed = `${base64Url(JSON.stringify({ alg: 'RS256' }))}.${base64Url(JSON.stringify({ iss, sub, aud, exp }))}`
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, new TextEncoder().encode(signed))
  return `${signed}.${base64UrlOf(new Uint8Array(signature))}`
}

/** The secret is a PEM. A dashboard that keeps only one line may hold its line breaks as `\n`. */
async function signingKey(pem: string): Promise<CryptoKey> {
  const text = pem.replaceAll('\\n', '\n')
  if (text.includes('BEGIN RSA PRIVATE KEY'))
    throw badKey('is PKCS#1 (BEGIN RSA PRIVATE KEY): convert it with openssl pkcs8 -topk8 -nocrypt -in FILE')
  if (text.includes('BEGIN ENCRYPTED PRIVATE KEY'))
    throw badKey('is locked with a passphrase: unlock it with openssl pkcs8 -topk8 -nocrypt -in FILE')
  const body = /BEGIN PRIVATE KEY-+([A-Za-z0-9+/=\s]+)-+END PRIVATE KEY/.exec(text)?.[1]
  try {
    const bytes = Uint8Array.from(atob((body ?? '').replace(/\s/g, '')), char => char.charCodeAt(0))
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    return await crypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign'])
  } catch {
    throw badKey('is not an RSA key in a PKCS#8 PEM (BEGIN PRIVATE KEY)')
  }
}

function badKey(what: string): ProviderFailure {
  return new ProviderFailure('salesforce', 'unauthorised', `SALESFORCE_PRIVATE_KEY ${what}`)
}

function base64Url(text: string): string {
  return base64UrlOf(new TextEncoder().encode(text))
}

function base64UrlOf(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}
