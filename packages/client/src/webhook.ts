/** The side that gets webhooks: checks that a message is Trunkline's, new and whole. Only WebCrypto; the form is that of Standard Webhooks. */
import type { WebhookData } from './events.ts'

/** A message, by its type. Later releases may send types that are not here; a program passes over what it does not know. */
export type WebhookEvent = {
  [Type in keyof WebhookData]: {
    /** the same for every attempt and every endpoint: whoever knows it already has done the work */
    id: string
    type: Type
    /** when it happened, ISO 8601 */
    timestamp: string
    data: WebhookData[Type]
  }
}[keyof WebhookData]

export type WebhookReason =
  | 'missing-header'
  | 'bad-timestamp'
  | 'too-old'
  | 'too-new'
  | 'wrong-signature'
  | 'bad-secret'
  | 'bad-body'

/** Why a message was not accepted. `bad-secret` is a mistake of this program, everything else one of the sender: answer with 401. */
export class WebhookError extends Error {
  readonly reason: WebhookReason
  /** the header that is missing or cannot be read; null: it is none of them */
  readonly header: string | null

  constructor(reason: WebhookReason, message: string, header: string | null = null) {
    super(message)
    this.name = 'WebhookError'
    this.reason = reason
    this.header = header
  }
}

/** As `fetch` has them, or as servers of Node do. */
export type WebhookHeaders = Headers | { readonly [name: string]: string | readonly string[] | undefined }
export interface VerifyOptions {
  /** how far the time of the message may be from ours, in seconds; 300 when absent */
  toleranceSeconds?: number
}

const TOLERANCE_SECONDS = 300
const PREFIX = 'whsec_'
const encoder = new TextEncoder()

/**
 * The event in a message. `secrets`: those of the endpoint, `whsec_…`; one of them must have signed, so that a secret can be changed without a
 * gap. `body`: as it came, before anybody has parsed it. Rejects with `WebhookError`.
 */
export async function verifyWebhook(
  secrets: string | readonly string[],
  headers: WebhookHeaders,
  body: string | Uint8Array,
  { toleranceSeconds = TOLERANCE_SECONDS }: VerifyOptions = {},
): Promise<WebhookEvent> {
  const keys = (typeof secrets === 'string' ? [secrets] : secrets).map(keyIn)
  if (keys.length === 0) throw new WebhookError('bad-secret', 'There is no secret to check with.')
  const id = read(headers, 'webhook-id')
  const at = read(headers, 'webhook-timestamp')
  const signatures = read(headers, 'webhook-signature').split(' ')
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  const signed = Uint8Array.from(encoder.encode(`${id}.${secondsIn(at, toleranceSeconds)}.${text}`))
  const given = signatures.flatMap(one => (one.startsWith('v1,') ? [one.slice('v1,'.length)] : []))
  let matches = false
  for (const key of keys) {
    const expected = await signatureOf(key, signed)
    // All of them are compared, so that the time says nothing of which one is right.
    for (const signature of given) matches = isSame(signature, expected) || matches
  }
  if (!matches) throw new WebhookError('wrong-signature', 'No signature is of a secret that is known here.')
  return eventIn(text)
}

function read(headers: WebhookHeaders, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : byName(headers, name)
  if (typeof value !== 'string' || value === '')
    throw new WebhookError('missing-header', `The header ${name} is missing.`, name)
  return value
}

function byName(headers: Exclude<WebhookHeaders, Headers>, name: string): unknown {
  const found = Object.keys(headers).find(key => key.toLowerCase() === name)
  const value = found === undefined ? undefined : headers[found]
  return typeof value === 'object' ? value[0] : value
}

/** Seconds since the epoch, near enough to now. */
function secondsIn(text: string, toleranceSeconds: number): number {
  if (!/^\d{1,12}$/.test(text))
    throw new WebhookError(
      'bad-timestamp',
      'The header webhook-timestamp is no number of seconds.',
      'webhook-timestamp',
    )
  const [seconds, now] = [Number(text), Math.floor(Date.now() / 1_000)]
  if (now - seconds > toleranceSeconds) throw new WebhookError('too-old', `The message is ${now - seconds} s old.`)
  if (seconds - now > toleranceSeconds)
    throw new WebhookError('too-new', `The message is ${seconds - now} s ahead of this clock.`)
  return seconds
}

function keyIn(secret: string): Uint8Array<ArrayBuffer> {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret
  if (text === '' || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    throw new WebhookError('bad-secret', 'A secret is `whsec_` and base64, as it was shown when it was made.')
  return Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
}

async function signatureOf(secret: Uint8Array<ArrayBuffer>, signed: Uint8Array<ArrayBuffer>): Promise<string> {
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, signed))
  return btoa(String.fromCharCode(...mac))
}

/** Takes as long for any two texts of one length. */
function isSame(one: string, other: string): boolean {
  const [left, right] = [encoder.encode(one), encoder.encode(other)]
  if (left.length !== right.length) return false
  return left.reduce((difference, byte, index) => difference | (byte ^ (right[index] ?? 0)), 0) === 0
}

function eventIn(text: string): WebhookEvent {
  try {
    const event = JSON.parse(text) as Partial<WebhookEvent> | null
    if (typeof event?.id === 'string' && typeof event.type === 'string' && typeof event.data === 'object')
      return event as WebhookEvent
  } catch {
    // The same as any other text that is no event.
  }
  throw new WebhookError('bad-body', 'The body is signed, and is no event.')
}
