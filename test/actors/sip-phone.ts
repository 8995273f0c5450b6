/** A SIP phone of a few lines, written from RFC 3261 and 7118 and not from the code that it tests: for the actor tests and the bench. */
import { createHash } from 'node:crypto'

export interface Heard {
  /** the method, or the status as text */
  word: string
  text: string
}
export interface PhoneSettings {
  domain: string
  user: string
  secret: string
}
/** What a phone needs of a connection; a WebSocket has it. */
export interface Line {
  send(text: string): void
}

let made = 0
function next(): string {
  made += 1
  return made.toString(36)
}
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

export class SipPhone {
  readonly heard: Heard[] = []
  readonly settings: PhoneSettings
  readonly contact: string
  readonly #line: Line
  readonly #instance = `<urn:uuid:00000000-0000-4000-8000-${next().padStart(12, '0')}>`
  #cseq = 0

  constructor(settings: PhoneSettings, line: Line) {
    this.settings = settings
    this.#line = line
    this.contact = `sip:${settings.user}${next()}@${next()}.invalid;transport=ws`
  }

  receive(text: string): void {
    const [first = '', second = ''] = text.split(' ', 2)
    this.heard.push({ word: first === 'SIP/2.0' ? second : first, text })
  }
  words(): string[] {
    return this.heard.map(one => one.word)
  }
  last(word: string): string {
    const found = this.heard.findLast(one => one.word === word)
    if (found === undefined) throw new Error(`${this.settings.user} has not heard ${word}, but ${this.words()}`)
    return found.text
  }
  send(text: string): void {
    this.#line.send(text)
  }

  /** The text of a request; `more`: whole lines. */
  request(
    method: string,
    to: string,
    more: {
      target?: string
      toTag?: string
      callId?: string
      fromTag?: string
      branch?: string
      cseq?: number
      lines?: string[]
      body?: string
      from?: string
    } = {},
  ): string {
    const { domain, user } = this.settings
    this.#cseq += 1
    const body = more.body ?? ''
    return [
      `${method} ${more.target ?? (method === 'REGISTER' ? `sip:${domain}` : `sip:${to}@${domain}`)} SIP/2.0`,
      `Via: SIP/2.0/WS ${user}.invalid;branch=z9hG4bK${more.branch ?? next()}`,
      'Max-Forwards: 70',
      `From: <sip:${more.from ?? user}@${domain}>;tag=${more.fromTag ?? `f${user}`}`,
      `To: <sip:${to}@${domain}>${more.toTag === undefined ? '' : `;tag=${more.toTag}`}`,
      `Call-ID: ${more.callId ?? next()}`,
      `CSeq: ${more.cseq ?? this.#cseq} ${method}`,
      `Contact: <${this.contact}>;reg-id=1;+sip.instance="${this.#instance}"`,
      ...(more.lines ?? []),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n')
  }

  /** The answer to a challenge. */
  credentials(
    challenge: string,
    method = 'REGISTER',
    change: { count?: number; nonce?: string; user?: string; secret?: string } = {},
  ): string {
    const { domain } = this.settings
    const [, offered = ''] = /nonce="([^"]*)"/.exec(challenge) ?? []
    const [nonce, user] = [change.nonce ?? offered, change.user ?? this.settings.user]
    const uri = `sip:${domain}`
    const nc = (change.count ?? 1).toString(16).padStart(8, '0')
    const ha1 = md5(`${user}:${domain}:${change.secret ?? this.settings.secret}`)
    const response = md5(`${ha1}:${nonce}:${nc}:c0ffee:auth:${md5(`${method}:${uri}`)}`)
    return `Authorization: Digest username="${user}", realm="${domain}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=${nc}, cnonce="c0ffee"`
  }

  /** An answer to a request that this phone has heard. */
  answer(request: string, status: number, { tag = `t${this.settings.user}`, body = '' } = {}): string {
    const kept = request.split('\r\n').filter(line => /^(via|record-route|from|call-id|cseq):/i.test(line))
    const [to = ''] = request.split('\r\n').filter(line => /^to:/i.test(line))
    return [
      `SIP/2.0 ${status} Words`,
      ...kept,
      to.includes(';tag=') || status === 100 ? to : `${to};tag=${tag}`,
      `Contact: <${this.contact}>`,
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n')
  }
}

/** The value of a header, without its name. */
export function header(text: string, name: string): string {
  const found = text.split('\r\n').find(line => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
  return found?.slice(name.length + 1).trim() ?? ''
}
