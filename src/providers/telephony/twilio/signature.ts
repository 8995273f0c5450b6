/** Checks X-Twilio-Signature against the configured public URL, because a proxy may have changed the request's URL. */
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js'
import type { TwilioAccount } from '../port.ts'

export function isSigned(
  account: TwilioAccount,
  pathAndQuery: string,
  form: Record<string, string>,
  signature: string | null,
): boolean {
  if (!signature || account.authToken === '') return false
  const url = `${account.publicUrl}${pathAndQuery}`
  return validateRequest(account.authToken, signature, url, form)
}
