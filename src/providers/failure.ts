/** How a provider of speech or language fails, in our words. Adapters throw these and nothing else. */

export type FailureKind =
  /** our key is missing or refused */
  | 'unauthorised'
  /** asked too much of it; `retryAfterMs` if it says so */
  | 'throttled'
  /** it did not understand what we sent: a mistake of ours, not worth repeating */
  | 'refused'
  /** 5xx, no connection, a connection that broke, an answer that is none */
  | 'unavailable'
  /** no first answer within the time that it has */
  | 'late'

export class ProviderFailure extends Error {
  override name = 'ProviderFailure'
  readonly provider: string
  readonly kind: FailureKind
  readonly retryAfterMs: number | null

  /** `message` never holds keys, words of a call or what the vendor echoed of them. */
  constructor(provider: string, kind: FailureKind, message: string, retryAfterMs: number | null = null) {
    super(`${provider}: ${message}`)
    this.provider = provider
    this.kind = kind
    this.retryAfterMs = retryAfterMs
  }
}

/** An HTTP status as a failure. */
export function failureOfStatus(provider: string, status: number, retryAfter: string | null = null): ProviderFailure {
  const seconds = Number(retryAfter ?? Number.NaN)
  if (status === 401 || status === 403) return new ProviderFailure(provider, 'unauthorised', `status ${status}`)
  if (status === 429)
    return new ProviderFailure(provider, 'throttled', 'status 429', Number.isFinite(seconds) ? seconds * 1000 : null)
  if (status >= 400 && status < 500 && status !== 408)
    return new ProviderFailure(provider, 'refused', `status ${status}`)
  return new ProviderFailure(provider, 'unavailable', `status ${status}`)
}

/** Might the same request do better later? Then its first one may have been performed, too. */
export function isWorthRepeating(error: unknown): boolean {
  return !(error instanceof ProviderFailure) || ['throttled', 'unavailable', 'late'].includes(error.kind)
}
