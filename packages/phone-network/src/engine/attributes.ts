import type { TwimlNode } from '../twiml/document.ts'
import type { Call, CallbackTarget, Target } from './world.ts'

/** Reading TwiML attributes with Twilio's leniency: a value that cannot be read counts as absent. */

export function isTrue(value: string | undefined, otherwise: boolean): boolean {
  return value === undefined ? otherwise : value.toLowerCase() === 'true'
}

/** Seconds above 0 and at most `max`. */
export function secondsOf(value: string | undefined, otherwise: number, max: number): number {
  const seconds = Number(value ?? otherwise)
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, max) : otherwise
}

export function methodOf(value: string | undefined, otherwise: 'GET' | 'POST' = 'POST'): 'GET' | 'POST' {
  const method = value?.toUpperCase()
  return method === 'GET' || method === 'POST' ? method : otherwise
}

/** `url` attribute and its method; null when it is absent or no URL. */
export function targetOf(
  call: Call,
  url: string | undefined,
  method: string | undefined,
  otherwise: 'GET' | 'POST' = 'POST',
): Target | null {
  const resolved = url === undefined ? null : resolveUrl(call, url)
  return resolved === null ? null : { url: resolved, method: methodOf(method, otherwise) }
}

/** `statusCallback`, `statusCallbackMethod`, `statusCallbackEvent`. */
export function callbackOf(call: Call, noun: TwimlNode, defaults: string): CallbackTarget | null {
  const { statusCallback, statusCallbackMethod, statusCallbackEvent } = noun.attributes
  const target = targetOf(call, statusCallback, statusCallbackMethod)
  if (target === null) return null
  return { ...target, events: (statusCallbackEvent ?? defaults).split(/[\s,]+/).filter(word => word !== '') }
}

/** A URL in a document may be relative to the document. Null when it is not a URL. */
export function resolveUrl(call: Call, reference: string): string | null {
  if (reference === '') return call.documentUrl
  try {
    return new URL(reference, call.documentUrl ?? undefined).href
  } catch {
    return null
  }
}
