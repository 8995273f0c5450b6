/** Extensions and trunks are made, changed and taken away here: at the edge at once, and at the carrier as something that is owed. */
import { isUnclearNumber, sipAddress } from '../../core/sip-address.ts'
import type { CarrierDomain, Reached, SipCaller, SipCallerAsk, Trunk, TrunkAsk } from './carrier-contract.ts'
import { type CarrierDomains, PHONES } from './carrier-domains.ts'
import { CARRIER_USERS_MAX } from './carrier-tables.ts'
import type { Extension, ExtensionChange, ExtensionSettings, MadeExtension, NotMade } from './contract.ts'
import type { Extensions } from './extensions.ts'
import { carrierSecret, newSecret, type Proof } from './proof.ts'
import { Trunks } from './trunks.ts'

export interface OfficeParts {
  storage: Pick<DurableObjectStorage, 'sql' | 'transactionSync'>
  extensions: Extensions
  proof: Proof
  domains: CarrierDomains
  /** as it is shown now, with its phones */
  read(id: string): Extension | null
  /** Its phones have a secret that is good for nothing any more. */
  cutOff(extension: string): void
}

export class Office {
  readonly #parts: OfficeParts
  readonly #trunks: Trunks

  constructor(parts: OfficeParts) {
    this.#parts = parts
    this.#trunks = new Trunks(parts.storage, parts.domains)
  }

  async create(
    id: string,
    extension: string,
    { atCarrier = false, ...settings }: ExtensionSettings & { atCarrier?: boolean },
  ): Promise<MadeExtension | NotMade> {
    const { extensions, proof, storage } = this.#parts
    const why = atCarrier ? this.#whyNotAtCarrier() : null
    if (why !== null) return why
    const secret = atCarrier ? carrierSecret() : newSecret()
    const hash = await proof.secretHash(extension, secret)
    const now = Date.now()
    const added = storage.transactionSync(() => {
      const answer = extensions.add(id, extension, settings, hash, now)
      if (answer === 'added' && atCarrier) this.#parts.domains.admit(PHONES, extension, secret, now)
      return answer
    })
    return added === 'added' ? this.#made(id, secret) : added
  }

  /** An extension whose phones register at the carrier from now on gets a new secret, because only its hash was kept. */
  async change(id: string, change: ExtensionChange): Promise<(Extension & { secret?: string }) | NotMade | null> {
    const { extensions, domains, read } = this.#parts
    const known = read(id)
    if (known === null) return null
    const { atCarrier = known.atCarrier, ...settings } = change
    const begins = atCarrier && !known.atCarrier
    const why = begins ? this.#whyNotAtCarrier() : null
    if (why !== null) return why
    extensions.change(id, settings, Date.now())
    if (!atCarrier) domains.dismiss(PHONES, known.extension, Date.now())
    if (!begins) return read(id)
    const made = await this.renew(id, true)
    return made === null ? null : { ...made.extension, secret: made.secret }
  }

  async remove(id: string): Promise<boolean> {
    const { extensions, domains, read, storage } = this.#parts
    const known = read(id)
    if (known === null) return false
    storage.transactionSync(() => {
      extensions.remove(known.extension)
      domains.dismiss(PHONES, known.extension, Date.now())
    })
    this.#parts.cutOff(known.extension)
    return true
  }

  async renew(id: string, atCarrier = this.#parts.read(id)?.atCarrier ?? false): Promise<MadeExtension | null> {
    const { extensions, domains, proof, read, storage } = this.#parts
    const known = read(id)
    if (known === null) return null
    const secret = atCarrier ? carrierSecret() : newSecret()
    const hash = await proof.secretHash(known.extension, secret)
    const now = Date.now()
    const stands = storage.transactionSync(() => {
      // Whoever has deleted it meanwhile wants no secret.
      if (!extensions.setHash(known.extension, hash, now)) return false
      if (atCarrier) domains.admit(PHONES, known.extension, secret, now)
      return true
    })
    if (!stands) return null
    this.#parts.cutOff(known.extension)
    return this.#made(id, secret)
  }

  /** `wanted`: from now on. Without the domain no phone is at the carrier, so each needs a new secret when it is back. */
  async phonesAtCarrier(wanted: boolean | null): Promise<CarrierDomain> {
    const { domains } = this.#parts
    if (wanted === true && !domains.wanted(PHONES)) domains.want(PHONES, [], Date.now())
    if (wanted === false && domains.wanted(PHONES)) domains.drop(PHONES, Date.now())
    return domains.shown(PHONES)
  }

  trunks(ask: TrunkAsk): Promise<Trunk[]> {
    return this.#trunks.answer(ask, Date.now())
  }

  /** Null: it is nobody of ours, or was and is not any more, whatever the carrier still knows. */
  caller({ door, domainName, user }: SipCallerAsk): SipCaller | null {
    const { domains, extensions } = this.#parts
    if (!domains.isNamed(door, domainName)) return null
    if (door !== PHONES) {
      const name = this.#trunks.nameOf(door)
      return name === null || (user !== null && !domains.admits(door, user)) ? null : { kind: 'trunk', id: door, name }
    }
    if (user === null || !domains.admits(PHONES, user)) return null
    const name = extensions.nameOf(user)
    return name === null ? null : { kind: 'extension', extension: user, name }
  }

  /** `named`: an extension by its id or by what is dialled, or an address of a SIP phone anywhere but at other domains of our carrier. */
  async reach(type: 'extension' | 'sip', named: string): Promise<Reached> {
    if (type === 'extension') return this.#ring(named)
    const address = sipAddress(named)
    if (address === null) return { extension: null, because: 'not-an-address' }
    const place = await this.#parts.domains.place()
    if (place === null) return { extension: null, because: 'not-at-the-carrier' }
    if (address.host === place.own) return this.#ring(address.user)
    // Phones and exchanges of other customers are there, some of them of other workspaces here.
    if (place.isCarrierHost(address.host)) return { extension: null, because: 'not-ours' }
    if (isUnclearNumber(address.uri)) return { extension: null, because: 'number-without-plus' }
    return { extension: null, uri: address.uri, name: '' }
  }

  async #ring(named: string): Promise<Reached> {
    const { domains, extensions } = this.#parts
    const extension = extensions.dialledOf(named)
    if (extension === null) return { extension, because: 'no-such-extension' }
    if (!domains.admits(PHONES, extension)) return { extension, because: 'not-at-the-carrier' }
    const uri = await domains.addressOf(PHONES, extension)
    if (uri === null) return { extension, because: 'not-at-the-carrier' }
    return { extension, uri, name: extensions.nameOf(extension) ?? extension }
  }

  #whyNotAtCarrier(): NotMade | null {
    const { domains } = this.#parts
    if (!domains.wanted(PHONES)) return 'no-phones-at-carrier'
    return domains.count(PHONES) >= CARRIER_USERS_MAX ? 'too-many' : null
  }

  #made(id: string, secret: string): MadeExtension {
    return { extension: this.#parts.read(id) as Extension, secret }
  }
}
