/** Translates errors of the AI binding, whose code is in their text ("3040: Capacity temporarily exceeded"). */
import { type FailureKind, ProviderFailure } from './failure.ts'

/** Source: developers.cloudflare.com/workers-ai/platform/errors; 4006 is the free allocation of a day. */
const KINDS: Record<string, FailureKind> = {
  3036: 'throttled',
  3040: 'throttled',
  4006: 'throttled',
  3023: 'unauthorised',
  3041: 'unauthorised',
  5016: 'unauthorised',
  5018: 'unauthorised',
  3003: 'refused',
  3006: 'refused',
  5004: 'refused',
  5005: 'refused',
  5007: 'refused',
}

export function failureOfBinding(error: unknown): ProviderFailure {
  const code = /\b\d{4}\b/.exec(error instanceof Error ? error.message : '')?.[0] ?? ''
  const kind = KINDS[code] ?? 'unavailable'
  return new ProviderFailure('workers-ai', kind, code ? `code ${code}` : 'no answer')
}
