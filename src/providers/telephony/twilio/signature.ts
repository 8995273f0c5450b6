/** Checks X-Twilio-Signature against the configured public URL, because a proxy may have changed the request's URL. */
import { getExpectedTwilioSignature, validateRequest } from 'twilio/lib/webhooks/webhooks.js'
import type { TwilioAccount } from '../port.ts'

export function isSigned(
  account: TwilioAccount,
  pathAndQuery: string,
  form: Record<string, string>,
  signature: string | null,
): boolean {
  if (!signature || account.authToken === '') return false
  const url = `${account.publicUrl}${pathAndQuery}`
  // Nearly always Twilio has signed the URL as it is configured. The package tries four readings of the port and the query, each with
  // a mac of its own (measured: a seventh of the JavaScript of an answer), so it is asked about the rare ones only.
  const exact = getExpectedTwilioSignature(account.authToken, url, form)
  return isSame(exact, signature) || validateRequest(account.authToken, signature, url, form)
}

/** Takes the same time wherever the two differ. */
function isSame(expected: string, given: string): boolean {
  let difference = expected.length ^ given.length
  for (let index = 0; index < expected.length; index += 1)
    difference |= expected.charCodeAt(index) ^ given.charCodeAt(index)
  return difference === 0
}
