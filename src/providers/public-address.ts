/**
 * Which addresses of others we call: tools of AI agents, steps of flows, webhooks. It must be public: https, a host name instead of an IP
 * address. Nobody follows a redirect. (Workers cannot reach a private network by themselves; the check is for names that lead to one through
 * a tunnel, and for local runs.)
 */
/**
 * Ends of names that lead into a network of one's own: reserved ones (RFC 6761, 6762, 8375, ICANN's .internal), what routers, Kubernetes
 * and companies use, and public names whose answer is an address that the name itself says (nip.io and the like).
 */
const INSIDE = [
  ...['localhost', 'local', 'localdomain', 'internal', 'intranet', 'lan', 'home', 'home.arpa', 'corp'],
  ...[
    'test',
    'invalid',
    'onion',
    'arpa',
    'svc',
    'cluster',
    'consul',
    'docker',
    'in-addr.arpa',
    'ip6.arpa',
    'fritz.box',
    'ts.net',
  ],
  ...['nip.io', 'sslip.io', 'xip.io', 'ip6.name', 'localtest.me', 'lvh.me', 'vcap.me', 'lacolhost.com', 'localho.st'],
  ...['rbndr.us', 'traefik.me', 'local.gd', 'backname.io'],
]

const LOOPBACK = ['localhost', '127.0.0.1']

/** Why we do not call this address; null: we may. `loopback`: a local run, whose developer has a server on the same machine. */
export function refusalOfUrl(text: string, loopback = false): string | null {
  if (!URL.canParse(text)) return 'This is no address.'
  const { protocol, hostname, username, password, port } = new URL(text)
  if (loopback && protocol === 'http:' && LOOPBACK.includes(hostname)) return null
  if (protocol !== 'https:') return 'Only https is allowed.'
  if (username !== '' || password !== '') return 'Keys belong into secret headers.'
  if (port !== '' && port !== '443' && port !== '8443') return 'This port is not allowed.'
  // A name may end in dots, which say that it is whole: `localhost.` is `localhost`.
  const name = hostname.toLowerCase().replace(/\.+$/, '')
  const address = /^[\d.]+$|^\[|^0x/i.test(name)
  if (address || !name.includes('.') || name.length > 253 || !/^[a-z0-9.-]+$/.test(name) || name.includes('..'))
    return 'Only public names are allowed.'
  return INSIDE.some(end => name === end || name.endsWith(`.${end}`)) ? 'Only public names are allowed.' : null
}
