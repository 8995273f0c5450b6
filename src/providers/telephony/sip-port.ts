/**
 * The port of SIP domains at a carrier: phones of others register there, or call from their own exchange, and the carrier asks our voice URL what
 * they hear. A carrier that has none has no such port.
 */
import type { Carried } from './port.ts'

export interface SipUser {
  username: string
  /** null: it stays as it is, and a user who is not there is refused */
  password: string | null
}
/** Addresses that may call the domain, as `203.0.113.0` with 24 of 32 bits. */
export interface SipNetwork {
  address: string
  prefixLength: number
}
export interface SipDomainWish {
  /** unique at the carrier, with its ending */
  domainName: string
  /** where the carrier asks what a caller hears */
  voiceUrl: string
  /** where the carrier says how such a call goes on */
  statusUrl: string
  /** who may register and call; nobody: no phone registers */
  users: SipUser[]
  /** from where calls come; with users as well, a caller needs both. Neither: the domain takes no call */
  networks: SipNetwork[]
}
/** A domain as the carrier has it. It keeps no password that could be read. */
export interface SipDomainKept {
  domainId: string
  domainName: string
  voiceUrl: string
  users: string[]
  networks: SipNetwork[]
}

export interface SipDomains {
  /** of every name, as `.sip.carrier.example` */
  readonly ending: string
  /** Phones and exchanges of any of its customers may be at this host: its ending is one spelling of several. `host`: in small letters */
  isCarrierHost(host: string): boolean
  /** Our addresses for the calls of one domain of this workspace. `door`: which of its domains it is. */
  urls(door: string): Pick<SipDomainWish, 'voiceUrl' | 'statusUrl'>
  /** Makes what is missing, changes what differs, removes what is not wished for. The same wish again changes nothing. */
  keep(wish: SipDomainWish): Promise<Carried<SipDomainKept>>
  /** null: there is none of this name */
  find(domainName: string): Promise<Carried<SipDomainKept | null>>
  /** with its users and networks; one that is not there is no failure */
  remove(domainName: string): Promise<Carried<null>>
}
