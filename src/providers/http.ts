/** One HTTP request to a provider of speech, with every failure in our words. */
import { failureOfStatus, ProviderFailure } from './failure.ts'

export interface ProviderRequest {
  url: string
  headers: Record<string, string>
  body: string | FormData
}

/**
 * Sends a POST. Returns null if `signal` aborted; throws `ProviderFailure` for a status outside 2xx and if no answer comes.
 * The vendor's error text is not read, because it may repeat words of the call that were sent.
 */
export async function post(
  provider: string,
  request: ProviderRequest,
  signal: AbortSignal,
  fetcher: typeof fetch = fetch,
): Promise<Response | null> {
  const { url, headers, body } = request
  let response: Response
  try {
    response = await fetcher(url, { method: 'POST', headers, body, signal })
  } catch {
    if (signal.aborted) return null
    throw new ProviderFailure(provider, 'unavailable', 'no answer')
  }
  if (response.ok) return response
  await response.body?.cancel().catch(() => undefined)
  throw failureOfStatus(provider, response.status, response.headers.get('Retry-After'))
}

/** Yields the body as it arrives. Ends early, without a throw, if `signal` aborts; throws if the connection breaks. */
export async function* bodyOf(provider: string, response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader()
  if (!reader) throw new ProviderFailure(provider, 'unavailable', 'an answer without a body')
  const stop = () => void reader.cancel().catch(() => undefined)
  signal.addEventListener('abort', stop)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done || signal.aborted) return
      if (value.length > 0) yield value
    }
  } catch {
    if (!signal.aborted) throw new ProviderFailure(provider, 'unavailable', 'the answer broke off')
  } finally {
    signal.removeEventListener('abort', stop)
    // If the reader of this iteration left early, the rest of the answer is not downloaded.
    stop()
  }
}

/** Refuses an answer that says by its type that it is a page or a message, where sound was asked for. */
export function refuseText(provider: string, response: Response): void {
  const type = response.headers.get('content-type') ?? ''
  if (!/^\s*(text\/|application\/(json|xml|problem\+json|xhtml\+xml))/i.test(type)) return
  void response.body?.cancel().catch(() => undefined)
  throw new ProviderFailure(provider, 'refused', 'it answered with text, not with sound')
}

/** Removes the slashes at the end of a base URL. */
export function withoutSlash(base: string): string {
  return base.replace(/\/+$/, '')
}
