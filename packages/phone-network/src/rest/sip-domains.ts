import type { DomainSettings, SipDomain } from '../engine/sip/sip-book.ts'
import type { Target, World } from '../engine/world.ts'
import { type Form, flag, methodOf, one, urlOf } from './form.ts'
import { page } from './paging.ts'
import { API_VERSION, accountPath, date } from './resources.ts'
import { notFound, RestError } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'
import { dropSip, friendlyName, keepSip } from './sip-keep.ts'

/** `/SIP/Domains`. https://www.twilio.com/docs/voice/sip/api/sip-domain-resource */

const SUFFIX = '.sip.twilio.com'
const NONE: Target = { url: '', method: 'POST' }
const FRESH: DomainSettings = {
  domainName: '',
  friendlyName: '',
  voice: NONE,
  fallback: NONE,
  statusCallback: NONE,
  registration: false,
  secure: false,
  emergencyCalling: false,
}

/** Twilio names here what lets a call into the domain. It is empty when nothing does, and such a domain takes no call. */
function authType({ doors }: SipDomain): string {
  return [
    ...(doors['call-addresses'].length > 0 ? ['IP_ACL'] : []),
    ...(doors['call-credentials'].length > 0 ? ['CREDENTIAL_LIST'] : []),
  ].join(',')
}

function domainResource(world: World, domain: SipDomain): Record<string, unknown> {
  const uri = `${accountPath(world)}/SIP/Domains/${domain.sid}`
  return {
    sid: domain.sid,
    account_sid: world.account.accountSid,
    api_version: API_VERSION,
    auth_type: authType(domain),
    domain_name: domain.domainName,
    friendly_name: domain.friendlyName,
    date_created: date(domain.createdAt),
    date_updated: date(domain.updatedAt),
    voice_url: domain.voice.url || null,
    voice_method: domain.voice.method,
    voice_fallback_url: domain.fallback.url || null,
    voice_fallback_method: domain.fallback.method,
    voice_status_callback_url: domain.statusCallback.url || null,
    voice_status_callback_method: domain.statusCallback.method,
    sip_registration: domain.registration,
    secure: domain.secure,
    emergency_calling_enabled: domain.emergencyCalling,
    emergency_caller_sid: null,
    byoc_trunk_sid: null,
    uri: `${uri}.json`,
    subresource_uris: {
      credential_list_mappings: `${uri}/CredentialListMappings.json`,
      ip_access_control_list_mappings: `${uri}/IpAccessControlListMappings.json`,
    },
  }
}

/** The domain of the path. Throws 20404. */
export function sipDomainOf(ask: RestAsk, sid: string): SipDomain {
  const domain = ask.world.sip.domains.get(sid)
  if (!domain) throw notFound(ask.path)
  return domain
}

/** Unique, of letters, digits and `-`, under sip.twilio.com; below another domain only when that is the account's. Throws 21232. */
function readName({ world, form }: RestAsk, old: SipDomain | null): string {
  const given = one(form, 'DomainName')
  if (given === null && old !== null) return old.domainName
  const name = (given ?? '').toLowerCase()
  const invalid = (why: string): RestError => new RestError(400, 21232, `Invalid Domain: ${why}`)
  const labels = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length).split('.') : []
  if (labels.length === 0 || !labels.every(label => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) {
    throw invalid(`${name} is not of letters, digits and "-" with ${SUFFIX} at its end`)
  }
  const others = [...world.sip.domains.values()].filter(one => one !== old).map(one => one.domainName)
  if (others.includes(name)) throw invalid(`${name} is already in use`)
  const parent = labels.slice(1).join('.') + SUFFIX
  if (labels.length > 1 && !others.includes(parent)) throw invalid(`${name} is below ${parent}, which is not yours`)
  return name
}

function targetOf(form: Form, prefix: string, old: Target): Target {
  const url = form.has(`${prefix}Url`) ? (urlOf(form, `${prefix}Url`) ?? '') : old.url
  return { url, method: methodOf(form, `${prefix}Method`, old.method) }
}

const WITHOUT_EFFECT = ['EmergencyCallerSid', 'ByocTrunkSid']

function written(ask: RestAsk, old: SipDomain | null): string {
  const { form } = ask
  const before: DomainSettings = old ?? FRESH
  const settings: DomainSettings = {
    domainName: readName(ask, old),
    friendlyName: friendlyName(ask, before.friendlyName),
    voice: targetOf(form, 'Voice', before.voice),
    fallback: targetOf(form, 'VoiceFallback', before.fallback),
    statusCallback: targetOf(form, 'VoiceStatusCallback', before.statusCallback),
    registration: flag(form, 'SipRegistration') ?? before.registration,
    secure: flag(form, 'Secure') ?? before.secure,
    emergencyCalling: flag(form, 'EmergencyCallingEnabled') ?? before.emergencyCalling,
  }
  if (settings.secure) ask.alert('Secure is accepted without effect: this network speaks SIP without TLS')
  for (const name of WITHOUT_EFFECT) if (one(form, name) !== null) ask.alert(`${name} is accepted without effect`)
  return keepSip(ask, { of: 'sip-domain', sid: old?.sid ?? null, settings })
}

function create(ask: RestAsk): RestAnswer {
  const domain = sipDomainOf(ask, written(ask, null))
  return { status: 201, body: domainResource(ask.world, domain) }
}

function fetch(ask: RestAsk, sid: string): RestAnswer {
  return { status: 200, body: domainResource(ask.world, sipDomainOf(ask, sid)) }
}

function update(ask: RestAsk, sid: string): RestAnswer {
  written(ask, sipDomainOf(ask, sid))
  return fetch(ask, sid)
}

function list({ world, query }: RestAsk): RestAnswer {
  const domains = [...world.sip.domains.values()].reverse()
  const path = `${accountPath(world)}/SIP/Domains.json`
  return { status: 200, body: page(path, query, 'domains', domains, one => domainResource(world, one)) }
}

const ALL = '/SIP/Domains.json'
const ONE = '/SIP/Domains/{Sid}.json'

export const SIP_DOMAIN_ROUTES: Route[] = [
  { method: 'GET', path: ALL, operation: 'sip-domain-list', run: list },
  { method: 'POST', path: ALL, operation: 'sip-domain-create', run: create },
  { method: 'GET', path: ONE, operation: 'sip-domain-fetch', run: fetch },
  { method: 'POST', path: ONE, operation: 'sip-domain-update', run: update },
  {
    method: 'DELETE',
    path: ONE,
    operation: 'sip-domain-delete',
    run: (ask, sid = '') => dropSip(ask, { of: 'sip-domain', sid: sipDomainOf(ask, sid).sid }),
  },
]
