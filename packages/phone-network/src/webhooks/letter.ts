import { parseUrl } from '../request-url.ts'
import type { Outgoing } from './http-exchange.ts'
import type { Parcel } from './sender.ts'
import { signedJsonUrl, signedUrl, signWebhook } from './signature.ts'
import { type Tunnels, throughTunnel } from './tunnels.ts'

/** The HTTP request of one webhook: method, URL, headers with the signature, body. */

/** Decodes a text; an invalid percent encoding stays as it is. */
function decoded(text: string): string {
  return text.replace(/(%[0-9a-f]{2})+/gi, escaped => {
    try {
      return decodeURIComponent(escaped)
    } catch {
      return escaped
    }
  })
}

/** The `Authorization` of the user name and password in the configured URL, or null. */
export function credentialsOf(configured: string): string | null {
  const url = parseUrl(configured)
  if (url === null || url.username === '') return null
  const text = `${decoded(url.username)}:${decoded(url.password)}`
  return `Basic ${Buffer.from(text).toString('base64')}`
}

export function letterOf(parcel: Parcel, authToken: string, tunnels: Tunnels, more: Record<string, string>): Outgoing {
  const { method, url: configured } = parcel.target
  const { url, headers } = throughTunnel(tunnels, configured)
  const common = {
    ...headers,
    ...more,
    accept: '*/*',
    'user-agent': 'TwilioProxy/1.1',
    'i-twilio-idempotency-token': parcel.token,
  }
  if (parcel.json !== undefined) return jsonLetter(parcel.json, configured, url, authToken, common)
  const form = new URLSearchParams(parcel.fields).toString()
  const bare = signedUrl(configured)
  if (method === 'GET') {
    // A GET carries the fields in its query; the URL with that query is what is signed.
    const signature = signWebhook(authToken, bare + (bare.includes('?') ? '&' : '?') + form, {})
    url.search = url.search === '' ? `?${form}` : `${url.search}&${form}`
    return { url, method, body: null, headers: { ...common, 'x-twilio-signature': signature } }
  }
  return {
    url,
    method,
    body: form,
    headers: {
      ...common,
      'x-twilio-signature': signWebhook(authToken, bare, parcel.fields),
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'content-length': String(Buffer.byteLength(form)),
    },
  }
}

/** JSON is signed by its hash in the query, which is sent too. */
function jsonLetter(
  body: string,
  configured: string,
  url: URL,
  authToken: string,
  common: Record<string, string>,
): Outgoing {
  const signed = signedJsonUrl(configured, body)
  url.search = new URL(signed).search
  return {
    url,
    method: 'POST',
    body,
    headers: {
      ...common,
      'x-twilio-signature': signWebhook(authToken, signed, {}),
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    },
  }
}
