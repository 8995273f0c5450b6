/** SIP domains of the scripted carrier, in memory: what its REST would say, without phones that could register. */
import type { Carried, ScriptedAccount } from '../port.ts'
import type { SipDomainKept, SipDomains, SipDomainWish, SipNetwork } from '../sip-port.ts'
import { accountUrl } from './callback-urls.ts'

const NAME = /^[a-z0-9-]+\.sip\.scripted\.test$/

const nameOf = ({ address, prefixLength }: SipNetwork): string => `${address}/${prefixLength}`

export class ScriptedSipDomains implements SipDomains {
  readonly ending = '.sip.scripted.test'
  readonly #domains = new Map<string, SipDomainKept>()
  readonly #account: ScriptedAccount
  #made = 0

  constructor(account: ScriptedAccount) {
    this.#account = account
  }

  isCarrierHost(host: string): boolean {
    return `.${host}`.endsWith(this.ending)
  }

  urls(door: string) {
    const url = accountUrl(this.#account)
    return { voiceUrl: `${url}?door=${door}`, statusUrl: url }
  }

  async keep(wish: SipDomainWish): Promise<Carried<SipDomainKept>> {
    const domainName = wish.domainName.toLowerCase()
    const old = this.#domains.get(domainName)
    if (!NAME.test(domainName)) return refused(`the name of a domain is one word before ${this.ending}`)
    const unknown = wish.users.find(({ username, password }) => password === null && !old?.users.includes(username))
    if (unknown !== undefined) return refused(`${unknown.username} has no password`)
    this.#made += old === undefined ? 1 : 0
    const kept: SipDomainKept = {
      domainId: old?.domainId ?? `sd_${this.#made}`,
      domainName,
      voiceUrl: wish.voiceUrl,
      users: wish.users.map(({ username }) => username).sort(),
      networks: [...wish.networks].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    }
    this.#domains.set(domainName, kept)
    return { ok: true, value: structuredClone(kept) }
  }

  async find(domainName: string): Promise<Carried<SipDomainKept | null>> {
    return { ok: true, value: structuredClone(this.#domains.get(domainName.toLowerCase()) ?? null) }
  }

  async remove(domainName: string): Promise<Carried<null>> {
    this.#domains.delete(domainName.toLowerCase())
    return { ok: true, value: null }
  }
}

function refused(message: string): Carried<never> {
  return { ok: false, failure: { kind: 'refused', code: 3, message } }
}
