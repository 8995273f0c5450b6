import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Time, Timer } from '../time.ts'
import {
  faultOf,
  header,
  type ResponseParts,
  readSequence,
  readVia,
  requestOf,
  respond,
  type SipMessage,
  valuesOf,
} from './message.ts'
import { HOST, type Hop, SipTransport, wayBack } from './transport.ts'

/**
 * Transactions (RFC 3261, 17): what is lost is sent again, what comes twice is answered as before, and nobody waits for ever. Above them a
 * request happens once and has one final response.
 */

const T1_MS = 500
const T2_MS = 4_000
const END_MS = 64 * T1_MS
const TRANSACTIONS_MAX = 10_000

export const newTag = (): string => randomBytes(8).toString('hex')

/** A request of somebody else, and the way to answer it. */
export class Incoming {
  readonly request: SipMessage
  readonly hop: Hop
  readonly tag = newTag()
  /** the last response; null: none yet */
  last: SipMessage | null = null
  /** an INVITE that was cancelled before its final response */
  cancelled = false
  timer: Timer | null = null
  /** nobody has acknowledged the final response in all the time that there is */
  onLost: (() => void) | null = null
  readonly #send: (response: SipMessage, incoming: Incoming) => void

  constructor(request: SipMessage, hop: Hop, send: (response: SipMessage, incoming: Incoming) => void) {
    this.request = request
    this.hop = hop
    this.#send = send
  }

  get isOver(): boolean {
    return this.last !== null && this.last.status >= 200
  }

  /** A second final response is not sent. */
  respond(status: number, parts: ResponseParts = {}): void {
    if (this.isOver) return
    this.last = respond(this.request, status, { tag: this.tag, ...parts })
    this.#send(this.last, this)
  }
}

export interface Outgoing {
  onResponse(response: SipMessage): void
  /** nobody answers (408), or nobody is there (503) */
  onFailed(status: 408 | 503): void
}

interface Sent {
  request: SipMessage
  hop: Hop
  events: Outgoing
  timers: Timer[]
  provisional: boolean
  final: SipMessage | null
  ack: SipMessage | null
}

export interface TransactionEvents {
  onRequest(incoming: Incoming): void
  /** CANCEL: that INVITE is not wanted any more, and has no final response yet */
  onCancel(invite: Incoming): void
  onGone(connection: Socket): void
}

function keyOf(request: SipMessage, method = request.method): string {
  const via = readVia(valuesOf(request, 'Via')[0] ?? '')
  const { branch = '' } = via?.parameters ?? {}
  // Without a branch of RFC 3261 the whole request is its name.
  const name = branch.startsWith('z9hG4bK') ? branch : `${header(request, 'Call-ID')} ${readSequence(request)?.number}`
  return `${method} ${name} ${via?.host}:${via?.port}`
}

export class Transactions {
  readonly transport: SipTransport
  readonly #time: Time
  readonly #events: TransactionEvents
  readonly #incoming = new Map<string, Incoming>()
  readonly #sent = new Map<string, Sent>()
  readonly #timers = new Set<Timer>()

  private constructor(transport: SipTransport, time: Time, events: TransactionEvents) {
    this.transport = transport
    this.#time = time
    this.#events = events
  }

  static async open(port: number, time: Time, events: TransactionEvents): Promise<Transactions> {
    let made: Transactions | null = null
    const transport = await SipTransport.open(port, {
      onMessage: (message, hop) => made?.take(message, hop),
      onGone: connection => made?.gone(connection),
    })
    made = new Transactions(transport, time, events)
    return made
  }

  take(message: SipMessage, hop: Hop): void {
    if (message.status > 0) this.#takeResponse(message)
    else this.#takeRequest(message, hop)
  }

  gone(connection: Socket): void {
    this.#events.onGone(connection)
  }

  /** Sends a request as a transaction of its own. Returns its Via branch. */
  request(request: SipMessage, hop: Hop, events: Outgoing): string {
    const branch = `z9hG4bK${newTag()}`
    this.#addVia(request, hop, branch)
    const sent: Sent = { request, hop, events, timers: [], provisional: false, final: null, ack: null }
    const key = `${request.method} ${branch}`
    this.#sent.set(key, sent)
    const failed = (status: 408 | 503): void => {
      if (!this.#sent.delete(key) || sent.final !== null) return
      for (const timer of sent.timers) timer.cancel()
      events.onFailed(status)
    }
    this.transport.send(request, hop, () => failed(503))
    // An INVITE that rings may ring for long; its caller ends it.
    sent.timers.push(
      this.#after(END_MS, () => (sent.provisional && request.method === 'INVITE' ? undefined : failed(408))),
    )
    if (hop.transport === 'UDP') this.#repeat(sent, T1_MS)
    return branch
  }

  /** CANCEL of an INVITE that rings: the same Via and CSeq number (RFC 3261, 9.1). */
  cancel(invite: SipMessage, hop: Hop): void {
    const names = ['via', 'route', 'from', 'to', 'call-id', 'max-forwards']
    const taken = invite.headers.filter(([name]) => names.includes(name.toLowerCase()))
    const headers: [string, string][] = [...taken, ['CSeq', `${readSequence(invite)?.number} CANCEL`]]
    const request = requestOf('CANCEL', invite.uri, headers)
    const via = valuesOf(invite, 'Via')[0] ?? ''
    const key = `CANCEL ${readVia(via)?.parameters.branch}`
    const sent: Sent = {
      request,
      hop,
      events: { onResponse: () => undefined, onFailed: () => undefined },
      timers: [],
      provisional: false,
      final: null,
      ack: null,
    }
    this.#sent.set(key, sent)
    sent.timers.push(this.#after(END_MS, () => this.#sent.delete(key)))
    this.transport.send(request, hop)
    if (hop.transport === 'UDP') this.#repeat(sent, T1_MS)
  }

  /** ACK of a 2xx is a request of its own that nobody answers. */
  acknowledge(request: SipMessage, hop: Hop): void {
    this.#addVia(request, hop, `z9hG4bK${newTag()}`)
    this.transport.send(request, hop)
  }

  close(): void {
    for (const timer of [...this.#timers]) timer.cancel()
    this.#incoming.clear()
    this.#sent.clear()
    this.transport.close()
  }

  /** A timer that does not keep a closed network alive. */
  #after(ms: number, run: () => void): Timer {
    const real = this.#time.after(ms, () => {
      this.#timers.delete(timer)
      run()
    })
    const timer: Timer = {
      cancel: () => {
        this.#timers.delete(timer)
        real.cancel()
      },
    }
    this.#timers.add(timer)
    return timer
  }

  #addVia(request: SipMessage, hop: Hop, branch: string): void {
    const via = `SIP/2.0/${hop.transport} ${HOST}:${this.transport.port};branch=${branch};rport`
    request.headers.unshift(['Via', via])
  }

  #repeat(sent: Sent, ms: number): void {
    const longest = sent.request.method === 'INVITE' ? END_MS : T2_MS
    const timer = this.#after(ms, () => {
      if (sent.final !== null || (sent.provisional && sent.request.method === 'INVITE')) return
      this.transport.send(sent.request, sent.hop)
      this.#repeat(sent, Math.min(ms * 2, longest))
    })
    sent.timers.splice(1, sent.timers.length, timer)
  }

  #takeResponse(response: SipMessage): void {
    const via = valuesOf(response, 'Via')
    const method = readSequence(response)?.method ?? ''
    const key = `${method} ${readVia(via[0] ?? '')?.parameters.branch}`
    const sent = this.#sent.get(key)
    // A response with a second Via was not for us (RFC 3261, 8.1.3.3).
    if (sent === undefined || via.length !== 1) return
    if (response.status < 200) {
      sent.provisional = true
      if (sent.final === null) sent.events.onResponse(response)
      return
    }
    if (method === 'INVITE' && response.status >= 300) {
      sent.ack ??= ackOf(sent.request, response)
      this.transport.send(sent.ack, sent.hop)
    }
    // A 2xx that comes again was not acknowledged: whoever has the dialog does it once more.
    if (sent.final !== null && (method !== 'INVITE' || response.status >= 300)) return
    if (sent.final === null) {
      for (const timer of sent.timers) timer.cancel()
      sent.timers = [this.#after(END_MS, () => this.#sent.delete(key))]
    }
    sent.final = response
    sent.events.onResponse(response)
  }

  #takeRequest(request: SipMessage, hop: Hop): void {
    const { method } = request
    const fault = faultOf(request)
    if (fault !== null) {
      if (method !== 'ACK' && header(request, 'Via') !== null) {
        const refusal = respond(request, 400, { headers: [['Warning', `399 ${HOST} "${fault}"`]] })
        this.transport.send(refusal, wayBack(request, hop))
      }
      return
    }
    const invite = this.#incoming.get(keyOf(request, 'INVITE'))
    if (method === 'ACK' && invite !== undefined) {
      invite.timer?.cancel()
      if ((invite.last?.status ?? 0) >= 300) return
    }
    if (method === 'CANCEL') return this.#cancelled(request, hop, invite)
    const key = keyOf(request)
    const known = this.#incoming.get(key)
    if (known !== undefined) {
      if (known.last !== null) this.transport.send(known.last, wayBack(request, hop))
      return
    }
    const incoming = new Incoming(request, hop, (response, one) => this.#answer(response, one))
    if (method !== 'ACK') {
      if (this.#incoming.size >= TRANSACTIONS_MAX) {
        this.transport.send(respond(request, 503), wayBack(request, hop))
        return
      }
      this.#incoming.set(key, incoming)
    }
    this.#events.onRequest(incoming)
  }

  #cancelled(request: SipMessage, hop: Hop, invite: Incoming | undefined): void {
    const status = invite === undefined ? 481 : 200
    this.transport.send(respond(request, status, { tag: invite?.tag ?? newTag() }), wayBack(request, hop))
    if (invite === undefined || invite.isOver) return
    invite.cancelled = true
    this.#events.onCancel(invite)
  }

  #answer(response: SipMessage, incoming: Incoming): void {
    const { request, hop } = incoming
    const way = wayBack(request, hop)
    this.transport.send(response, way)
    if (response.status < 200) return
    const key = keyOf(request)
    this.#after(END_MS, () => this.#incoming.delete(key))
    // A 2xx is sent again on TCP too, because the proxy between may have lost it.
    const again = request.method === 'INVITE' && (way.transport === 'UDP' || response.status < 300)
    if (again) this.#answerAgain(response, incoming, way, T1_MS, 0)
  }

  #answerAgain(response: SipMessage, incoming: Incoming, way: Hop, ms: number, passed: number): void {
    if (passed >= END_MS) return incoming.onLost?.()
    incoming.timer = this.#after(ms, () => {
      this.transport.send(response, way)
      this.#answerAgain(response, incoming, way, Math.min(ms * 2, T2_MS), passed + ms)
    })
  }

  /** The 2xx of this INVITE was acknowledged, with an ACK that is a request of its own. */
  acknowledged(invite: Incoming): void {
    invite.timer?.cancel()
    invite.timer = null
  }
}

/** ACK of a final response that is no 2xx belongs to the INVITE's transaction (RFC 3261, 17.1.1.3). */
function ackOf(invite: SipMessage, response: SipMessage): SipMessage {
  const names = ['via', 'route', 'from', 'call-id', 'max-forwards']
  const taken = invite.headers.filter(([name]) => names.includes(name.toLowerCase()))
  const headers: [string, string][] = [
    ...taken,
    ['To', header(response, 'To') ?? ''],
    ['CSeq', `${readSequence(invite)?.number} ACK`],
  ]
  return requestOf('ACK', invite.uri, headers)
}
