/**
 * SIP messages as RFC 3261 writes them: read, written, and their headers. This is the package's own reading of the RFC; a program under
 * test has another one.
 */

export const MESSAGE_BYTES_MAX = 65_535
const HEADERS_MAX = 200

export interface SipMessage {
  /** of a request; '' in a response */
  method: string
  /** the Request-URI; '' in a response */
  uri: string
  /** of a response; 0 in a request */
  status: number
  reason: string
  /** in the order in which they stand, with their long names */
  headers: [name: string, value: string][]
  body: string
}

/** Compact forms of header names (RFC 3261, 7.3.3). */
const LONG: Record<string, string> = {
  i: 'Call-ID',
  m: 'Contact',
  e: 'Content-Encoding',
  l: 'Content-Length',
  c: 'Content-Type',
  f: 'From',
  s: 'Subject',
  k: 'Supported',
  t: 'To',
  v: 'Via',
  r: 'Refer-To',
  o: 'Event',
}

const START = /^(?:([A-Z][A-Za-z.!%*_+`'~-]{0,31}) (\S{1,2048}) SIP\/2\.0|SIP\/2\.0 ([1-6]\d\d)(?: (.*))?)$/

/** A datagram, or one message cut out of a stream. Null when it is none. */
export function readMessage(bytes: Buffer): SipMessage | null {
  if (bytes.length > MESSAGE_BYTES_MAX) return null
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [first = '', ...lines] = bytes
    .subarray(0, end)
    .toString('utf8')
    .replace(/^(\r\n)+/, '')
    .split('\r\n')
  const start = START.exec(first)
  const headers = readHeaders(lines)
  if (start === null || headers === null) return null
  const message: SipMessage = {
    method: start[1] ?? '',
    uri: start[2] ?? '',
    status: Number(start[3] ?? 0),
    reason: start[4] ?? '',
    headers,
    body: '',
  }
  const length = header(message, 'Content-Length')
  const rest = bytes.subarray(end + 4)
  if (length !== null && (!/^\d{1,5}$/.test(length) || Number(length) > rest.length)) return null
  message.body = rest.subarray(0, length === null ? rest.length : Number(length)).toString('utf8')
  return message
}

function readHeaders(lines: readonly string[]): [string, string][] | null {
  const headers: [string, string][] = []
  for (const line of lines) {
    const last = headers.at(-1)
    if (/^[ \t]/.test(line)) {
      if (last === undefined) return null
      last[1] += ` ${line.trim()}`
      continue
    }
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trim()
    if (colon < 1 || !/^[\w.!%*+`'~-]+$/.test(name) || headers.length >= HEADERS_MAX) return null
    headers.push([LONG[name.toLowerCase()] ?? name, line.slice(colon + 1).trim()])
  }
  return headers
}

export function writeMessage(message: SipMessage): Buffer {
  const { method, uri, status, reason, body } = message
  const start = status === 0 ? `${method} ${uri} SIP/2.0` : `SIP/2.0 ${status} ${reason}`
  const headers = message.headers.filter(([name]) => name.toLowerCase() !== 'content-length')
  const lines = headers.map(([name, value]) => `${name}: ${value}`)
  return Buffer.from([start, ...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'))
}

/** The first header of this name. */
export function header(message: SipMessage, name: string): string | null {
  const wanted = name.toLowerCase()
  return message.headers.find(([one]) => one.toLowerCase() === wanted)?.[1] ?? null
}

/** All values of a header, those with commas apart. */
export function valuesOf(message: SipMessage, name: string): string[] {
  const wanted = name.toLowerCase()
  return message.headers.filter(([one]) => one.toLowerCase() === wanted).flatMap(([, value]) => splitList(value))
}

/** Splits at commas that stand neither in quotes nor in angle brackets. */
function splitList(value: string): string[] {
  const parts: string[] = []
  let part = ''
  let quoted = false
  let bracketed = false
  for (let at = 0; at < value.length; at += 1) {
    const sign = value[at] as string
    if (quoted && sign === '\\') {
      part += sign + (value[at + 1] ?? '')
      at += 1
      continue
    }
    if (sign === '"') quoted = !quoted
    else if (!quoted && sign === '<') bracketed = true
    else if (!quoted && sign === '>') bracketed = false
    if (sign === ',' && !quoted && !bracketed) {
      parts.push(part.trim())
      part = ''
    } else part += sign
  }
  parts.push(part.trim())
  return parts.filter(one => one !== '')
}

export type Parameters = Record<string, string>

/** `;a=1;b` → `{a: '1', b: ''}`, names in lower case. */
export function readParameters(text: string): Parameters {
  const found: Parameters = Object.create(null)
  for (const part of text.split(';')) {
    const equals = part.indexOf('=')
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase()
    if (name !== '')
      found[name] =
        equals < 0
          ? ''
          : part
              .slice(equals + 1)
              .trim()
              .replace(/^"(.*)"$/, '$1')
  }
  return found
}

export interface SipUri {
  secure: boolean
  user: string
  host: string
  port: number | null
  parameters: Parameters
  /** what follows the question mark */
  headers: [name: string, value: string][]
}

const URI =
  /^(sips?):(?:([^@\s<>?]{1,128})@)?(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]{0,252}))(?::(\d{1,5}))?((?:;[^?\s<>"]*)?)(?:\?([^\s<>"]*))?$/i

export function readUri(text: string): SipUri | null {
  const found = URI.exec(text)
  if (found === null) return null
  const [, scheme = '', user = '', host = '', port, parameters = '', query = ''] = found
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return null
  return {
    secure: scheme.toLowerCase() === 'sips',
    user: unescaped(user.split(':')[0] ?? ''),
    host: host.toLowerCase(),
    port: port === undefined ? null : Number(port),
    parameters: readParameters(parameters),
    headers: query.split('&').flatMap((pair): [string, string][] => {
      const [name = '', ...value] = pair.split('=')
      return name === '' ? [] : [[unescaped(name), unescaped(value.join('='))]]
    }),
  }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export interface Address {
  /** as it stands there, without brackets */
  uri: string
  parameters: Parameters
}

/** `"Ada" <sip:ada@host>;tag=1`, or without brackets, where parameters are the header's. */
export function readAddress(value: string): Address | null {
  const bracketed = /^(?:"(?:[^"\\]|\\.)*"|[^"<]*)\s*<([^>\s]+)>\s*(.*)$/.exec(value.trim())
  if (bracketed) return { uri: bracketed[1] ?? '', parameters: readParameters(bracketed[2] ?? '') }
  const [uri = '', ...rest] = value.trim().split(';')
  return /\s/.test(uri) || uri === '' ? null : { uri, parameters: readParameters(rest.join(';')) }
}

export interface Via {
  transport: string
  host: string
  port: number | null
  parameters: Parameters
}

export function readVia(value: string): Via | null {
  const found = /^SIP\s*\/\s*2\.0\s*\/\s*(\w+)\s+([^\s;:]+)(?::(\d{1,5}))?\s*(.*)$/i.exec(value)
  if (found === null) return null
  const [, transport = '', host = '', port, parameters = ''] = found
  return {
    transport: transport.toUpperCase(),
    host,
    port: port === undefined ? null : Number(port),
    parameters: readParameters(parameters),
  }
}

/** `CSeq: 1 INVITE` */
export function readSequence(message: SipMessage): { number: number; method: string } | null {
  const found = /^(\d{1,10})\s+([A-Z]+)$/.exec(header(message, 'CSeq') ?? '')
  return found === null ? null : { number: Number(found[1]), method: found[2] ?? '' }
}

export function tagOf(message: SipMessage, name: 'From' | 'To'): string {
  return readAddress(header(message, name) ?? '')?.parameters.tag ?? ''
}

/** Checks the headers that every request must have (RFC 3261, 8.1.1). Returns the name of the first header that is missing or wrong. */
export function faultOf(request: SipMessage): string | null {
  const uriOf = (name: string): SipUri | null => readUri(readAddress(header(request, name) ?? '')?.uri ?? '')
  const sequence = readSequence(request)
  if (readVia(valuesOf(request, 'Via')[0] ?? '') === null) return 'Via'
  if (uriOf('From') === null || tagOf(request, 'From') === '') return 'From'
  if (uriOf('To') === null) return 'To'
  if (!/^\S{1,256}$/.test(header(request, 'Call-ID') ?? '')) return 'Call-ID'
  if (sequence === null || sequence.method !== request.method) return 'CSeq'
  if (readUri(request.uri) === null) return 'Request-URI'
  return null
}

const REASONS: Record<number, string> = {
  100: 'Trying',
  180: 'Ringing',
  200: 'OK',
  202: 'Accepted',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  415: 'Unsupported Media Type',
  420: 'Bad Extension',
  423: 'Interval Too Brief',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  483: 'Too Many Hops',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  491: 'Request Pending',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
  603: 'Decline',
}

export interface ResponseParts {
  headers?: [name: string, value: string][]
  body?: string
  /** added to `To` when the request has no tag there */
  tag?: string
}

/** A response to `request`, with the headers that it takes over from it (RFC 3261, 8.2.6). */
export function respond(request: SipMessage, status: number, parts: ResponseParts = {}): SipMessage {
  const taken = request.headers.flatMap(([name, value]): [string, string][] => {
    const key = name.toLowerCase()
    if (key === 'to' && status > 100 && parts.tag !== undefined && tagOf(request, 'To') === '') {
      return [['To', `${value};tag=${parts.tag}`]]
    }
    return ['via', 'from', 'to', 'call-id', 'cseq'].includes(key) ? [[name, value]] : []
  })
  return {
    method: '',
    uri: '',
    status,
    reason: REASONS[status] ?? 'Unknown',
    headers: [...taken, ...(parts.headers ?? [])],
    body: parts.body ?? '',
  }
}

export function requestOf(
  method: string,
  uri: string,
  headers: [name: string, value: string][],
  body = '',
): SipMessage {
  return { method, uri, status: 0, reason: '', headers, body }
}
