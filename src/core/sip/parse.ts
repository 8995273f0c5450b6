/**
 * Reads what a phone has sent. Lenient where phones differ (short names, folded lines, LF alone, several values on a line,
 * no Content-Length), strict where a wrong reading could send a message to somebody else.
 */
import { parseAddress, parseUri, tagOf } from './address.ts'
import { isToken, parameter, parseParameters, splitOutside, wholeNumber } from './grammar.ts'
import { CSEQ_END, HEADERS_MAX, LINE_MAX_BYTES, MESSAGE_MAX_BYTES, NAME_MAX, VIAS_MAX } from './limits.ts'
import { COMPACT, type Header, type SipMessage, type SipRequest, type Via, valuesOf, writeText } from './message.ts'
import { firstBytes, textOf, utf8Length } from './utf8.ts'

export type Parsed =
  | { kind: 'message'; message: SipMessage }
  /** Line ends alone; a phone that has sent two of them waits for one. */
  | { kind: 'keep-alive' }
  /** `answer`: the text to send back; null: nothing may be sent, because it was no request or names no way back. */
  | { kind: 'refused'; status: number; words: string; answer: string | null }

/** Headers that stand at most once. */
const SINGLE = ['from', 'to', 'call-id', 'cseq', 'content-length', 'max-forwards', 'expires', 'content-type', 'rack']
/** Headers whose line may have several values. */
const LISTS = ['via', 'route', 'record-route', 'contact']
/** Needed to answer a message that was refused, whatever else it has. */
const ANSWERED = ['via', 'from', 'to', 'call-id', 'cseq']
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/

class Refusal {
  readonly status: number
  readonly words: string
  constructor(status: number, words: string) {
    this.status = status
    this.words = words
  }
}

/** One frame, text or binary. Never throws. */
export function parse(frame: string | Uint8Array): Parsed {
  if (typeof frame !== 'string' && frame.length > MESSAGE_MAX_BYTES)
    return { kind: 'refused', status: 413, words: 'The message is too large.', answer: null }
  const text = typeof frame === 'string' ? frame : textOf(frame)
  if (text === null) return { kind: 'refused', status: 400, words: 'The message is not UTF-8.', answer: null }
  if (/^[\r\n]*$/.test(text.slice(0, 9)) && text.length < 9) return { kind: 'keep-alive' }
  const large = text.length > MESSAGE_MAX_BYTES || utf8Length(text) > MESSAGE_MAX_BYTES
  const { start, lines, body } = partsOf(large ? text.slice(0, MESSAGE_MAX_BYTES) : text)
  const read = headersOf(lines)
  const headers = read instanceof Refusal ? [] : read
  const result = large
    ? new Refusal(413, 'The message is too large.')
    : read instanceof Refusal
      ? read
      : messageOf(start, headers, body)
  if (!(result instanceof Refusal)) return { kind: 'message', message: result }
  const { status, words } = result
  return { kind: 'refused', status, words, answer: answerTo(start, headers, status, words) }
}

/** Folded lines are one line here. */
function partsOf(text: string): { start: string; lines: string[]; body: string } {
  const message = text.replace(/^[\r\n]+/, '')
  const end = /\r?\n\r?\n/.exec(message)
  const head = end === null ? message.replace(/\r?\n$/, '') : message.slice(0, end.index)
  const body = end === null ? '' : message.slice(end.index + end[0].length)
  const lines: string[] = []
  // Line by line: an expression over the whole head takes minutes for a message of nothing but spaces.
  for (const line of head.split(/\r?\n/)) {
    if (/^[ \t]/.test(line) && lines.length > 0) lines.push(`${(lines.pop() ?? '').trimEnd()} ${line.trimStart()}`)
    else lines.push(line)
  }
  const [start = '', ...headers] = lines
  return { start, lines: headers, body }
}

function headersOf(lines: readonly string[]): Header[] | Refusal {
  if (lines.length > HEADERS_MAX) return new Refusal(400, `There are more than ${HEADERS_MAX} headers.`)
  const headers: Header[] = []
  for (const line of lines) {
    const colon = line.indexOf(':')
    const written = line.slice(0, Math.max(colon, 0)).trimEnd().toLowerCase()
    const name = Object.hasOwn(COMPACT, written) ? (COMPACT[written] ?? written) : written
    if (!isToken(name) || CONTROL.test(line)) return new Refusal(400, 'A header is malformed.')
    if (utf8Length(line) > LINE_MAX_BYTES) return new Refusal(400, `The header ${name.slice(0, 40)} is too long.`)
    const value = line.slice(colon + 1).trim()
    const values = LISTS.includes(name) ? splitOutside(value, ',') : [value]
    if (values === null) return new Refusal(400, `The header ${name} is malformed.`)
    for (const one of values) headers.push({ name, value: one })
  }
  // A list counts by its values, or a hundred lines would be thousands of headers.
  return headers.length > HEADERS_MAX ? new Refusal(400, `There are more than ${HEADERS_MAX} headers.`) : headers
}

function messageOf(start: string, headers: readonly Header[], rest: string): SipMessage | Refusal {
  const begin = startOf(start)
  if (begin instanceof Refusal) return begin
  const twice = SINGLE.find(name => valuesOf(headers, name).length > 1)
  if (twice !== undefined) return new Refusal(400, `There is more than one header ${twice}.`)
  const missing = ANSWERED.find(name => valuesOf(headers, name).length === 0)
  if (missing !== undefined) return new Refusal(400, `The header ${missing} is missing.`)
  const common = commonOf(headers)
  if (common instanceof Refusal) return common
  const body = bodyOf(headers, rest)
  if (body instanceof Refusal) return body
  const message = { headers: headers.filter(one => one.name !== 'content-length'), body, ...common }
  if (begin.kind === 'response') return { ...begin, ...message }
  if (common.cseq.method !== begin.method) return new Refusal(400, 'CSeq names another method.')
  if (tagOf(common.from) === '') return new Refusal(400, 'From has no tag.')
  const forwards = valuesOf(headers, 'max-forwards')[0]
  const maxForwards = forwards === undefined ? null : wholeNumber(forwards, 255)
  if (forwards !== undefined && maxForwards === null) return new Refusal(400, 'Max-Forwards is not 0 to 255.')
  return { ...begin, ...message, maxForwards }
}

function startOf(
  line: string,
): Pick<SipRequest, 'kind' | 'method' | 'target'> | { kind: 'response'; status: number; reason: string } | Refusal {
  if (utf8Length(line) > LINE_MAX_BYTES || CONTROL.test(line)) return new Refusal(400, 'The first line is malformed.')
  const answer = /^SIP\/2\.0 +([1-6]\d\d)(?: +(.*))?$/i.exec(line)
  if (answer !== null) return { kind: 'response', status: Number(answer[1]), reason: (answer[2] ?? '').trim() }
  const [, method = '', uri = '', major = '', minor = ''] = /^(\S{1,32}) +(\S+) +SIP\/(\d+)\.(\d+) *$/i.exec(line) ?? []
  if (!isToken(method)) return new Refusal(400, 'The first line is malformed.')
  if (major !== '2' || minor !== '0') return new Refusal(505, 'Only SIP/2.0 is spoken here.')
  const target = parseUri(uri)
  if (target === null) return new Refusal(400, 'The address of the request is malformed.')
  if (target.scheme !== 'sip') return new Refusal(416, 'Only addresses with sip: are served.')
  return { kind: 'request', method, target }
}

function commonOf(headers: readonly Header[]): Pick<SipRequest, 'callId' | 'cseq' | 'from' | 'to' | 'vias'> | Refusal {
  const value = (name: string) => valuesOf(headers, name)[0] ?? ''
  const [from, to] = [parseAddress(value('from')), parseAddress(value('to'))]
  if (from === null || tagOf(from).length > NAME_MAX) return new Refusal(400, 'From is malformed.')
  if (to === null || tagOf(to).length > NAME_MAX) return new Refusal(400, 'To is malformed.')
  const callId = value('call-id')
  if (!/^\S+$/.test(callId) || callId.length > NAME_MAX) return new Refusal(400, 'Call-ID is malformed.')
  const [, digits = '', method = ''] = /^(\d+)\s+(\S{1,32})$/.exec(value('cseq')) ?? []
  const number = wholeNumber(digits, CSEQ_END - 1)
  if (number === null || !isToken(method)) return new Refusal(400, 'CSeq is malformed.')
  const lines = valuesOf(headers, 'via')
  if (lines.length > VIAS_MAX) return new Refusal(400, `There are more than ${VIAS_MAX} Vias.`)
  const vias: Via[] = []
  for (const line of lines) {
    const via = parseVia(line)
    if (via === null) return new Refusal(400, 'Via is malformed.')
    vias.push(via)
  }
  const expires = valuesOf(headers, 'expires')[0]
  if (expires !== undefined && wholeNumber(expires, 2 ** 32 - 1) === null)
    return new Refusal(400, 'Expires is not a number of seconds.')
  return { callId, cseq: { number, method }, from, to, vias }
}

function parseVia(text: string): Via | null {
  const narrow = text.replaceAll(/\s+/g, ' ')
  const match =
    /^SIP\s*\/\s*2\.0\s*\/\s*[A-Za-z0-9-]{1,16}\s+(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?:\s*:\s*\d{1,5})?\s*(;.*)?$/i.exec(
      narrow,
    )
  const parameters = match === null ? null : parseParameters(match[2] ?? '')
  const branch = parameters === null ? null : parameter(parameters, 'branch')
  if (parameters === null || branch === null || !isToken(branch) || branch.length > NAME_MAX) return null
  return { text, host: (match?.[1] ?? '').toLowerCase(), branch, parameters }
}

/** A frame has one message, so without Content-Length all the rest is the body. */
function bodyOf(headers: readonly Header[], rest: string): string | Refusal {
  const written = valuesOf(headers, 'content-length')[0]
  if (written === undefined) return rest
  const length = wholeNumber(written, MESSAGE_MAX_BYTES)
  if (length === null) return new Refusal(400, 'Content-Length is not a number of bytes.')
  return firstBytes(rest, length) ?? new Refusal(400, 'Content-Length is not the length of the body.')
}

/** Null: it was an answer or an ACK, which nobody answers, or a header is missing without which nobody could match it. */
function answerTo(start: string, headers: readonly Header[], status: number, words: string): string | null {
  const kept = headers
    .filter(one => ANSWERED.includes(one.name))
    .map(one =>
      one.name === 'to' && !/;\s*tag\s*=/i.test(one.value) ? { ...one, value: `${one.value};tag=refused` } : one,
    )
  if (/^(SIP\/|ACK\b)/i.test(start) || /\bACK$/i.test(valuesOf(headers, 'cseq')[0] ?? '')) return null
  const vias = valuesOf(headers, 'via')
  const once = ANSWERED.slice(1).every(name => valuesOf(headers, name).length === 1)
  if (!once || vias.length === 0 || vias.length > VIAS_MAX || vias.some(one => parseVia(one) === null)) return null
  return writeText(`SIP/2.0 ${status} ${words}`, kept, '')
}
