/**
 * Twilio's webhook as a form, after its signature: a request that Twilio did not sign runs nothing (S3-63), and a malformed
 * body is a 4xx and changes nothing.
 */
import type { TwilioAccount } from '../port.ts'
import { UnreadableWebhook, unsigned, type Webhook } from '../webhook-port.ts'
import { isSigned } from './signature.ts'

export type Form = Record<string, string>

export const FORM_TYPE = 'application/x-www-form-urlencoded'

export function signedForm(account: TwilioAccount, webhook: Pick<Webhook, 'pathAndQuery' | 'header' | 'body'>): Form {
  const form = parseForm(webhook.body)
  if (!isSigned(account, webhook.pathAndQuery, form, webhook.header('X-Twilio-Signature'))) throw unsigned()
  if (form.AccountSid !== undefined && form.AccountSid !== account.accountSid)
    throw new UnreadableWebhook(403, 'This is another account.')
  return form
}

/** Strict: broken percent codes and repeated keys are refused, because a signature over them has two readings. */
export function parseForm(text: string): Form {
  const form: Form = {}
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const cut = pair.indexOf('=')
    const key = decode(cut < 0 ? pair : pair.slice(0, cut))
    if (Object.hasOwn(form, key))
      throw new UnreadableWebhook(400, 'A field is repeated.', { field: key.slice(0, 64), message: 'repeated' })
    form[key] = decode(cut < 0 ? '' : pair.slice(cut + 1))
  }
  return form
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new UnreadableWebhook(400, 'The body has a broken percent code.')
  }
}

/** A required field; throws a 400 without it. */
export function need(form: Form, field: string): string {
  const value = form[field]
  if (value === undefined || value === '')
    throw new UnreadableWebhook(400, 'A field is missing.', { field, message: 'missing' })
  return value
}
