import { domainOf, type SipDomain, type SipDoor } from '../engine/sip/sip-book.ts'
import type { World } from '../engine/world.ts'
import { type Challenger, readDigest } from './digest.ts'
import { header, readAddress, readUri, type SipMessage } from './message.ts'

/** Decides who may register at a domain, and who may call it. https://www.twilio.com/docs/voice/api/sip-interface#authentication */

export type Entry =
  | { entered: true; domain: SipDomain; username: string | null }
  /** `code` 0: a challenge, which is no trouble */
  | { entered: false; status: number; headers: [string, string][]; code: number; why: string }

function refused(status: number, code: number, why: string): Entry {
  return { entered: false, status, headers: [], code, why }
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

export function isWithin(address: string, network: string, prefixLength: number): boolean {
  const size = 2 ** (32 - prefixLength)
  return Math.floor(numberOf(address) / size) === Math.floor(numberOf(network) / size)
}

export class Door {
  readonly #world: World
  readonly #challenger: Challenger

  constructor(world: World, challenger: Challenger) {
    this.#world = world
    this.#challenger = challenger
  }

  /** REGISTER: by a list of credentials, and only where registration is on. */
  register(request: SipMessage): Entry {
    const domain = this.#domain(request)
    if (domain === null) return refused(404, 0, 'no such SIP domain')
    if (!domain.registration) return refused(403, 32210, 'SIP: Registration not supported')
    if (domain.doors['registration-credentials'].length === 0) {
      return refused(403, 32212, 'SIP: Registration Authentication problem')
    }
    const entry = this.#prove(domain, request, 'registration-credentials')
    if (!entry.entered) return entry
    // The address that is registered is that of whoever has proved who they are.
    const user = readUri(readAddress(header(request, 'To') ?? '')?.uri ?? '')?.user
    return user === entry.username ? entry : refused(403, 32106, 'SIP: Authorization name and username do not match')
  }

  /** INVITE: a domain with a list of addresses wants one of them, one with credentials wants these, and one with both wants both. */
  call(request: SipMessage, address: string): Entry {
    const domain = this.#domain(request)
    if (domain === null) return refused(404, 0, 'no such SIP domain')
    if (this.#world.account.status !== 'active') return refused(403, 10001, 'the account is not active')
    const { 'call-addresses': lists, 'call-credentials': credentials } = domain.doors
    if (lists.length === 0 && credentials.length === 0) {
      return refused(
        403,
        32200,
        `SIP: Insufficient permissions: ${domain.domainName} has neither credentials nor addresses`,
      )
    }
    const known = lists.flatMap(({ sid }) => [...(this.#world.sip.addressLists.get(sid)?.entries.values() ?? [])])
    if (lists.length > 0 && !known.some(one => isWithin(address, one.ipAddress, one.prefixLength))) {
      return refused(403, 32201, 'SIP: Source IP address not in ACL')
    }
    if (credentials.length === 0) return { entered: true, domain, username: null }
    return this.#prove(domain, request, 'call-credentials')
  }

  #domain(request: SipMessage): SipDomain | null {
    return domainOf(this.#world, readUri(request.uri)?.host ?? '')
  }

  #prove(domain: SipDomain, request: SipMessage, door: SipDoor): Entry {
    const registers = door === 'registration-credentials'
    const [status, asks, answers] = registers
      ? [401, 'WWW-Authenticate', 'Authorization']
      : [407, 'Proxy-Authenticate', 'Proxy-Authorization']
    const challenge = (stale: boolean): Entry => ({
      entered: false,
      status: status as number,
      headers: [[asks as string, this.#challenger.challenge(stale)]],
      code: 0,
      why: 'challenged',
    })
    const answer = readDigest(header(request, answers as string) ?? '')
    if (answer === null) return challenge(false)
    const username = answer.username ?? ''
    const credential = domain.doors[door]
      .flatMap(({ sid }) => [...(this.#world.sip.credentialLists.get(sid)?.entries.values() ?? [])])
      .find(one => one.username === username)
    // A name that does not exist is judged as a wrong password is.
    const verdict = this.#challenger.judge(answer, request.method, credential?.ha1 ?? 'nobody')
    if (verdict === 'stale') return challenge(true)
    if (verdict === 'wrong' || credential === undefined) return refused(403, 32202, 'SIP: Bad user credentials')
    return { entered: true, domain, username }
  }
}
