/**
 * Connection overrides in the URL's fragment, e.g. `#rc=2&rt=3000&rp=5xx,rt`. The fragment is neither sent nor signed.
 * https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
export interface FetchRules {
  connectMs: number
  readMs: number
  totalMs: number
  retries: number
  /** `sni=n`: the host's name is left out of the TLS greeting */
  sni: boolean
  /** which failures are retried */
  retryOn: ReadonlySet<'4xx' | '5xx' | 'ct' | 'rt'>
}

export const CONNECT_MS = 5_000
export const READ_MS = 15_000
export const TOTAL_MS = 15_000
const RETRIES = 1
const POLICIES = ['4xx', '5xx', 'ct', 'rt'] as const

function within(value: string | null, min: number, max: number, otherwise: number): number {
  const number = Number(value ?? Number.NaN)
  return Number.isInteger(number) && number >= min && number <= max ? number : otherwise
}

/**
 * The rules for one URL. `e` (the edge that sends the request) has no meaning on one machine. An override out of its
 * range is ignored and the default applies.
 */
export function fetchRules(url: string): FetchRules {
  const hash = url.indexOf('#')
  const given = new URLSearchParams(hash < 0 ? '' : url.slice(hash + 1))
  const named = (given.get('rp') ?? 'ct').split(',').map(word => word.trim())
  return {
    connectMs: within(given.get('ct'), 100, 10_000, CONNECT_MS),
    readMs: within(given.get('rt'), 100, 15_000, READ_MS),
    totalMs: within(given.get('tt'), 100, 15_000, TOTAL_MS),
    retries: within(given.get('rc'), 0, 5, RETRIES),
    sni: !['n', 'no', 'false'].includes((given.get('sni') ?? 'y').toLowerCase()),
    retryOn: new Set(POLICIES.filter(policy => named.includes('all') || named.includes(policy))),
  }
}
