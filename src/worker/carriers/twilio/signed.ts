/**
 * Checks a webhook before anything else: the body must be a form, read strictly, and the signature must fit the configured
 * public URL. A request that Twilio did not sign runs nothing (S3-63); a malformed body is a 4xx and changes nothing.
 */
import type { Context } from 'hono'
import type { Env } from '../../../actors/env.ts'
import { accountOf } from '../../../providers/registry.ts'
import type { CarrierAccount } from '../../../providers/telephony/port.ts'
import { isSigned } from '../../../providers/telephony/twilio/signature.ts'
import { Refusal } from '../../problem.ts'

/** Twilio's largest form is a few KiB. */
export const FORM_BYTES_MAX = 64 * 1024

export interface CarrierRequest {
  account: CarrierAccount
  form: Record<string, string>
}

export async function carrierRequest(c: Context<{ Bindings: Env }>, workspaceId: string): Promise<CarrierRequest> {
  const form = c.req.method === 'GET' ? {} : await readForm(c)
  const account = await accountOf(c.env, workspaceId)
  const url = new URL(c.req.url)
  const signature = c.req.header('X-Twilio-Signature') ?? null
  if (!account || !isSigned(account, `${url.pathname}${url.search}`, form, signature))
    throw new Refusal(403, 'The signature is missing or wrong.')
  if (form.AccountSid !== undefined && form.AccountSid !== account.accountSid)
    throw new Refusal(403, 'This is another account.')
  return { account, form: c.req.method === 'GET' ? c.req.query() : form }
}

async function readForm(c: Context): Promise<Record<string, string>> {
  const type = (c.req.header('Content-Type') ?? '').toLowerCase()
  if (!type.startsWith('application/x-www-form-urlencoded'))
    throw new Refusal(415, 'Send application/x-www-form-urlencoded.')
  if (Number(c.req.header('Content-Length') ?? 0) > FORM_BYTES_MAX) throw new Refusal(413, 'The body is too large.')
  const bytes = await c.req.arrayBuffer()
  if (bytes.byteLength > FORM_BYTES_MAX) throw new Refusal(413, 'The body is too large.')
  try {
    return parseForm(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes))
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal(400, 'The body is not UTF-8.')
  }
}

/** Strict: broken percent codes and repeated keys are refused, because a signature over them has two readings. */
export function parseForm(text: string): Record<string, string> {
  const form: Record<string, string> = {}
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const cut = pair.indexOf('=')
    const key = decode(cut < 0 ? pair : pair.slice(0, cut))
    if (Object.hasOwn(form, key))
      throw new Refusal(400, 'A field is repeated.', [{ field: key.slice(0, 64), message: 'repeated' }])
    form[key] = decode(cut < 0 ? '' : pair.slice(cut + 1))
  }
  return form
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new Refusal(400, 'The body has a broken percent code.')
  }
}

/** A required field; throws a 400 without it. */
export function need(form: Record<string, string>, field: string): string {
  const value = form[field]
  if (value === undefined || value === '')
    throw new Refusal(400, 'A field is missing.', [{ field, message: 'missing' }])
  return value
}
