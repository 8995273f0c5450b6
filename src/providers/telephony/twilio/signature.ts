/** Checks X-Twilio-Signature against the configured public URL, because a proxy may have changed the request's URL. */
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js'
import { base64FromBytes } from '../../../sound/base64.ts'
import type { TwilioAccount } from '../port.ts'

export async function isSigned(
  account: TwilioAccount,
  pathAndQuery: string,
  form: Record<string, string>,
  signature: string | null,
): Promise<boolean> {
  if (!signature || account.authToken === '') return false
  const url = `${account.publicUrl}${pathAndQuery}`
  // Nearly always Twilio has signed the URL as it is configured. The package tries four readings of the port and the query, each with
  // a mac of its own (measured: a seventh of the JavaScript of an answer), so it is asked about the rare ones only.
  const text = Object.keys(form)
    .sort()
    .reduce((all, field) => all + field + form[field], url)
  const mac = await crypto.subtle.sign('HMAC', await keyOf(account.authToken), UTF8.encode(text))
  const exact = base64FromBytes(new Uint8Array(mac))
  return isSame(exact, signature) || validateRequest(account.authToken, signature, url, form)
}

const UTF8 = new TextEncoder()

/** The key of the last account: to make one of a token costs as much as the mac itself. */
let last: { token: string; key: CryptoKey } | undefined

async function keyOf(token: string): Promise<CryptoKey> {
  if (last?.token === token) return last.key
  const key = await crypto.subtle.importKey('raw', UTF8.encode(token), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign'])
  last = { token, key }
  return key
}

/** Takes the same time wherever the two differ. */
function isSame(expected: string, given: string): boolean {
  let difference = expected.length ^ given.length
  for (let index = 0; index < expected.length; index += 1)
    difference |= expected.charCodeAt(index) ^ given.charCodeAt(index)
  return difference === 0
}
