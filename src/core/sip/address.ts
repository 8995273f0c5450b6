/** Addresses of SIP: `"Ada" <sip:101@acme.example;transport=ws>;tag=9f`. What is written is the text that was read. */
import { type Parameters, parameter, parseParameters } from './grammar.ts'

export interface Uri {
  /** as it was read, without angle brackets */
  text: string
  /** in small letters */
  scheme: string
  /** percent signs resolved; empty: there is none */
  user: string
  /** in small letters; empty: the scheme has none (tel) */
  host: string
  /** null: not named */
  port: number | null
  parameters: Parameters
}

/** A value of From, To, Contact, Route or Record-Route. */
export interface Address {
  uri: Uri
  /** of the header: tag, expires, +sip.instance */
  parameters: Parameters
  /** the whole value as it was read */
  text: string
}

const SIP =
  /^(sips?):(?:([^@<>"\s]{1,256})@)?(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}))(?::(\d{1,5}))?(;[^?<>"\s]*)?(\?[^<>"\s]*)?$/i
const OTHER = /^([A-Za-z][A-Za-z0-9+.-]{0,30}):([^<>"\s]{1,256})$/

/** Null: malformed. A scheme other than sip and sips has neither user nor host. */
export function parseUri(text: string): Uri | null {
  const match = SIP.exec(text)
  if (match === null) {
    const scheme = OTHER.exec(text)?.[1]?.toLowerCase() ?? 'sip'
    return scheme === 'sip' || scheme === 'sips'
      ? null
      : { text, scheme, user: '', host: '', port: null, parameters: [] }
  }
  const [, scheme = '', info = '', host = '', portText, more = ''] = match
  const user = decoded(info.split(':', 1)[0] ?? '')
  const parameters = parseParameters(more)
  const port = portText === undefined ? null : Number(portText)
  if (user === null || parameters === null || (port !== null && (port < 1 || port > 65_535))) return null
  return { text, scheme: scheme.toLowerCase(), user, host: host.toLowerCase(), port, parameters }
}

/** Null: malformed. */
export function parseAddress(value: string): Address | null {
  const text = value.trim()
  const parts = text.startsWith('"') || text.includes('<') ? bracketed(text) : bare(text)
  const uri = parts === null ? null : parseUri(parts.uri)
  const parameters = parts === null ? null : parseParameters(parts.more)
  return uri === null || parameters === null ? null : { uri, parameters, text }
}

/** `"Ada" <sip:…>;tag=…`, by places and not by one expression, which many spaces would make slow. */
function bracketed(text: string): { uri: string; more: string } | null {
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(text)?.[0] ?? ''
  const rest = text.slice(quoted.length)
  const [opens, closes] = [rest.indexOf('<'), rest.indexOf('>')]
  const name = rest.slice(0, Math.max(opens, 0)).trim()
  if (opens < 0 || closes < opens || name.includes('"') || (quoted !== '' && name !== '')) return null
  return { uri: rest.slice(opens + 1, closes).trim(), more: rest.slice(closes + 1) }
}

/** Without brackets the parameters are those of the header, not of the address. */
function bare(text: string): { uri: string; more: string } | null {
  const end = text.indexOf(';')
  const uri = (end < 0 ? text : text.slice(0, end)).trim()
  return /[>",?\s]/.test(uri) ? null : { uri, more: end < 0 ? '' : text.slice(end) }
}

/** Empty: there is none. */
export function tagOf(address: Address): string {
  return parameter(address.parameters, 'tag') ?? ''
}

/** Do both name the same thing at the same place? Parameters do not count. */
export function sameUri(one: Uri, other: Uri): boolean {
  return one.scheme === other.scheme && one.user === other.user && one.host === other.host && one.port === other.port
}

function decoded(text: string): string | null {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
