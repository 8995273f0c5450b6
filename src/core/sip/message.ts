/** A SIP message as data, and as the text of one frame. `parse.ts` reads it. */
import type { Address, Uri } from './address.ts'
import { isToken, onOneLine, type Parameters } from './grammar.ts'
import { utf8Length } from './utf8.ts'

export interface Header {
  /** long form in small letters: `via`, also where a phone has written `v` */
  name: string
  /** one value: a line with several Vias, Routes or Contacts has become several headers */
  value: string
}

export interface Via {
  /** as it was read */
  text: string
  /** in small letters, without the port */
  host: string
  branch: string
  parameters: Parameters
}

interface Common {
  /** in the order in which they were read, without Content-Length, which writing counts */
  headers: readonly Header[]
  body: string
  callId: string
  cseq: { number: number; method: string }
  from: Address
  to: Address
  /** at least one; the first is of whom we have it from */
  vias: readonly Via[]
}

export interface SipRequest extends Common {
  kind: 'request'
  method: string
  target: Uri
  /** null: not named */
  maxForwards: number | null
}

export interface SipResponse extends Common {
  kind: 'response'
  status: number
  reason: string
}

export type SipMessage = SipRequest | SipResponse

/** The forms of one letter (RFC 3261 and the extensions that define more). */
export const COMPACT: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
}

const SPELLING = new Map([
  ['call-id', 'Call-ID'],
  ['cseq', 'CSeq'],
  ['www-authenticate', 'WWW-Authenticate'],
  ['rack', 'RAck'],
  ['rseq', 'RSeq'],
  ['mime-version', 'MIME-Version'],
])

/** Every value of this name, in order. */
export function valuesOf(headers: readonly Header[], name: string): string[] {
  return headers.filter(one => one.name === name).map(one => one.value)
}

export function without(headers: readonly Header[], ...names: string[]): Header[] {
  return headers.filter(one => !names.includes(one.name))
}

export function startLine(message: SipMessage): string {
  return message.kind === 'request'
    ? `${message.method} ${message.target.text} SIP/2.0`
    : `SIP/2.0 ${message.status} ${message.reason}`
}

/** The text of one frame. Whatever a header holds stays on its line. */
export function write(message: SipMessage): string {
  return writeText(startLine(message), message.headers, message.body)
}

/** The same of a start line and headers that we have put together. A header whose name is no token is left out. */
export function writeText(start: string, headers: readonly Header[], body: string): string {
  const lines = without(headers, 'content-length')
    .filter(one => isToken(one.name))
    .map(one => `${spelled(one.name)}: ${onOneLine(one.value)}`)
  return [onOneLine(start), ...lines, `Content-Length: ${utf8Length(body)}`, '', body].join('\r\n')
}

function spelled(name: string): string {
  return SPELLING.get(name) ?? name.replaceAll(/(^|-)[a-z]/g, first => first.toUpperCase())
}
