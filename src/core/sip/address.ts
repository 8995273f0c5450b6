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
  const bracketed = /^(?:"(?:[^"\\]|\\.)*"|[^"<>]*?)\s*<\s*([^<>]*?)\s*>\s*(;.*)?$/.exec(text)
  // Without brackets the parameters are those of the header, not of the address.
  const bare = /^([^<>";\s,?]+)\s*(;.*)?$/.exec(text)
  const [, inside = '', more = ''] = bracketed ?? bare ?? []
  const uri = parseUri(inside)
  const parameters = parseParameters(more)
  return uri === null || parameters === null ? null : { uri, parameters, text }
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
