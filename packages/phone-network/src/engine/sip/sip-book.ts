import type { Target, World } from '../world.ts'

/**
 * The SIP part of the account's book: domains, lists of credentials and of addresses, and which list opens which door of a domain.
 * https://www.twilio.com/docs/voice/sip/api
 */

export const SIP_DOMAINS_MAX = 100
export const SIP_LISTS_MAX = 100
export const SIP_ENTRIES_MAX = 1_000

export interface SipKept {
  sid: string
  createdAt: number
  updatedAt: number
}

/** `calls`: who may call the domain; `registrations`: which phones may register there. */
export type SipDoor = 'call-credentials' | 'call-addresses' | 'registration-credentials'

export interface SipMapping {
  /** of the list: a mapping has no SID of its own */
  sid: string
  createdAt: number
}

export interface SipDomain extends SipKept {
  domainName: string
  friendlyName: string
  voice: Target
  fallback: Target
  statusCallback: Target
  registration: boolean
  secure: boolean
  emergencyCalling: boolean
  doors: Record<SipDoor, SipMapping[]>
}

export interface SipCredential extends SipKept {
  username: string
  /** the digest's secret, MD5 of user, realm and password */
  ha1: string
}

export interface SipAddress extends SipKept {
  friendlyName: string
  ipAddress: string
  prefixLength: number
}

export interface SipList<T> extends SipKept {
  friendlyName: string
  entries: Map<string, T>
}

export interface SipBook {
  /** all by SID */
  domains: Map<string, SipDomain>
  credentialLists: Map<string, SipList<SipCredential>>
  addressLists: Map<string, SipList<SipAddress>>
  /** whether this network listens for SIP; otherwise nobody is reached there */
  listens: boolean
}

export function emptySipBook(): SipBook {
  return { domains: new Map(), credentialLists: new Map(), addressLists: new Map(), listens: false }
}

export type DomainSettings = Omit<SipDomain, keyof SipKept | 'doors'>

/** A null SID makes a new entry. */
export type SipChange =
  | { of: 'sip-domain'; sid: string | null; settings: DomainSettings }
  | { of: 'sip-credential-list' | 'sip-address-list'; sid: string | null; friendlyName: string }
  | { of: 'sip-credential'; listSid: string; sid: string | null; username: string; ha1: string }
  | { of: 'sip-address'; listSid: string; sid: string | null; settings: Omit<SipAddress, keyof SipKept> }
  | { of: 'sip-mapping'; domainSid: string; door: SipDoor; sid: string }

export type SipPart = SipChange['of']

/** REST removes this from the book. An entry of a list, and a mapping, have no meaning alone, so the list or the domain that holds them is named too. */
export interface SipDrop {
  of: SipPart
  sid: string
  /** the list, or the domain */
  within?: string
  door?: SipDoor
}

/** The far end of a leg: a SIP phone, or whatever answers at a SIP URI. The name and the password are for its challenge. */
export interface SipFar {
  kind: 'sip'
  uri: string
  username: string | null
  password: string | null
}

/** How the INVITE to a SIP phone has ended: its Call-ID, and what the phone has said with its final response. */
export interface SipOutcome {
  callId: string
  headers: Record<string, string>
}

const SUFFIX = '.sip.twilio.com'
/** `ada.sip.dublin.twilio.com` is `ada.sip.twilio.com` at an edge. */
const EDGE = /^(.+)\.sip\.[a-z0-9-]+\.twilio\.com$/

/** The domain of this host, also when an edge stands in it. */
export function domainOf(world: World, host: string): SipDomain | null {
  const edge = EDGE.exec(host.toLowerCase())
  const name = edge === null ? host.toLowerCase() : `${edge[1]}${SUFFIX}`
  for (const domain of world.sip.domains.values()) if (domain.domainName === name) return domain
  return null
}

export function namesEdge(host: string): boolean {
  return EDGE.test(host.toLowerCase())
}

/** Whether the host can be a domain of somebody's at Twilio. */
export function isTwilioSip(host: string): boolean {
  return namesEdge(host) || host.toLowerCase().endsWith(SUFFIX)
}

/** The domains that have this list at one of their doors. */
export function domainsWith(world: World, sid: string): SipDomain[] {
  return [...world.sip.domains.values()].filter(({ doors }) =>
    Object.values(doors).some(door => door.some(one => one.sid === sid)),
  )
}
