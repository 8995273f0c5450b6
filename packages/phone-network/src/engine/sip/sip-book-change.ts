import { fact, type Turn } from '../turn.ts'
import {
  SIP_DOMAINS_MAX,
  SIP_ENTRIES_MAX,
  SIP_LISTS_MAX,
  type SipBook,
  type SipChange,
  type SipDrop,
  type SipKept,
  type SipPart,
} from './sip-book.ts'

/** REST writes the SIP part of the account's book. */

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
function put<T extends SipKept, S extends Partial<T>>(
  turn: Turn,
  book: Map<string, T>,
  sid: string | null,
  prefix: string,
  max: number,
  settings: S,
  fresh: Omit<T, keyof SipKept | keyof S>,
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
