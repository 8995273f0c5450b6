import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AccountCredentials } from './account.ts'
import type { BrowserEvents } from './media/plane.ts'

/**
 * Checks a browser's access token: HS256, signed with the API key's secret
 * (https://www.twilio.com/docs/iam/access-tokens). 31204: invalid, 31205: expired.
 */

const INVALID = 31204
const EXPIRED = 31205
/** The name of a caller whose token names nobody. */
export const ANONYMOUS = 'Anonymous'
const TOKEN_CHARS_MAX = 8_192
const TTL_S_MAX = 86_400

type Claims = ReturnType<BrowserEvents['authorize']>
type Fields = Record<string, unknown>

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function decode(part: string | undefined): Fields {
  try {
    return fieldsOf(JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8')))
  } catch {
    return {}
  }
}

function refuse(message: string, code = INVALID): Claims {
  return { code, message }
}

/**
 * `nowMs` is the wall clock; `secretOf` knows the keys (default: the account's first). Never throws: a bad token is an
 * answer with a code.
 */
export function readAccessToken(
  token: string,
  account: AccountCredentials,
  nowMs: number,
  secretOf = (sid: string) => (sid === account.apiKeySid ? account.apiKeySecret : undefined),
): Claims {
  const parts = token.split('.')
  if (token.length > TOKEN_CHARS_MAX || parts.length !== 3) return refuse('not a JWT')
  const [head, body, signature] = parts
  const header = decode(head)
  if (header.alg !== 'HS256') return refuse('the token must be signed with HS256')
  const payload = decode(body)
  const secret = secretOf(String(payload.iss))
  if (secret === undefined) return refuse(`unknown API key ${String(payload.iss)}`)
  const wanted = createHmac('sha256', secret).update(`${head}.${body}`).digest()
  const given = Buffer.from(signature ?? '', 'base64url')
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return refuse('wrong signature')
  if (payload.sub !== account.accountSid) return refuse(`unknown account ${String(payload.sub)}`)
  const nowS = Math.floor(nowMs / 1_000)
  const expires = Number(payload.exp)
  if (!Number.isFinite(expires)) return refuse('the token never expires')
  if (expires <= nowS) return refuse('the token has expired', EXPIRED)
  if (typeof payload.nbf === 'number' && payload.nbf > nowS) return refuse('the token is not valid yet')
  const grants = fieldsOf(payload.grants)
  const voice = fieldsOf(grants.voice)
  const applicationSid = fieldsOf(voice.outgoing).application_sid
  const identity = typeof grants.identity === 'string' && grants.identity !== '' ? grants.identity : null
  return {
    identity: identity ?? ANONYMOUS,
    accountSid: account.accountSid,
    applicationSid: typeof applicationSid === 'string' ? applicationSid : null,
    // Nobody can be rung who has no name.
    incoming: identity !== null && fieldsOf(voice.incoming).allow === true,
    ttl: Math.min(expires - nowS, TTL_S_MAX),
    ...(typeof header.twr === 'string' && /^[a-z0-9-]{1,20}$/.test(header.twr) ? { home: header.twr } : {}),
  }
}
