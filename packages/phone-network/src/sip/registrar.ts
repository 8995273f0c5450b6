import type { Socket } from 'node:net'
import { header, readAddress, readSequence, readUri, type SipMessage, valuesOf } from './message.ts'
import type { Hop } from './transport.ts'

/** Which phones are registered under which user of a domain, and until when. */

export const EXPIRES_S = 600
export const EXPIRES_S_MIN = 60
export const EXPIRES_S_MAX = 3_600
/** https://www.twilio.com/docs/voice/api/sip-registration#limits */
export const BINDINGS_MAX = 10

export interface Binding {
  domainSid: string
  user: string
  /** as the phone has written it */
  contact: string
  hop: Hop
  callId: string
  sequence: number
  until: number
}

export type Registered =
  | { ok: true; bindings: Binding[]; added: number; removed: number }
  | { ok: false; status: number; headers: [string, string][] }

export class Registrar {
  readonly #bindings: Binding[] = []
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** The phones of a user, oldest first; all phones without arguments. */
  of(domainSid?: string, user?: string): Binding[] {
    const now = this.#now()
    for (let at = this.#bindings.length - 1; at >= 0; at -= 1) {
      if ((this.#bindings[at] as Binding).until <= now) this.#bindings.splice(at, 1)
    }
    return this.#bindings.filter(
      one => (domainSid === undefined || one.domainSid === domainSid) && (user === undefined || one.user === user),
    )
  }

  /** A REGISTER of somebody who may. Without a Contact it only asks. */
  register(domainSid: string, user: string, request: SipMessage, hop: Hop): Registered {
    const contacts = valuesOf(request, 'Contact')
    const expires = Number(header(request, 'Expires') ?? EXPIRES_S)
    const callId = header(request, 'Call-ID') ?? ''
    const sequence = readSequence(request)?.number ?? 0
    if (contacts.includes('*')) {
      if (contacts.length > 1 || expires !== 0) return { ok: false, status: 400, headers: [] }
      const removed = this.of(domainSid, user)
      for (const one of removed) this.#remove(one)
      return { ok: true, bindings: [], added: 0, removed: removed.length }
    }
    const wanted = contacts.map(value => ({ address: readAddress(value), value }))
    if (wanted.some(({ address }) => readUri(address?.uri ?? '') === null))
      return { ok: false, status: 400, headers: [] }
    const read = wanted.map(({ address }) => ({
      contact: address?.uri ?? '',
      seconds: Number(address?.parameters.expires ?? expires),
    }))
    for (const { seconds } of read) {
      if (!Number.isInteger(seconds) || seconds < 0) return { ok: false, status: 400, headers: [] }
      if (seconds > 0 && seconds < EXPIRES_S_MIN) {
        return { ok: false, status: 423, headers: [['Min-Expires', String(EXPIRES_S_MIN)]] }
      }
    }
    const olds = this.of(domainSid, user)
    const fresh = read.filter(one => one.seconds > 0 && !olds.some(old => old.contact === one.contact))
    if (olds.length + fresh.length > BINDINGS_MAX) return { ok: false, status: 403, headers: [] }
    let [added, removed] = [0, 0]
    for (const { contact, seconds } of read) {
      const old = olds.find(one => one.contact === contact)
      // A request that was overtaken by a later one of the same phone changes nothing (RFC 3261, 10.3).
      if (old !== undefined && old.callId === callId && sequence <= old.sequence)
        return { ok: false, status: 500, headers: [] }
      if (old !== undefined) this.#remove(old)
      if (seconds === 0) {
        removed += old === undefined ? 0 : 1
        continue
      }
      added += old === undefined ? 1 : 0
      const until = this.#now() + Math.min(seconds, EXPIRES_S_MAX) * 1_000
      this.#bindings.push({ domainSid, user, contact, hop, callId, sequence, until })
    }
    return { ok: true, bindings: this.of(domainSid, user), added, removed }
  }

  /** A connection has ended, and with it the phones that were reached by it. */
  gone(connection: Socket): Binding[] {
    const lost = this.#bindings.filter(({ hop }) => hop.connection === connection)
    for (const one of lost) this.#remove(one)
    return lost
  }

  /** `Contact` of the answer: every phone, with the seconds that it has left. */
  contactsOf(bindings: readonly Binding[]): [string, string][] {
    const left = (until: number): number => Math.max(1, Math.ceil((until - this.#now()) / 1_000))
    return bindings.map(({ contact, until }): [string, string] => ['Contact', `<${contact}>;expires=${left(until)}`])
  }

  #remove(binding: Binding): void {
    const at = this.#bindings.indexOf(binding)
    if (at >= 0) this.#bindings.splice(at, 1)
  }
}
