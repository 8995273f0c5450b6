/** SIP at the carrier: the domain of our own phones, and trunks of others. */
import type { Env } from '../../actors/env.ts'
import type { CarrierDomain, Trunk, TrunkAsk } from '../../actors/registrar/carrier-contract.ts'
import { stubFor } from '../../actors/stubs.ts'
import { uniqueWith } from '../../actors/unique.ts'
import type { SipNetwork } from '../../providers/telephony/sip-port.ts'
import { trunkPages } from '../../wire/routes/pages.ts'
import { trunkRoutes } from '../../wire/routes/trunks.ts'
import type { CarrierPhonesShown, ShownTrunk } from '../../wire/trunk.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'

interface By {
  env: Env
  member: Caller
}
const TRANSPORTS: ShownTrunk['transports'] = ['udp', 'tcp', 'tls']

const registrarOf = ({ env, member }: By) => stubFor(env, 'registrar', member.workspaceId)

function domainShown({ state, problem, domainName }: CarrierDomain) {
  return { status: state, problem, domain_name: domainName, transports: [...TRANSPORTS] }
}

function phonesShown(domain: CarrierDomain): CarrierPhonesShown {
  return { enabled: domain.wanted, ...domainShown(domain) }
}

function networkOf(text: string): SipNetwork {
  const [address = '', prefix = '32'] = text.split('/')
  return { address, prefixLength: Number(prefix) }
}
function networkText({ address, prefixLength }: SipNetwork): string {
  return prefixLength === 32 ? address : `${address}/${prefixLength}`
}

function shown(one: Trunk): ShownTrunk & { password?: string } {
  return {
    ...{ id: one.id, name: one.name, detail: one.detail },
    ...domainShown(one.domain),
    auth_types: [
      ...(one.username === null ? [] : ['basic' as const]),
      ...(one.networks.length === 0 ? [] : ['ip' as const]),
    ],
    ...{ username: one.username, allowed_ips: one.networks.map(networkText) },
    ...{ tm_create: new Date(one.madeMs).toISOString(), tm_update: new Date(one.changedMs).toISOString() },
    ...(one.secret === undefined ? {} : { password: one.secret }),
  }
}

async function one(by: By, ask: TrunkAsk): Promise<Trunk> {
  const [found] = await registrarOf(by).trunks(ask)
  if (found === undefined) throw new Refusal(404, 'There is no such trunk.')
  return found
}

export const trunks = bind(trunkRoutes, {
  async 'GET /v1.0/carrier_phones'(by) {
    return phonesShown(await registrarOf(by).phonesAtCarrier(null))
  },

  async 'PUT /v1.0/carrier_phones'(by) {
    return phonesShown(await registrarOf(by).phonesAtCarrier(by.body.enabled))
  },

  async 'GET /v1.0/trunks'(by) {
    const { cursor, limit } = by.query
    const rows = await registrarOf(by).trunks({ do: 'list', after: trunkPages.after(cursor), limit })
    const ids = rows.map(row => row.id)
    return { items: rows.map(shown), next: trunkPages.next(ids, limit) }
  },

  async 'POST /v1.0/trunks'(by) {
    const { auth_types, allowed_ips, ...settings } = by.body
    const [made] = await registrarOf(by).trunks({
      ...{ do: 'make', id: uniqueWith('tr_'), settings, credentials: auth_types.includes('basic') },
      networks: allowed_ips.map(networkOf),
    })
    if (made === undefined) throw new Refusal(422, 'This workspace has as many trunks as it may have.')
    return shown(made)
  },

  async 'GET /v1.0/trunks/:trunkId'(by) {
    return shown(await one(by, { do: 'read', id: by.params.trunkId }))
  },

  async 'PUT /v1.0/trunks/:trunkId'(by) {
    const { trunkId } = by.params
    const { name, detail, allowed_ips } = by.body
    const known = await one(by, { do: 'read', id: trunkId })
    const wrong = (message: string) =>
      new Refusal(422, 'The trunk stays as it is.', [{ field: 'allowed_ips', message }])
    // What lets it in is said once: a change may not leave a door open or shut for everybody.
    if (allowed_ips !== undefined && known.networks.length === 0) throw wrong('this trunk is known by its password')
    if (allowed_ips?.length === 0) throw wrong('at least one address')
    const settings = { ...(name === undefined ? {} : { name }), ...(detail === undefined ? {} : { detail }) }
    const networks = allowed_ips?.map(networkOf) ?? null
    return shown(await one(by, { do: 'change', id: trunkId, settings, networks }))
  },

  async 'DELETE /v1.0/trunks/:trunkId'(by) {
    await one(by, { do: 'remove', id: by.params.trunkId })
    return { message: 'deleted' }
  },

  async 'POST /v1.0/trunks/:trunkId/secret'(by) {
    const renewed = await one(by, { do: 'renew', id: by.params.trunkId })
    if (renewed.secret === undefined)
      throw new Refusal(409, 'This trunk is known by its addresses and has no password.')
    return shown(renewed)
  },
})
