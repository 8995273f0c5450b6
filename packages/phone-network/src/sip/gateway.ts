import type { Socket } from 'node:net'
import { domainOf, isTwilioSip, namesEdge } from '../engine/sip/sip-book.ts'
import type { World } from '../engine/world.ts'
import type { Time } from '../time.ts'
import { Calling, type Phone } from './calling.ts'
import type { SipCalled, SipDialed, SipEvents, SipPlane, SipSide } from './contract.ts'
import { Dialog, dialogKey, hopOf } from './dialog.ts'
import { Challenger } from './digest.ts'
import { Door, type Entry } from './door.ts'
import { ALLOW, Leg } from './leg.ts'
import { header, readAddress, readUri, tagOf, valuesOf } from './message.ts'
import { type Binding, Registrar } from './registrar.ts'
import { type Incoming, Transactions } from './transactions.ts'
import { HOST, type Hop } from './transport.ts'

/**
 * The SIP side of the network: phones register at the account's domains, call them, and are called. It speaks UDP and TCP on this machine
 * only. What calls do is the engine's business; this side carries its words and its sound.
 */

export interface SipOptions {
  world: World
  time: Time
  events: SipEvents
  /** null: a network without sound */
  plane: SipPlane
  /** 0: any free port */
  port: number
  /** of the challenges' nonces */
  secret: string
}

const LEGS_MAX = 1_000

class SipGateway implements SipSide {
  readonly #world: World
  readonly #events: SipEvents
  readonly #plane: SipPlane
  readonly #transactions: Transactions
  readonly #registrar: Registrar
  readonly #door: Door
  /** by CallSid */
  readonly #legs = new Map<string, Leg>()
  readonly #calling = new Map<string, Calling>()
  /** by Call-ID and our tag */
  readonly #dialogs = new Map<string, Leg>()
  readonly #dialled = new Map<Incoming, Leg>()
  /** calls to SIP URIs that were ended while their sound was still being set up */
  #closed = false
  readonly #opening = new Set<string>()
  /** what the engine wants of a call before this side knows its CallSid */
  #waiting: (() => void)[] | null = null

  constructor(options: SipOptions, transactions: Transactions) {
    const { world, time, events, plane, secret } = options
    this.#world = world
    this.#events = events
    this.#plane = plane
    this.#transactions = transactions
    this.#registrar = new Registrar(() => time.now())
    this.#door = new Door(world, new Challenger(secret, () => time.now()))
  }

  get port(): number {
    return this.#transactions.transport.port
  }

  // ---- what phones want

  onRequest(incoming: Incoming): void {
    const { request, hop } = incoming
    if (tagOf(request, 'To') !== '') return this.#within(incoming)
    const required = valuesOf(request, 'Require')
    if (required.length > 0 && request.method !== 'ACK') {
      return incoming.respond(420, { headers: [['Unsupported', required.join(', ')]] })
    }
    switch (request.method) {
      case 'ACK':
        return
      case 'REGISTER':
        return this.#register(incoming)
      case 'INVITE':
        this.#dialed(incoming, hop).catch((error: unknown) => {
          console.error('phone network, SIP:', error)
          incoming.respond(500)
        })
        return
      case 'OPTIONS':
        return incoming.respond(200, {
          headers: [
            ['Allow', ALLOW],
            ['Accept', 'application/sdp'],
          ],
        })
      case 'BYE':
        return incoming.respond(481)
      default:
        return incoming.respond(405, { headers: [['Allow', ALLOW]] })
    }
  }

  onCancel(invite: Incoming): void {
    invite.respond(487)
    const leg = this.#dialled.get(invite)
    if (leg === undefined) return
    leg.invite = null
    this.#forget(leg)
    if (leg.callSid !== '') this.#events.onHungUp(leg.callSid)
  }

  onGone(connection: Socket): void {
    for (const { domainSid, user } of this.#registrar.gone(connection))
      this.#events.onRegistered(domainSid, user, 'removed')
  }

  #within(incoming: Incoming): void {
    const leg = this.#dialogs.get(dialogKey(incoming.request))
    if (leg === undefined) {
      if (incoming.request.method !== 'ACK') incoming.respond(481)
    } else leg.take(incoming, this.#contact(incoming.hop))
  }

  #refuse(incoming: Incoming, entry: Extract<Entry, { entered: false }>): void {
    incoming.respond(entry.status, { headers: entry.headers })
    if (entry.code !== 0 || entry.status === 404) this.#events.onTrouble(null, entry.code, entry.why)
  }

  #register(incoming: Incoming): void {
    const { request, hop } = incoming
    const entry = this.#door.register(request)
    if (!entry.entered) return this.#refuse(incoming, entry)
    const { domain, username } = entry
    const user = username ?? ''
    const done = this.#registrar.register(domain.sid, user, request, hop)
    if (!done.ok) return incoming.respond(done.status, { headers: done.headers })
    incoming.respond(200, {
      headers: [...this.#registrar.contactsOf(done.bindings), ['Date', new Date().toUTCString()]],
    })
    if (done.added > 0) this.#events.onRegistered(domain.sid, user, 'added')
    if (done.removed > 0) this.#events.onRegistered(domain.sid, user, 'removed')
  }

  async #dialed(incoming: Incoming, hop: Hop): Promise<void> {
    const { request } = incoming
    if (Number(header(request, 'Max-Forwards') ?? 70) === 0) return incoming.respond(483)
    const entry = this.#door.call(request, hop.address)
    if (!entry.entered) return this.#refuse(incoming, entry)
    if (this.#legs.size >= LEGS_MAX) return incoming.respond(503)
    incoming.respond(100)
    const leg = await this.#open()
    if (this.#closed) return leg.close()
    leg.invite = incoming
    this.#dialled.set(incoming, leg)
    if (incoming.isOver) return this.#forget(leg)
    if (request.body !== '' && !leg.listenTo(request.body)) {
      incoming.respond(488)
      return this.#forget(leg)
    }
    incoming.respond(180, { headers: [['Contact', this.#contact(hop)]] })
    this.#begin(leg, dialedOf(incoming, hop, entry))
  }

  /** The engine may want something of the call before it has told its CallSid. */
  #begin(leg: Leg, call: SipDialed): void {
    this.#waiting = []
    const callSid = this.#events.onDialed(call)
    const waiting = this.#waiting
    this.#waiting = null
    if (callSid === null) {
      leg.invite?.respond(404)
      this.#forget(leg)
    } else {
      leg.callSid = callSid
      this.#legs.set(callSid, leg)
    }
    for (const run of waiting) run()
  }

  #open(): Promise<Leg> {
    return Leg.open(this.#transactions, this.#plane, {
      onDigits: (leg, digits) => this.#events.onDigits(leg.callSid, digits),
      onReferred: (leg, token, what, code) => this.#events.onReferred(leg.callSid, token, what, code),
      onBye: leg => {
        leg.close()
        this.#forget(leg)
        this.#events.onHungUp(leg.callSid)
      },
    })
  }

  #forget(leg: Leg): void {
    if (!leg.isOver) leg.close()
    this.#legs.delete(leg.callSid)
    if (leg.dialog !== null) this.#dialogs.delete(leg.dialog.key)
    for (const [incoming, one] of this.#dialled) if (one === leg) this.#dialled.delete(incoming)
  }

  #contact = (hop: Hop): string => `<sip:${HOST}:${this.port};transport=${hop.transport.toLowerCase()}>`

  // ---- what the engine wants

  invite(call: SipCalled): void {
    const phones = this.#phonesOf(call)
    // The engine is still inside the step that wants this.
    if (typeof phones === 'number') {
      queueMicrotask(() => this.#events.onRefused(call.callSid, phones, null))
      return
    }
    this.#opening.add(call.callSid)
    this.#open()
      .then(leg => this.#call(call, leg, phones))
      .catch((error: unknown) => {
        console.error('phone network, SIP:', error)
        this.#events.onRefused(call.callSid, 500, null)
      })
  }

  #call(call: SipCalled, leg: Leg, phones: readonly Phone[]): void {
    const { callSid } = call
    if (!this.#opening.delete(callSid)) return leg.close()
    leg.callSid = callSid
    this.#legs.set(callSid, leg)
    const calling = new Calling(
      call,
      leg,
      this.#transactions,
      this.#contact,
      {
        onRinging: () => this.#events.onRinging(callSid),
        onAnswered: (dialog, response, outcome) => {
          this.#calling.delete(callSid)
          this.#dialogs.set(dialog.key, leg)
          // The engine makes the leg of the sound, which the phone then hears.
          this.#events.onAnswered(callSid, outcome)
          leg.accepted(dialog, response)
        },
        onRefused: (code, outcome) => {
          this.#calling.delete(callSid)
          this.#forget(leg)
          this.#events.onRefused(callSid, code, outcome)
        },
      },
      phones,
    )
    this.#calling.set(callSid, calling)
  }

  /** The phones that a SIP URI reaches, or the code with which it is refused. */
  #phonesOf({ callSid, uri }: SipCalled): Phone[] | number {
    const plain = uri.split('?')[0] ?? ''
    const read = readUri(plain)
    const trouble = (code: number, status: number, why: string): number => {
      this.#events.onTrouble(callSid, code, why)
      return status
    }
    if (read === null) return trouble(13_243, 400, `Dial->SIP: Invalid SIP URI: ${uri}`)
    if (isTwilioSip(read.host)) {
      if (namesEdge(read.host)) return trouble(32_220, 404, `${read.host} names an edge: call the domain without it`)
      const domain = domainOf(this.#world, read.host)
      if (domain === null)
        return trouble(32_214, 404, `SIP: Invalid <Dial><Sip>: ${read.host} is no domain of this account`)
      if (read.user === '')
        return trouble(32_223, 404, 'There is no username in the SIP URI when calling a SIP registered endpoint')
      const found = this.#registrar.of(domain.sid, read.user)
      // A phone on TCP is reached by its connection, another one where its contact says.
      const way = ({ contact, hop }: Binding): Hop => (hop.connection === null ? (hopOf(contact) ?? hop) : hop)
      if (found.length > 0) return found.map(one => ({ uri: one.contact, hop: way(one) }))
      return trouble(
        32_009,
        480,
        `The user you tried to dial is not registered with the corresponding SIP Domain: ${read.user}`,
      )
    }
    const hop = hopOf(plain)
    if (hop !== null) return [{ uri: plain, hop }]
    return trouble(0, 503, `${read.host} is not on this machine, or not reached by UDP or TCP`)
  }

  answer(callSid: string): void {
    if (this.#later(() => this.answer(callSid))) return
    const leg = this.#legs.get(callSid)
    const invite = leg?.invite ?? null
    if (leg === undefined || invite === null) return
    const contact = this.#contact(invite.hop)
    const dialog = Dialog.called(invite.request, invite.hop, invite.tag, contact)
    this.#dialogs.set(dialog.key, leg)
    leg.accept(dialog, contact)
  }

  end(callSid: string, code: number): void {
    if (this.#later(() => this.end(callSid, code))) return
    this.#opening.delete(callSid)
    this.#calling.get(callSid)?.cancel()
    this.#calling.delete(callSid)
    const leg = this.#legs.get(callSid)
    if (leg === undefined) return
    leg.end(code)
    this.#forget(leg)
  }

  refer(callSid: string, uri: string, token: number): void {
    if (this.#later(() => this.refer(callSid, uri, token))) return
    this.#legs.get(callSid)?.refer(uri, token)
  }

  press(callSid: string, digits: string): void {
    this.#legs.get(callSid)?.rtp.press(digits)
  }

  registrations() {
    return this.#registrar.of().map(({ domainSid, user, contact, until }) => ({ domainSid, user, contact, until }))
  }

  close(): void {
    this.#closed = true
    this.#opening.clear()
    for (const calling of this.#calling.values()) calling.cancel()
    for (const leg of this.#legs.values()) leg.end(480)
    this.#legs.clear()
    this.#transactions.close()
  }

  #later(run: () => void): boolean {
    this.#waiting?.push(run)
    return this.#waiting !== null
  }
}

/** https://www.twilio.com/docs/voice/api/sip-twiml */
function dialedOf({ request }: Incoming, hop: Hop, { domain, username }: Extract<Entry, { entered: true }>): SipDialed {
  const own = request.headers.filter(([name]) => /^x-/i.test(name)).slice(0, 50)
  const custom = own.map(([name, value]) => [`SipHeader_${name}`, value.slice(0, 1_024)])
  return {
    domainSid: domain.sid,
    from: readAddress(header(request, 'From') ?? '')?.uri ?? '',
    to: request.uri,
    fields: {
      ...Object.fromEntries(custom),
      SipDomain: domain.domainName,
      SipDomainSid: domain.sid,
      SipCallId: header(request, 'Call-ID') ?? '',
      SipSourceIp: hop.address,
      ...(username === null ? {} : { SipUsername: username }),
    },
  }
}

export async function startSip(options: SipOptions): Promise<SipSide> {
  let gateway: SipGateway | null = null
  const transactions = await Transactions.open(options.port, options.time, {
    onRequest: incoming => gateway?.onRequest(incoming),
    onCancel: invite => gateway?.onCancel(invite),
    onGone: connection => gateway?.onGone(connection),
  })
  gateway = new SipGateway(options, transactions)
  options.world.sip.listens = true
  return gateway
}
