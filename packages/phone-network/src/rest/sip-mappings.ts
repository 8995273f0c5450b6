import type { SipDoor, SipMapping } from '../engine/sip/sip-book.ts'
import type { World } from '../engine/world.ts'
import { one } from './form.ts'
import { page } from './paging.ts'
import { accountPath, date } from './resources.ts'
import { badParameter, notFound, RestError } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'
import { sipDomainOf } from './sip-domains.ts'
import { dropSip, keepSip } from './sip-keep.ts'

/** Which lists open which doors of a domain: `/SIP/Domains/{Sid}/Auth/…`, and the two names that calls had before. */

interface Kind {
  path: string
  door: SipDoor
  parameter: 'CredentialListSid' | 'IpAccessControlListSid'
  /** the key of a page; the paths under `Auth` have `contents` */
  key: string
}

const KINDS: Kind[] = [
  {
    path: 'Auth/Calls/CredentialListMappings',
    door: 'call-credentials',
    parameter: 'CredentialListSid',
    key: 'contents',
  },
  {
    path: 'Auth/Calls/IpAccessControlListMappings',
    door: 'call-addresses',
    parameter: 'IpAccessControlListSid',
    key: 'contents',
  },
  {
    path: 'Auth/Registrations/CredentialListMappings',
    door: 'registration-credentials',
    parameter: 'CredentialListSid',
    key: 'contents',
  },
  {
    path: 'CredentialListMappings',
    door: 'call-credentials',
    parameter: 'CredentialListSid',
    key: 'credential_list_mappings',
  },
  {
    path: 'IpAccessControlListMappings',
    door: 'call-addresses',
    parameter: 'IpAccessControlListSid',
    key: 'ip_access_control_list_mappings',
  },
]

function listsOf(world: World, { parameter }: Kind): ReadonlyMap<string, { friendlyName: string }> {
  return parameter === 'CredentialListSid' ? world.sip.credentialLists : world.sip.addressLists
}

function routesOf(kind: Kind): Route[] {
  const { path, door, parameter, key } = kind
  const all = `/SIP/Domains/{DomainSid}/${path}.json`
  const single = `/SIP/Domains/{DomainSid}/${path}/{Sid}.json`
  const render = (world: World, domainSid: string, { sid, createdAt }: SipMapping): Record<string, unknown> => ({
    sid,
    account_sid: world.account.accountSid,
    domain_sid: domainSid,
    friendly_name: listsOf(world, kind).get(sid)?.friendlyName ?? '',
    date_created: date(createdAt),
    date_updated: date(createdAt),
    uri: `${accountPath(world)}/SIP/Domains/${domainSid}/${path}/${sid}.json`,
  })
  const mappingOf = (ask: RestAsk, domainSid: string, sid: string): SipMapping => {
    const found = sipDomainOf(ask, domainSid).doors[door].find(one => one.sid === sid)
    if (!found) throw notFound(ask.path)
    return found
  }
  const list = (ask: RestAsk, domainSid = ''): RestAnswer => {
    const { world, query } = ask
    const mapped = [...sipDomainOf(ask, domainSid).doors[door]].reverse()
    const at = `${accountPath(world)}/SIP/Domains/${domainSid}/${path}.json`
    return { status: 200, body: page(at, query, key, mapped, one => render(world, domainSid, one)) }
  }
  const fetch = (ask: RestAsk, domainSid = '', sid = ''): RestAnswer => ({
    status: 200,
    body: render(ask.world, domainSid, mappingOf(ask, domainSid, sid)),
  })
  const create = (ask: RestAsk, domainSid = ''): RestAnswer => {
    const domain = sipDomainOf(ask, domainSid)
    const sid = one(ask.form, parameter) ?? ''
    if (!listsOf(ask.world, kind).has(sid)) throw badParameter(parameter, `${sid} does not exist`)
    if (domain.doors[door].some(one => one.sid === sid)) {
      throw new RestError(400, 21231, `Domain Validation Error: ${sid} is already associated with ${domain.domainName}`)
    }
    keepSip(ask, { of: 'sip-mapping', domainSid, door, sid })
    return { ...fetch(ask, domainSid, sid), status: 201 }
  }
  const remove = (ask: RestAsk, domainSid = '', sid = ''): RestAnswer =>
    dropSip(ask, { of: 'sip-mapping', sid: mappingOf(ask, domainSid, sid).sid, within: domainSid, door })
  return [
    { method: 'GET', path: all, operation: 'sip-mapping-list', run: list },
    { method: 'POST', path: all, operation: 'sip-mapping-create', run: create },
    { method: 'GET', path: single, operation: 'sip-mapping-fetch', run: fetch },
    { method: 'DELETE', path: single, operation: 'sip-mapping-delete', run: remove },
  ]
}

export const SIP_MAPPING_ROUTES: Route[] = KINDS.flatMap(routesOf)
