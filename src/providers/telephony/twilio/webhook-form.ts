/**
 * Twilio's webhook as a form, after its signature: a request that Twilio did not sign runs nothing (S3-63), and a malformed
 * body is a 4xx and changes nothing.
 */
import type { TwilioAccount } from '../port.ts'
import { UnreadableWebhook, unsigned, type Webhook } from '../webhook-port.ts'
import { isSigned } from './signature.ts'

export type Form = Record<string, string>

export const FORM_TYPE = 'application/x-www-form-urlencoded'

export async function signedForm(
  account: TwilioAccount,
  webhook: Pick<Webhook, 'pathAndQuery' | 'header' | 'body'>,
): Promise<Form> {
  const form = parseForm(webhook.body)
  if (!(await isSigned(account, webhook.pathAndQuery, form, webhook.header('X-Twilio-Signature')))) throw unsigned()
  if (form.AccountSid !== undefined && form.AccountSid !== account.accountSid)
    throw new UnreadableWebhook(403, 'This is another account.')
  return form
}

/** Most fields have nothing to decode. */
const CODED = /[%+]/

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
  if (!CODED.test(text)) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new UnreadableWebhook(400, 'The body has a broken percent code.', {
      field: 'body',
      message: 'broken',
    })
  }
}

/** The longest of what we keep of a form: an address of SIP. */
const VALUE_CHARS_MAX = 300
/** Twilio's ids have 34 letters and digits. Whoever holds the key may send another, but none that is more than a name. */
const ID = /^[A-Za-z0-9_-]{1,64}$/

/** A required field; throws a 400 without it. */
export function need(form: Form, field: string): string {
  const value = form[field]
  if (value === undefined || value === '')
    throw new UnreadableWebhook(400, 'A field is missing.', { field, message: 'missing' })
  if (value.length > VALUE_CHARS_MAX)
    throw new UnreadableWebhook(400, 'A field is too long.', { field, message: 'too long' })
  return value
}

/** The caller as the carrier names them; empty: they show no number, and some networks then send nothing at all. */
export function callerIn(form: Form): string {
  return form.From === undefined || form.From === '' ? '' : need(form, 'From')
}

/** A required id of the carrier: it becomes a part of an address, so it can only be a name. */
export function needId(form: Form, field: string): string {
  const value = need(form, field)
  if (!ID.test(value)) throw new UnreadableWebhook(400, 'A field is no id.', { field, message: 'not an id' })
  return value
}
