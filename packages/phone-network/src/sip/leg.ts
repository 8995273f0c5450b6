import type { SipPlane } from './contract.ts'
import type { Dialog } from './dialog.ts'
import { header, type SipMessage } from './message.ts'
import { RtpSession } from './rtp.ts'
import { type RemoteMedia, readMedia, writeMedia } from './sdp.ts'
import type { Incoming, Transactions } from './transactions.ts'
import { HOST } from './transport.ts'

/** One SIP call: its dialog, its sound, and the requests within the dialog. */

export const ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, NOTIFY'

export interface LegEvents {
  onDigits(leg: Leg, digits: string): void
  onReferred(leg: Leg, token: number, what: 'answered' | 'notified', code: number): void
  /** BYE, or a phone that does not acknowledge the answer */
  onBye(leg: Leg): void
}

export class Leg {
  callSid = ''
  readonly rtp: RtpSession
  readonly #events: LegEvents
  readonly #transactions: Transactions
  readonly #plane: SipPlane
  readonly #media: { address: string; port: number; id: number; version: number }
  /** of a call that a phone places: until it has its final response */
  invite: Incoming | null = null
  /** the answered INVITE, until its ACK */
  #unacknowledged: Incoming | null = null
  dialog: Dialog | null = null
  #remote: RemoteMedia | null = null
  #untap: (() => void) | null = null
  isOver = false
  /** the token of the REFER that was sent last */
  #referred: number | null = null

  private constructor(rtp: RtpSession, transactions: Transactions, plane: SipPlane, events: LegEvents) {
    this.rtp = rtp
    this.#transactions = transactions
    this.#plane = plane
    this.#events = events
    this.#media = { address: HOST, port: rtp.port, id: rtp.port, version: 1 }
  }

  static async open(transactions: Transactions, plane: SipPlane, events: LegEvents): Promise<Leg> {
    let leg: Leg | null = null
    const rtp = await RtpSession.open(HOST, {
      onSound: mulaw => leg?.hear(mulaw),
      onDigit: digit => leg !== null && !leg.isOver && events.onDigits(leg, digit),
    })
    leg = new Leg(rtp, transactions, plane, events)
    return leg
  }

  get answered(): boolean {
    return this.dialog !== null
  }

  hear(mulaw: Uint8Array): void {
    if (this.answered && !this.isOver) this.#plane?.feed(this.callSid, mulaw)
  }

  /** Our description, as an offer or as the answer to what the other side has said. */
  describe(): string {
    return writeMedia(this.#media, this.#remote)
  }

  /** Takes what the other side says about its sound. False when there is nothing that we can speak. */
  listenTo(body: string): boolean {
    const remote = readMedia(body)
    if (remote === null) return false
    this.#remote = remote
    this.rtp.aim(remote)
    return true
  }

  /** Whether the phone has put us on hold. */
  get isHeld(): boolean {
    return this.#remote !== null && this.#remote.direction !== 'sendrecv'
  }

  /** The call is answered at our side. */
  accept(dialog: Dialog, contact: string): void {
    const { invite } = this
    if (invite === null || this.isOver) return
    this.invite = null
    this.dialog = dialog
    this.#unacknowledged = invite
    invite.onLost = () => this.#lost()
    invite.respond(200, {
      headers: [
        ['Contact', contact],
        ['Allow', ALLOW],
        ['Content-Type', 'application/sdp'],
      ],
      body: this.describe(),
    })
    this.#connect()
  }

  /** The call is answered at the other side. */
  accepted(dialog: Dialog, response: SipMessage): void {
    this.dialog = dialog
    this.listenTo(response.body)
    this.acknowledge()
    this.#connect()
  }

  acknowledge(): void {
    if (this.dialog !== null) this.#transactions.acknowledge(this.dialog.request('ACK'), this.dialog.hop)
  }

  #connect(): void {
    this.#untap ??= this.#plane?.tap(this.callSid, (_says, hears) => this.rtp.send(hears)) ?? null
  }

  /** A request within the dialog. */
  take(incoming: Incoming, contact: string): void {
    const { request } = incoming
    const { dialog } = this
    if (dialog === null || !dialog.follows(request)) return incoming.respond(500)
    switch (request.method) {
      case 'ACK':
        return this.#takeAck(request)
      case 'BYE':
        incoming.respond(200)
        return this.#events.onBye(this)
      case 'INVITE':
      case 'UPDATE':
        return this.#renew(incoming, dialog, contact)
      case 'INFO':
        return this.#takeInfo(incoming)
      case 'NOTIFY':
        return this.#takeNotify(incoming)
      case 'OPTIONS':
        return incoming.respond(200, { headers: [['Allow', ALLOW]] })
      default:
        return incoming.respond(405, { headers: [['Allow', ALLOW]] })
    }
  }

  /** The sound of a phone whose INVITE had no offer is described in its ACK. */
  #takeAck(request: SipMessage): void {
    if (this.#unacknowledged !== null) this.#transactions.acknowledged(this.#unacknowledged)
    this.#unacknowledged = null
    if (request.body !== '') this.listenTo(request.body)
  }

  /** Hold, its end, or another address for the sound. */
  #renew(incoming: Incoming, dialog: Dialog, contact: string): void {
    const { request } = incoming
    dialog.refresh(request)
    const described = request.body !== ''
    if (described && !this.listenTo(request.body)) return incoming.respond(488)
    this.#media.version += 1
    if (request.method === 'INVITE') this.#unacknowledged = incoming
    const body = described || request.method === 'INVITE' ? this.describe() : ''
    const type: [string, string][] = body === '' ? [] : [['Content-Type', 'application/sdp']]
    incoming.respond(200, { headers: [['Contact', contact], ['Allow', ALLOW], ...type], body })
  }

  /** Keys as messages: `application/dtmf-relay` with `Signal=5`, or `application/dtmf` with the key alone. */
  #takeInfo(incoming: Incoming): void {
    const type = (header(incoming.request, 'Content-Type') ?? '').split(';')[0]?.trim().toLowerCase()
    const { body } = incoming.request
    const key =
      type === 'application/dtmf-relay'
        ? /^\s*Signal\s*=\s*([0-9*#A-D])\s*$/im.exec(body)?.[1]
        : /^\s*([0-9*#A-D])\s*$/i.exec(body)?.[1]
    if (type !== 'application/dtmf-relay' && type !== 'application/dtmf') return incoming.respond(415)
    if (key === undefined) return incoming.respond(400)
    incoming.respond(200)
    this.#events.onDigits(this, key.toUpperCase())
  }

  /** Asks the phone to call `uri` (RFC 3515). */
  refer(uri: string, token: number): void {
    if (this.dialog === null || this.isOver) return
    this.#referred = token
    const request = this.dialog.request('REFER', [['Refer-To', `<${uri}>`]])
    this.#transactions.request(request, this.dialog.hop, {
      onResponse: ({ status }) => status >= 200 && this.#events.onReferred(this, token, 'answered', status),
      onFailed: status => this.#events.onReferred(this, token, 'answered', status),
    })
  }

  /** The phone tells how the call goes that it was asked for: the first line of the response that it has got. */
  #takeNotify(incoming: Incoming): void {
    const { request } = incoming
    const token = this.#referred
    const code = /^SIP\/2\.0 ([1-6]\d\d)\b/.exec(request.body)?.[1]
    const event = (header(request, 'Event') ?? '').split(';')[0]?.trim().toLowerCase()
    if (event !== 'refer' || token === null) return incoming.respond(481)
    if (code === undefined) return incoming.respond(400)
    incoming.respond(200)
    this.#events.onReferred(this, token, 'notified', Number(code))
  }

  /** A phone that has asked for the call and does not take the answer has gone. */
  #lost(): void {
    if (this.isOver) return
    this.end(408)
    this.#events.onBye(this)
  }

  /** Ends it at our side; `code` refuses a call that was not answered. */
  end(code: number): void {
    if (this.isOver) return
    this.close()
    if (this.invite !== null) this.invite.respond(code >= 300 ? code : 480)
    else if (this.dialog !== null) {
      const nothing = { onResponse: () => undefined, onFailed: () => undefined }
      this.#transactions.request(this.dialog.request('BYE'), this.dialog.hop, nothing)
    }
  }

  /** Ends its sound without a word to the other side. */
  close(): void {
    this.isOver = true
    this.#untap?.()
    this.#untap = null
    if (this.#unacknowledged !== null) this.#transactions.acknowledged(this.#unacknowledged)
    this.rtp.close()
  }
}
