import { fact, type Turn } from '../turn.ts'
import type { Target, World } from '../world.ts'

/**
 * The SIP part of the account's book: domains, lists of credentials and of addresses, and which list opens which door of a domain.
 * https://www.twilio.com/docs/voice/sip/api
 */

export const SIP_DOMAINS_MAX = 100
export const SIP_LISTS_MAX = 100
export const SIP_ENTRIES_MAX = 1_000

interface Kept {
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

export interface SipDomain extends Kept {
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

export interface SipCredential extends Kept {
  username: string
  /** the digest's secret, MD5 of user, realm and password */
  ha1: string
}

export interface SipAddress extends Kept {
  friendlyName: string
  ipAddress: string
  prefixLength: number
}

export interface SipList<T> extends Kept {
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

export type DomainSettings = Omit<SipDomain, keyof Kept | 'doors'>

/** A null SID makes a new entry. */
export type SipChange =
  | { of: 'sip-domain'; sid: string | null; settings: DomainSettings }
  | { of: 'sip-credential-list' | 'sip-address-list'; sid: string | null; friendlyName: string }
  | { of: 'sip-credential'; listSid: string; sid: string | null; username: string; ha1: string }
  | { of: 'sip-address'; listSid: string; sid: string | null; settings: Omit<SipAddress, keyof Kept> }
  | { of: 'sip-mapping'; domainSid: string; door: SipDoor; sid: string }

export type SipPart = SipChange['of']

/** What is removed: an entry of a list or a mapping is named with what holds it. */
export interface SipDrop {
  of: SipPart
  sid: string
  /** the list, or the domain */
  within?: string
  door?: SipDoor
}

/** Writes into the book. When that part of it is full, or what holds it is gone, nothing happens and there is no fact. */
export function keepInSipBook(turn: Turn, change: SipChange): void {
  const sid = keep(turn, change)
  if (sid !== null) fact(turn, { kind: 'book-changed', of: change.of, sid, how: 'kept' })
}

function keep(turn: Turn, change: SipChange): string | null {
  const { sip } = turn.world
  switch (change.of) {
    case 'sip-domain':
      return put(turn, sip.domains, change.sid, 'SD', SIP_DOMAINS_MAX, change.settings, {
        doors: { 'call-credentials': [], 'call-addresses': [], 'registration-credentials': [] },
      })
    case 'sip-credential-list':
      return put(
        turn,
        sip.credentialLists,
        change.sid,
        'CL',
        SIP_LISTS_MAX,
        { friendlyName: change.friendlyName },
        { entries: new Map() },
      )
    case 'sip-address-list':
      return put(
        turn,
        sip.addressLists,
        change.sid,
        'AL',
        SIP_LISTS_MAX,
        { friendlyName: change.friendlyName },
        { entries: new Map() },
      )
    case 'sip-credential': {
      const list = sip.credentialLists.get(change.listSid)
      const { username, ha1 } = change
      return list === undefined
        ? null
        : put(turn, list.entries, change.sid, 'CR', SIP_ENTRIES_MAX, { username, ha1 }, {})
    }
    case 'sip-address': {
      const list = sip.addressLists.get(change.listSid)
      return list === undefined ? null : put(turn, list.entries, change.sid, 'IP', SIP_ENTRIES_MAX, change.settings, {})
    }
    case 'sip-mapping': {
      const mapped = sip.domains.get(change.domainSid)?.doors[change.door]
      if (mapped === undefined || mapped.length >= SIP_LISTS_MAX) return null
      if (!mapped.some(one => one.sid === change.sid)) mapped.push({ sid: change.sid, createdAt: turn.at })
      return change.sid
    }
  }
}

/** `settings` replace those of an entry that is there; `fresh` is what only a new one gets. */
function put<T extends Kept, S extends Partial<T>>(
  turn: Turn,
  book: Map<string, T>,
  sid: string | null,
  prefix: string,
  max: number,
  settings: S,
  fresh: Omit<T, keyof Kept | keyof S>,
): string | null {
  const old = sid === null ? undefined : book.get(sid)
  if (old === undefined && book.size >= max) return null
  if (old !== undefined) Object.assign(old, settings, { updatedAt: turn.at })
  else {
    const born = { sid: sid ?? prefix + turn.world.random.hex(32), createdAt: turn.at, updatedAt: turn.at }
    // The settings and what is fresh are all that an entry has besides its birth.
    const entry = { ...fresh, ...settings, ...born } as unknown as T
    book.set(entry.sid, entry)
    return entry.sid
  }
  return old.sid
}

export function dropFromSipBook(turn: Turn, { of, sid, within = '', door }: SipDrop): void {
  const { sip } = turn.world
  const domain = sip.domains.get(within)
  if (of === 'sip-mapping') {
    if (domain === undefined || door === undefined) return
    const before = domain.doors[door].length
    domain.doors[door] = domain.doors[door].filter(one => one.sid !== sid)
    if (domain.doors[door].length === before) return
  } else if (!bookOf(sip, of, within)?.delete(sid)) return
  fact(turn, { kind: 'book-changed', of, sid, how: 'removed' })
}

function bookOf(sip: SipBook, of: Exclude<SipPart, 'sip-mapping'>, within: string): Map<string, unknown> | undefined {
  switch (of) {
    case 'sip-domain':
      return sip.domains
    case 'sip-credential-list':
      return sip.credentialLists
    case 'sip-address-list':
      return sip.addressLists
    case 'sip-credential':
      return sip.credentialLists.get(within)?.entries
    case 'sip-address':
      return sip.addressLists.get(within)?.entries
  }
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
