import type { IncomingMessage } from 'node:http'
import { badParameter, RestError } from './rest-error.ts'

/** Form fields as Twilio reads them: repeated keys are lists. */

export const BODY_BYTES_MAX = 65_536

export type Form = ReadonlyMap<string, string[]>

/** The whole body as text. Throws `RestError` 413 when it is too long. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk)
    bytes += buffer.length
    if (bytes > BODY_BYTES_MAX) throw new RestError(413, 20413, `Request body over ${BODY_BYTES_MAX} bytes`)
    chunks.push(buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export function readForm(text: string): Form {
  const form = new Map<string, string[]>()
  for (const [key, value] of new URLSearchParams(text)) form.set(key, [...(form.get(key) ?? []), value])
  return form
}

/** One value of each key, for matching faults. */
export function flat(form: Form): Record<string, string> {
  return Object.fromEntries([...form].map(([key, values]) => [key, values.join(',')]))
}

/** The last value of a key, or null. An empty text counts as absent, as with Twilio. */
export function one(form: Form, key: string): string | null {
  const value = form.get(key)?.at(-1) ?? ''
  return value === '' ? null : value
}

export function flag(form: Form, key: string): boolean | undefined {
  const value = one(form, key)?.toLowerCase()
  if (value === undefined) return undefined
  if (value !== 'true' && value !== 'false') throw badParameter(key, 'must be true or false')
  return value === 'true'
}

export function whole(form: Form, key: string, min: number, max: number, otherwise: number): number {
  const value = one(form, key)
  if (value === null) return otherwise
  const number = Number(value)
  if (!Number.isInteger(number) || number < min || number > max) {
    throw badParameter(key, `must be a whole number from ${min} to ${max}`)
  }
  return number
}

export function methodOf(form: Form, key: string, otherwise: 'GET' | 'POST' = 'POST'): 'GET' | 'POST' {
  const value = one(form, key)?.toUpperCase()
  if (value === undefined) return otherwise
  if (value !== 'GET' && value !== 'POST') throw badParameter(key, 'must be GET or POST')
  return value
}

/** An absolute http(s) URL, or null when the key is absent. `code` is Twilio's refusal of this parameter. */
export function urlOf(form: Form, key: string, code = 21205): string | null {
  const value = one(form, key)
  if (value === null) return null
  const valid = URL.canParse(value) && /^https?:\/\/[^/]/i.test(value)
  if (!valid) throw new RestError(400, code, `${key} is not a valid URL: ${value}`)
  return value
}
