/**
 * SIP domains of Twilio (https://www.twilio.com/docs/voice/sip/api). A domain has one list of credentials and one of addresses, which bear its name;
 * mappings say that they open it. Every step looks first, so that a step whose answer was lost is done once all the same.
 */
import { plainWord } from '../plain-word.ts'
import type { Carried, TwilioAccount } from '../port.ts'
import type { SipDomainKept, SipDomains, SipDomainWish, SipNetwork } from '../sip-port.ts'
import { sipUrls } from './callback-urls.ts'
import { part } from './path-part.ts'

type Resource = Record<string, unknown>
export type Send = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  form?: Record<string, string>,
) => Promise<Carried<Resource>>

const PAGE = 'PageSize=1000'
const CALLS_BY_CREDENTIALS = 'Auth/Calls/CredentialListMappings'
const CALLS_BY_ADDRESS = 'Auth/Calls/IpAccessControlListMappings'
const REGISTRATIONS = 'Auth/Registrations/CredentialListMappings'

/** A failure on the way out of several steps. */
class Failed extends Error {
  readonly carried: Extract<Carried<never>, { ok: false }>
  constructor(carried: Extract<Carried<never>, { ok: false }>) {
    super(carried.failure.kind)
    this.carried = carried
  }
}

async function steps<T>(run: () => Promise<T>): Promise<Carried<T>> {
  try {
    return { ok: true, value: await run() }
  } catch (error) {
    if (error instanceof Failed) return error.carried
    throw error
  }
}

const sidOf = (one: Resource): string => plainWord(one.sid)

function networkOf(one: Resource): SipNetwork {
  return { address: plainWord(one.ip_address), prefixLength: Number(one.cidr_prefix_length) }
}

const nameOf = ({ address, prefixLength }: SipNetwork): string => `${address}/${prefixLength}`

export class TwilioSipDomains implements SipDomains {
  readonly ending = '.sip.twilio.com'
  readonly #rest: Send
  readonly #account: TwilioAccount

  constructor(account: TwilioAccount, send: Send) {
    this.#account = account
    this.#rest = send
  }

  /** The same domain is reached as `x.sip.us1.twilio.com` and `x.sip.ashburn.twilio.com`, and trunks are at `x.pstn.twilio.com`. */
  isCarrierHost(host: string): boolean {
    return `.${host}`.endsWith('.twilio.com')
  }

  urls(door: string) {
    return sipUrls(this.#account, door)
  }

  keep(wish: SipDomainWish): Promise<Carried<SipDomainKept>> {
    return steps(async () => {
      const { domainName } = wish
      const domain = await this.#domain(wish)
      const users = await this.#list('CredentialLists', 'credential_lists', domainName)
      const networks = await this.#list('IpAccessControlLists', 'ip_access_control_lists', domainName)
      await this.#users(users, wish)
      await this.#networks(networks, wish)
      const at = `SIP/Domains/${part(sidOf(domain))}`
      await this.#map(`${at}/${CALLS_BY_CREDENTIALS}`, 'CredentialListSid', users, wish.users.length > 0)
      await this.#map(`${at}/${REGISTRATIONS}`, 'CredentialListSid', users, wish.users.length > 0)
      await this.#map(`${at}/${CALLS_BY_ADDRESS}`, 'IpAccessControlListSid', networks, wish.networks.length > 0)
      return this.#kept(domain)
    })
  }

  find(domainName: string): Promise<Carried<SipDomainKept | null>> {
    return steps(async () => {
      const domain = await this.#found(domainName)
      return domain === undefined ? null : this.#kept(domain)
    })
  }

  /** The domain goes first: a list that opens one cannot be removed. */
  remove(domainName: string): Promise<Carried<null>> {
    return steps(async () => {
      const domain = await this.#found(domainName)
      if (domain !== undefined) await this.#drop(`SIP/Domains/${part(sidOf(domain))}.json`)
      for (const [path, key] of [
        ['CredentialLists', 'credential_lists'],
        ['IpAccessControlLists', 'ip_access_control_lists'],
      ] as const) {
        const list = await this.#named(path, key, domainName)
        if (list !== undefined) await this.#drop(`SIP/${path}/${part(sidOf(list))}.json`)
      }
      return null
    })
  }

  async #send(method: 'GET' | 'POST', path: string, form?: Record<string, string>): Promise<Resource> {
    const answer = await this.#rest(method, path, form)
    if (!answer.ok) throw new Failed(answer)
    return answer.value
  }

  /** What is gone already was removed by a step whose answer was lost. */
  async #drop(path: string): Promise<void> {
    const answer = await this.#rest('DELETE', path)
    if (!answer.ok && answer.failure.kind !== 'gone') throw new Failed(answer)
  }

  async #all(path: string, key: string): Promise<Resource[]> {
    const { [key]: found } = await this.#send('GET', `${path}.json?${PAGE}`)
    return Array.isArray(found) ? (found as Resource[]) : []
  }

  async #found(domainName: string): Promise<Resource | undefined> {
    const wanted = domainName.toLowerCase()
    return (await this.#all('SIP/Domains', 'domains')).find(one => one.domain_name === wanted)
  }

  async #named(path: string, key: string, domainName: string): Promise<Resource | undefined> {
    const wanted = domainName.toLowerCase()
    return (await this.#all(`SIP/${path}`, key)).find(one => one.friendly_name === wanted)
  }

  async #domain({ domainName, voiceUrl, statusUrl, users }: SipDomainWish): Promise<Resource> {
    const form = {
      ...{ VoiceUrl: voiceUrl, VoiceMethod: 'POST', SipRegistration: String(users.length > 0) },
      ...{ VoiceStatusCallbackUrl: statusUrl, VoiceStatusCallbackMethod: 'POST' },
    }
    const known = await this.#found(domainName)
    if (known === undefined)
      return this.#send('POST', 'SIP/Domains.json', { DomainName: domainName.toLowerCase(), ...form })
    const told = known.voice_url === voiceUrl && known.voice_status_callback_url === statusUrl
    const same = told && known.voice_method === 'POST' && known.sip_registration === users.length > 0
    return same ? known : this.#send('POST', `SIP/Domains/${part(sidOf(known))}.json`, form)
  }

  async #list(path: string, key: string, domainName: string): Promise<Resource> {
    const known = await this.#named(path, key, domainName)
    return known ?? this.#send('POST', `SIP/${path}.json`, { FriendlyName: domainName.toLowerCase() })
  }

  async #users(list: Resource, { users }: SipDomainWish): Promise<void> {
    const path = `SIP/CredentialLists/${part(sidOf(list))}/Credentials`
    const known = await this.#all(path, 'credentials')
    for (const one of known.filter(({ username }) => !users.some(user => user.username === username))) {
      await this.#drop(`${path}/${part(sidOf(one))}.json`)
    }
    for (const { username, password } of users) {
      const old = known.find(one => one.username === username)
      if (old === undefined) await this.#send('POST', `${path}.json`, { Username: username, Password: password ?? '' })
      else if (password !== null) await this.#send('POST', `${path}/${part(sidOf(old))}.json`, { Password: password })
    }
  }

  async #networks(list: Resource, { networks }: SipDomainWish): Promise<void> {
    const path = `SIP/IpAccessControlLists/${part(sidOf(list))}/IpAddresses`
    const known = await this.#all(path, 'ip_addresses')
    const wanted = new Map(networks.map(one => [nameOf(one), one]))
    for (const one of known) {
      if (!wanted.delete(nameOf(networkOf(one)))) await this.#drop(`${path}/${part(sidOf(one))}.json`)
    }
    for (const [name, { address, prefixLength }] of wanted) {
      const form = { FriendlyName: name, IpAddress: address, CidrPrefixLength: String(prefixLength) }
      await this.#send('POST', `${path}.json`, form)
    }
  }

  async #map(path: string, parameter: string, list: Resource, wanted: boolean): Promise<void> {
    const mapped = await this.#all(path, 'contents')
    const isMapped = mapped.some(one => sidOf(one) === sidOf(list))
    if (wanted && !isMapped) await this.#send('POST', `${path}.json`, { [parameter]: sidOf(list) })
    if (!wanted && isMapped) await this.#drop(`${path}/${part(sidOf(list))}.json`)
  }

  async #kept(domain: Resource): Promise<SipDomainKept> {
    const domainName = plainWord(domain.domain_name)
    const users = await this.#named('CredentialLists', 'credential_lists', domainName)
    const networks = await this.#named('IpAccessControlLists', 'ip_access_control_lists', domainName)
    const entries = (list: Resource | undefined, path: string, key: string, of: string): Promise<Resource[]> =>
      list === undefined ? Promise.resolve([]) : this.#all(`SIP/${path}/${part(sidOf(list))}/${of}`, key)
    const credentials = await entries(users, 'CredentialLists', 'credentials', 'Credentials')
    const addresses = await entries(networks, 'IpAccessControlLists', 'ip_addresses', 'IpAddresses')
    return {
      domainId: sidOf(domain),
      domainName,
      voiceUrl: plainWord(domain.voice_url),
      users: credentials.map(one => plainWord(one.username)).sort(),
      networks: addresses.map(networkOf).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    }
  }
}
