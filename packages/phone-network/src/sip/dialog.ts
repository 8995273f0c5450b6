import { header, readAddress, readSequence, readUri, requestOf, type SipMessage, tagOf, valuesOf } from './message.ts'
import { HOST, type Hop, isLoopback } from './transport.ts'

/** Both sides of a call agree on this (RFC 3261, 12): who is who, the way between them, and how requests are numbered. */

const MAX_FORWARDS = '70'

/** Where a SIP URI of this machine leads. Null when it leads elsewhere, or by a transport that is not spoken. */
export function hopOf(uri: string): Hop | null {
  const read = readUri(uri)
  const transport = read?.parameters.transport?.toUpperCase() ?? 'UDP'
  if (read === null || read.secure || (transport !== 'UDP' && transport !== 'TCP')) return null
  const address = read.host === 'localhost' ? HOST : read.host
  return isLoopback(address) ? { transport, address, port: read.port ?? 5_060, connection: null } : null
}

function withoutTag(value: string): string {
  return value.replace(/;\s*tag=[^;,\s]*/i, '')
}

export class Dialog {
  readonly callId: string
  readonly localTag: string
  readonly remoteTag: string
  readonly #local: string
  readonly #remote: string
  readonly #contact: string
  readonly #routes: string[]
  #target: string
  #hop: Hop
  #sequence: number
  #remoteSequence: number

  private constructor(parts: {
    callId: string
    local: string
    localTag: string
    remote: string
    remoteTag: string
    contact: string
    routes: string[]
    target: string
    hop: Hop
    sequence: number
    remoteSequence: number
  }) {
    this.callId = parts.callId
    this.localTag = parts.localTag
    this.remoteTag = parts.remoteTag
    this.#local = withoutTag(parts.local)
    this.#remote = withoutTag(parts.remote)
    this.#contact = parts.contact
    this.#routes = parts.routes
    this.#target = parts.target
    this.#hop = parts.hop
    this.#sequence = parts.sequence
    this.#remoteSequence = parts.remoteSequence
  }

  /** We have answered this INVITE. */
  static called(invite: SipMessage, hop: Hop, localTag: string, contact: string): Dialog {
    return new Dialog({
      callId: header(invite, 'Call-ID') ?? '',
      local: header(invite, 'To') ?? '',
      localTag,
      remote: header(invite, 'From') ?? '',
      remoteTag: tagOf(invite, 'From'),
      contact,
      routes: valuesOf(invite, 'Record-Route'),
      target: contactOf(invite) ?? readAddress(header(invite, 'From') ?? '')?.uri ?? '',
      hop,
      sequence: 0,
      remoteSequence: readSequence(invite)?.number ?? 0,
    })
  }

  /** Somebody has answered our INVITE. */
  static calling(invite: SipMessage, response: SipMessage, hop: Hop, contact: string): Dialog {
    return new Dialog({
      callId: header(invite, 'Call-ID') ?? '',
      local: header(invite, 'From') ?? '',
      localTag: tagOf(invite, 'From'),
      remote: header(response, 'To') ?? '',
      remoteTag: tagOf(response, 'To'),
      contact,
      routes: valuesOf(response, 'Record-Route').reverse(),
      target: contactOf(response) ?? invite.uri,
      hop,
      sequence: readSequence(invite)?.number ?? 1,
      remoteSequence: 0,
    })
  }

  get key(): string {
    return `${this.callId} ${this.localTag}`
  }

  /** A request of the other side. False when it is older than one before. */
  follows(request: SipMessage): boolean {
    const number = readSequence(request)?.number ?? 0
    if (request.method === 'ACK') return true
    if (number <= this.#remoteSequence) return false
    this.#remoteSequence = number
    return true
  }

  /** An INVITE or UPDATE may say that the other side has moved. */
  refresh(request: SipMessage): void {
    this.#target = contactOf(request) ?? this.#target
  }

  /** The next request of ours. An ACK has the number of its INVITE. */
  request(method: string, headers: [string, string][] = [], body = ''): SipMessage {
    if (method !== 'ACK') this.#sequence += 1
    return requestOf(
      method,
      this.#target,
      [
        ...this.#routes.map((route): [string, string] => ['Route', route]),
        ['Max-Forwards', MAX_FORWARDS],
        ['From', `${this.#local};tag=${this.localTag}`],
        ['To', `${this.#remote};tag=${this.remoteTag}`],
        ['Call-ID', this.callId],
        ['CSeq', `${this.#sequence} ${method}`],
        ['Contact', this.#contact],
        ...headers,
      ],
      body,
    )
  }

  /** Where our requests go: the connection that there is, the first route, or the other side's contact. */
  get hop(): Hop {
    if (this.#hop.connection !== null && !this.#hop.connection.destroyed) return this.#hop
    const first = this.#routes[0]
    const next = first === undefined ? this.#target : (readAddress(first)?.uri ?? '')
    return hopOf(next) ?? this.#hop
  }
}

export function contactOf(message: SipMessage): string | null {
  return readAddress(valuesOf(message, 'Contact')[0] ?? '')?.uri ?? null
}

/** The dialog that a request within one names. */
export function dialogKey(request: SipMessage): string {
  return `${header(request, 'Call-ID')} ${tagOf(request, 'To')}`
}
