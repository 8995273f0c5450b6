/**
 * Cookies that a program sets in its answers come back within the same call, to the same host, as Twilio keeps them
 * (https://www.twilio.com/docs/usage/webhooks/webhooks-faq). The path of a cookie is not looked at.
 */

export const CALLS_WITH_COOKIES_MAX = 2_000
export const COOKIES_PER_HOST_MAX = 50
export const COOKIE_CHARS_MAX = 4_096

function isOver(attributes: readonly string[], now: number): boolean {
  for (const attribute of attributes) {
    const [name = '', value = ''] = attribute.split('=').map(part => part.trim())
    if (name.toLowerCase() === 'max-age') return Number(value) <= 0
    if (name.toLowerCase() === 'expires') return Date.parse(value) <= now
  }
  return false
}

export class Cookies {
  /** call → host → name → value; the call that was used least recently is forgotten first */
  readonly #calls = new Map<string, Map<string, Map<string, string>>>()

  /** The `Cookie` header for a request of this call, or null. */
  header(callSid: string | null, host: string): string | null {
    const jar = callSid === null ? undefined : this.#calls.get(callSid)?.get(host)
    if (!jar || jar.size === 0) return null
    return [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** Keep what the answer set; `now` is ms since 1970. */
  keep(callSid: string | null, host: string, setCookies: readonly string[], now: number): void {
    if (callSid === null || setCookies.length === 0) return
    const hosts = this.#calls.get(callSid) ?? new Map<string, Map<string, string>>()
    const jar = hosts.get(host) ?? new Map<string, string>()
    for (const text of setCookies) {
      const [pair = '', ...attributes] = text.split(';')
      const equals = pair.indexOf('=')
      const [name, value] = [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()]
      if (equals < 1 || name === '' || pair.length > COOKIE_CHARS_MAX) continue
      if (isOver(attributes, now)) jar.delete(name)
      else if (jar.has(name) || jar.size < COOKIES_PER_HOST_MAX) jar.set(name, value)
    }
    hosts.set(host, jar)
    this.#calls.delete(callSid)
    this.#calls.set(callSid, hosts)
    const [oldest] = this.#calls.keys()
    if (this.#calls.size > CALLS_WITH_COOKIES_MAX && oldest !== undefined) this.#calls.delete(oldest)
  }
}
