/** How a provider of speech or language fails, in our words. Adapters throw these and nothing else. */

export type FailureKind =
  /** our key is missing or refused */
  | 'unauthorised'
  /** we sent too many requests; `retryAfterMs` has the wait if the provider names one */
  | 'throttled'
  /** the provider rejected the request as wrong: a mistake of ours, not worth repeating */
  | 'refused'
  /** 5xx, no connection, a connection that broke, or an answer that cannot be used */
  | 'unavailable'
  /** no first result within the limit */
  | 'late'

export class ProviderFailure extends Error {
  override name = 'ProviderFailure'
  readonly provider: string
  readonly kind: FailureKind
  readonly retryAfterMs: number | null

  /** `message` never contains keys or words of a call, nor the vendor's text, which may repeat them. */
  constructor(provider: string, kind: FailureKind, message: string, retryAfterMs: number | null = null) {
    super(`${provider}: ${message}`)
    this.provider = provider
    this.kind = kind
    this.retryAfterMs = retryAfterMs
  }
}

export function failureOfStatus(provider: string, status: number, retryAfter: string | null = null): ProviderFailure {
  const seconds = Number(retryAfter ?? Number.NaN)
  if (status === 401 || status === 403) return new ProviderFailure(provider, 'unauthorised', `status ${status}`)
  if (status === 429)
    return new ProviderFailure(provider, 'throttled', 'status 429', Number.isFinite(seconds) ? seconds * 1000 : null)
  if (status >= 400 && status < 500 && status !== 408)
    return new ProviderFailure(provider, 'refused', `status ${status}`)
  return new ProviderFailure(provider, 'unavailable', `status ${status}`)
}

/** True if the same request may succeed later. The first request may have been performed nevertheless. */
export function isWorthRepeating(error: unknown): boolean {
  return !(error instanceof ProviderFailure) || ['throttled', 'unavailable', 'late'].includes(error.kind)
}
