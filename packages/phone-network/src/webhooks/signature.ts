import { createHash, createHmac } from 'node:crypto'

/**
 * `X-Twilio-Signature`: base64 HMAC-SHA1 of the URL followed by every form field, sorted by name
 * (https://www.twilio.com/docs/usage/webhooks/webhooks-security).
 */
export function signWebhook(authToken: string, url: string, fields: Record<string, string>): string {
  const text = Object.keys(fields)
    .sort()
    .reduce((joined, key) => joined + key + fields[key], signedUrl(url))
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64')
}

/** The URL of a webhook with a JSON body, as it is signed and sent: with the body's hash in the query. */
export function signedJsonUrl(configured: string, body: string): string {
  const url = signedUrl(configured)
  const hash = createHash('sha256').update(body, 'utf8').digest('hex')
  return `${url}${url.includes('?') ? '&' : '?'}bodySHA256=${hash}`
}

/**
 * The part of a configured URL that is signed: the exact text without fragment and user info; the port is dropped for
 * https and kept for http. The text is cut and not rebuilt, so that nothing else of it changes.
 */
export function signedUrl(configured: string): string {
  const withoutFragment = configured.split('#')[0] ?? configured
  const parts = /^(https?):\/\/([^/?]*)(.*)$/is.exec(withoutFragment)
  if (!parts) return withoutFragment
  const [, scheme = '', authority = '', rest = ''] = parts
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  const kept = scheme.toLowerCase() === 'https' ? host.replace(/:\d+$/, '') : host
  return `${scheme}://${kept}${rest}`
}
