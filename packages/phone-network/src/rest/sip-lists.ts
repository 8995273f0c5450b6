import { domainsWith, type SipAddress, type SipCredential, type SipList } from '../engine/sip/sip-book.ts'
import type { World } from '../engine/world.ts'
import { ha1Of } from '../sip/digest.ts'
import { one, whole } from './form.ts'
import { page } from './paging.ts'
import { accountPath, date } from './resources.ts'
import { badParameter, notFound } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'
import { dropSip, friendlyName, keepSip } from './sip-keep.ts'

/**
 * `/SIP/CredentialLists` with `/Credentials`, and `/SIP/IpAccessControlLists` with `/IpAddresses`.
 * https://www.twilio.com/docs/voice/sip/api/sip-credentiallist-resource
 */

interface Kind<T> {
  name: string
  key: string
  entries: string
  entryKey: string
  of: 'sip-credential-list' | 'sip-address-list'
  entryOf: 'sip-credential' | 'sip-address'
  operation: string
  listsOf: (world: World) => Map<string, SipList<T>>
  render: (entry: T) => Record<string, unknown>
  /** the name of the list in the JSON of its entries */
  within: string
  /** Reads the form and writes the entry. Returns its SID. */
  write: (ask: RestAsk, list: SipList<T>, old: T | null) => string
}

const USERNAME_CHARS_MAX = 32
const PASSWORD_CHARS_MIN = 12

/** Twelve characters at least, with a digit, small and capital letters. */
function readPassword(ask: RestAsk): string {
  const password = one(ask.form, 'Password') ?? ''
  const strong =
    password.length >= PASSWORD_CHARS_MIN && /\d/.test(password) && /[a-z]/.test(password) && /[A-Z]/.test(password)
  if (strong) return password
  throw badParameter('Password', `needs ${PASSWORD_CHARS_MIN} characters with a digit, small and capital letters`)
}

function writeCredential(ask: RestAsk, list: SipList<SipCredential>, old: SipCredential | null): string {
  // The digest is made of the name, so a credential keeps its own.
  const username = old?.username ?? one(ask.form, 'Username') ?? ''
  if (username.length > USERNAME_CHARS_MAX || !/^[\w.+~*-]+$/.test(username)) {
    throw badParameter('Username', `must have 1 to ${USERNAME_CHARS_MAX} letters, digits or . + ~ * _ -`)
  }
  if (old === null && [...list.entries.values()].some(one => one.username === username)) {
    throw badParameter('Username', `${username} is already in this list`)
  }
  const ha1 = ha1Of(username, readPassword(ask))
  return keepSip(ask, { of: 'sip-credential', listSid: list.sid, sid: old?.sid ?? null, username, ha1 })
}

function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every(part => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}

function writeAddress(ask: RestAsk, list: SipList<SipAddress>, old: SipAddress | null): string {
  const ipAddress = one(ask.form, 'IpAddress') ?? old?.ipAddress ?? ''
  if (!isIpv4(ipAddress)) throw badParameter('IpAddress', 'must be an IPv4 address')
  const settings = {
    friendlyName: friendlyName(ask, old?.friendlyName ?? null),
    ipAddress,
    prefixLength: whole(ask.form, 'CidrPrefixLength', 1, 32, old?.prefixLength ?? 32),
  }
  return keepSip(ask, { of: 'sip-address', listSid: list.sid, sid: old?.sid ?? null, settings })
}

const CREDENTIALS: Kind<SipCredential> = {
  name: 'CredentialLists',
  key: 'credential_lists',
  entries: 'Credentials',
  entryKey: 'credentials',
  of: 'sip-credential-list',
  entryOf: 'sip-credential',
  operation: 'sip-credential',
  listsOf: world => world.sip.credentialLists,
  render: ({ username }) => ({ username }),
  within: 'credential_list_sid',
  write: writeCredential,
}

const ADDRESSES: Kind<SipAddress> = {
  name: 'IpAccessControlLists',
  key: 'ip_access_control_lists',
  entries: 'IpAddresses',
  entryKey: 'ip_addresses',
  of: 'sip-address-list',
  entryOf: 'sip-address',
  operation: 'sip-address',
  listsOf: world => world.sip.addressLists,
  render: ({ friendlyName: name, ipAddress, prefixLength }) => ({
    friendly_name: name,
    ip_address: ipAddress,
    cidr_prefix_length: prefixLength,
  }),
  within: 'ip_access_control_list_sid',
  write: writeAddress,
}

type Entry = SipCredential | SipAddress

const dates = ({ createdAt, updatedAt }: Entry | SipList<Entry>) => ({
  date_created: date(createdAt),
  date_updated: date(updatedAt),
})

/** The list of the path. Throws 20404. */
function listOf<T extends Entry>(kind: Kind<T>, ask: RestAsk, sid: string): SipList<T> {
  const found = kind.listsOf(ask.world).get(sid)
  if (!found) throw notFound(ask.path)
  return found
}

function entryOf<T extends Entry>(kind: Kind<T>, ask: RestAsk, sid: string, entrySid: string): T {
  const found = listOf(kind, ask, sid).entries.get(entrySid)
  if (!found) throw notFound(ask.path)
  return found
}

function listResource<T extends Entry>(kind: Kind<T>, world: World, list: SipList<T>): Record<string, unknown> {
  const uri = `${accountPath(world)}/SIP/${kind.name}/${list.sid}`
  return {
    sid: list.sid,
    account_sid: world.account.accountSid,
    friendly_name: list.friendlyName,
    ...dates(list),
    uri: `${uri}.json`,
    subresource_uris: { [kind.entryKey]: `${uri}/${kind.entries}.json` },
  }
}

function entryResource<T extends Entry>(
  kind: Kind<T>,
  world: World,
  list: SipList<T>,
  entry: T,
): Record<string, unknown> {
  return {
    sid: entry.sid,
    account_sid: world.account.accountSid,
    [kind.within]: list.sid,
    ...kind.render(entry),
    ...dates(entry),
    uri: `${accountPath(world)}/SIP/${kind.name}/${list.sid}/${kind.entries}/${entry.sid}.json`,
  }
}

function listRoutes<T extends Entry>(kind: Kind<T>): Route[] {
  const { name, operation } = kind
  const all = `/SIP/${name}.json`
  const single = `/SIP/${name}/{Sid}.json`
  const list = ({ world, query }: RestAsk): RestAnswer => {
    const lists = [...kind.listsOf(world).values()].reverse()
    const body = page(accountPath(world) + all, query, kind.key, lists, one => listResource(kind, world, one))
    return { status: 200, body }
  }
  const fetch = (ask: RestAsk, sid = ''): RestAnswer => ({
    status: 200,
    body: listResource(kind, ask.world, listOf(kind, ask, sid)),
  })
  const write = (ask: RestAsk, old: SipList<T> | null): string =>
    keepSip(ask, { of: kind.of, sid: old?.sid ?? null, friendlyName: friendlyName(ask, old?.friendlyName ?? null) })
  const create = (ask: RestAsk): RestAnswer => ({ ...fetch(ask, write(ask, null)), status: 201 })
  const update = (ask: RestAsk, sid = ''): RestAnswer => fetch(ask, write(ask, listOf(kind, ask, sid)))
  const remove = (ask: RestAsk, sid = ''): RestAnswer => {
    const found = listOf(kind, ask, sid)
    const [mapped] = domainsWith(ask.world, found.sid)
    if (mapped) throw badParameter('Sid', `${found.sid} is mapped to ${mapped.domainName}`)
    return dropSip(ask, { of: kind.of, sid: found.sid })
  }
  return [
    { method: 'GET', path: all, operation: `${operation}-list-list`, run: list },
    { method: 'POST', path: all, operation: `${operation}-list-create`, run: create },
    { method: 'GET', path: single, operation: `${operation}-list-fetch`, run: fetch },
    { method: 'POST', path: single, operation: `${operation}-list-update`, run: update },
    { method: 'DELETE', path: single, operation: `${operation}-list-delete`, run: remove },
  ]
}

function entryRoutes<T extends Entry>(kind: Kind<T>): Route[] {
  const { name, entries, operation } = kind
  const all = `/SIP/${name}/{Sid}/${entries}.json`
  const single = `/SIP/${name}/{Sid}/${entries}/{EntrySid}.json`
  const list = (ask: RestAsk, sid = ''): RestAnswer => {
    const { world, query } = ask
    const within = listOf(kind, ask, sid)
    const found = [...within.entries.values()].reverse()
    const path = `${accountPath(world)}/SIP/${name}/${sid}/${entries}.json`
    return {
      status: 200,
      body: page(path, query, kind.entryKey, found, one => entryResource(kind, world, within, one)),
    }
  }
  const fetch = (ask: RestAsk, sid = '', entrySid = ''): RestAnswer => ({
    status: 200,
    body: entryResource(kind, ask.world, listOf(kind, ask, sid), entryOf(kind, ask, sid, entrySid)),
  })
  const create = (ask: RestAsk, sid = ''): RestAnswer => ({
    ...fetch(ask, sid, kind.write(ask, listOf(kind, ask, sid), null)),
    status: 201,
  })
  const update = (ask: RestAsk, sid = '', entrySid = ''): RestAnswer => {
    kind.write(ask, listOf(kind, ask, sid), entryOf(kind, ask, sid, entrySid))
    return fetch(ask, sid, entrySid)
  }
  const remove = (ask: RestAsk, sid = '', entrySid = ''): RestAnswer =>
    dropSip(ask, { of: kind.entryOf, sid: entryOf(kind, ask, sid, entrySid).sid, within: sid })
  return [
    { method: 'GET', path: all, operation: `${operation}-list`, run: list },
    { method: 'POST', path: all, operation: `${operation}-create`, run: create },
    { method: 'GET', path: single, operation: `${operation}-fetch`, run: fetch },
    { method: 'POST', path: single, operation: `${operation}-update`, run: update },
    { method: 'DELETE', path: single, operation: `${operation}-delete`, run: remove },
  ]
}

export const SIP_LIST_ROUTES: Route[] = [
  ...listRoutes(CREDENTIALS),
  ...entryRoutes(CREDENTIALS),
  ...listRoutes(ADDRESSES),
  ...entryRoutes(ADDRESSES),
]
