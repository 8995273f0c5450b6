/**
 * Tunnels: a public https host that stands for a local port. The program is called over plain http, but with the
 * public `Host` and `X-Forwarded-Proto: https`, and the https URL is what is signed.
 */

export const TUNNELS_MAX = 50

export class TunnelError extends Error {}

export type Tunnels = ReadonlyMap<string, string>

/** Read `https://demo.example.test=http://127.0.0.1:5050`. Throws `TunnelError`. */
export function readTunnel(text: string): [publicOrigin: string, localOrigin: string] {
  const [from, to] = text.split('=', 2)
  try {
    return [new URL(from ?? '').origin, new URL(to ?? '').origin]
  } catch {
    throw new TunnelError(`a tunnel looks like https://demo.example.test=http://127.0.0.1:5050, not ${text}`)
  }
}

/** The real destination of a configured URL, and the headers that hide the difference from the program. */
export function throughTunnel(tunnels: Tunnels, configured: string): { url: URL; headers: Record<string, string> } {
  const url = new URL(configured)
  url.hash = ''
  url.username = ''
  url.password = ''
  const local = tunnels.get(url.origin)
  if (local === undefined) return { url, headers: {} }
  const headers = { host: url.host, 'x-forwarded-proto': url.protocol.slice(0, -1) }
  return { url: new URL(url.pathname + url.search, local), headers }
}
