/** Extensions, and the messages of their calls. */
import type { Env } from '../../actors/env.ts'
import type { Extension, LadderOfCall, MadeExtension, NotMade } from '../../actors/registrar/contract.ts'
import { stubFor } from '../../actors/stubs.ts'
import { dialledName, type Lead } from '../../actors/trunk/leads.ts'
import { uniqueWith } from '../../actors/unique.ts'
import { isSipCall, sipDomainOf } from '../../core/ids.ts'
import { causeOf } from '../../core/sip/told.ts'
import { iceServersOf } from '../../providers/ice/ice-servers.ts'
import { EXTENSION_LEADS, type ShownExtension, type SipLadder } from '../../wire/extension.ts'
import { extensionRoutes } from '../../wire/routes/extensions.ts'
import { extensionPages } from '../../wire/routes/pages.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { leadFor, leadShown, NOWHERE } from './number-leads.ts'

interface By {
  env: Env
  member: Caller
  c: { req: { url: string } }
}
const time = (ms: number) => new Date(ms).toISOString()
const domainOf = ({ env, member }: By) => stubFor(env, 'registrar', member.workspaceId)

function found<T>(value: T | null): T {
  if (value === null) throw new Refusal(404, 'There is no such extension.')
  return value
}

/** What the other objects of the workspace know of these extensions. */
async function shown(by: By, rows: readonly Extension[]): Promise<ShownExtension[]> {
  const { env, member, c } = by
  const domain = sipDomainOf(member.workspaceId)
  const base = new URL(env.PUBLIC_BASE_URL ?? c.req.url).origin.replace(/^http/, 'ws')
  const trunk = stubFor(env, 'trunk', member.workspaceId)
  const [leads, carrier] = await Promise.all([
    rows.length === 0 ? [] : trunk.leadsOf(rows.map(one => dialledName(one.extension))),
    rows.some(one => one.atCarrier) ? domainOf(by).phonesAtCarrier(null) : null,
  ])
  return rows.map((one, index) => ({
    ...{ id: one.id, extension: one.extension, name: one.name, detail: one.detail },
    ...{ domain_name: domain, username: one.extension, ws_url: `${base}/sip/${domain}` },
    at_carrier: one.atCarrier,
    carrier_domain_name: one.atCarrier ? (carrier?.domainName ?? null) : null,
    ...leadOf(leads[index]),
    ...{ registered: one.phones > 0, phones: one.phones },
    tm_last_seen: one.lastSeenMs === null ? null : time(one.lastSeenMs),
    ...{ tm_create: time(one.madeMs), tm_update: time(one.changedMs) },
  }))
}
async function shownOne(by: By, extension: Extension): Promise<ShownExtension> {
  return (await shown(by, [extension]))[0] as ShownExtension
}
async function shownOnce(by: By, { extension, secret }: MadeExtension) {
  const [one, { servers }] = await Promise.all([shownOne(by, extension), iceServersOf(by.env)])
  return { ...one, password: secret, ice_servers: servers }
}

/** The lead that is let go by this request; undefined: none. */
async function nulled(
  by: By & { body: Partial<Record<(typeof EXTENSION_LEADS)[number], string | null>> },
  one: Extension,
) {
  if (!EXTENSION_LEADS.some(field => by.body[field] === null)) return undefined
  const now = await shownOne(by, one)
  return EXTENSION_LEADS.find(field => by.body[field] === null && now[field] !== null)
}

function leadOf(lead: Lead | undefined) {
  const { flow_id, queue_id, conference_id, agent_id } = lead?.to === 'desk' ? NOWHERE : leadShown(lead)
  return { flow_id, queue_id, conference_id, agent_id }
}

/** Why an extension was not made or changed. */
function refusalOf(why: NotMade): Refusal {
  switch (why) {
    case 'taken':
      return new Refusal(409, 'This extension is taken.', [{ field: 'extension', message: 'is taken' }])
    case 'no-phones-at-carrier':
      return new Refusal(409, 'This workspace has no phones at the carrier.', [
        { field: 'at_carrier', message: 'phones at the carrier are off; PUT /v1.0/carrier_phones first' },
      ])
    case 'too-many':
      return new Refusal(422, 'This workspace has as many extensions as it may have.')
  }
}

function ladderOf({ call, settled, ladder }: LadderOfCall): SipLadder {
  const messages = [...ladder.first, ...ladder.last].map(({ atMs, from, to, line }) => ({
    at_ms: atMs,
    from,
    to,
    line,
  }))
  return {
    ...{ call_id: call.callId, from: call.from, to: call.to, cause: causeOf(call), status: call.ended?.status ?? null },
    ...{ settled, messages, omitted: ladder.omitted, omitted_after: ladder.first.length - 1 },
  }
}

export const extensions = bind(extensionRoutes, {
  async 'GET /v1.0/extensions'(by) {
    const { limit, cursor } = by.query
    const rows = await domainOf(by).extensions(extensionPages.after(cursor), limit)
    const last = rows.map(one => one.extension)
    return { items: await shown(by, rows), next: extensionPages.next(last, limit) }
  },

  async 'GET /api/directory'(by) {
    const { limit, cursor } = by.query
    const rows = await domainOf(by).extensions(extensionPages.after(cursor), limit)
    const items = rows.map(({ extension, name, phones, atCarrier }) => ({
      ...{ extension, name, phones },
      at_carrier: atCarrier,
    }))
    const last = rows.map(one => one.extension)
    return { items, next: extensionPages.next(last, limit) }
  },

  async 'POST /v1.0/extensions'(by) {
    const { extension, at_carrier: atCarrier, ...settings } = by.body
    const made = await domainOf(by).create(uniqueWith('ex_'), extension, { ...settings, atCarrier })
    if (typeof made === 'string') throw refusalOf(made)
    return shownOnce(by, made)
  },

  async 'GET /v1.0/extensions/:extensionId'(by) {
    return shownOne(by, found(await domainOf(by).extension(by.params.extensionId)))
  },

  async 'PUT /v1.0/extensions/:extensionId'(by) {
    const { extensionId } = by.params
    const { name, detail, at_carrier } = by.body
    const known = found(await domainOf(by).extension(extensionId))
    const field = EXTENSION_LEADS.find(one => by.body[one] != null)
    const lead = field === undefined ? null : await leadFor(by, field, by.body[field] ?? '', null)
    const changed = await domainOf(by).change(extensionId, {
      ...(name === undefined ? {} : { name }),
      ...(detail === undefined ? {} : { detail }),
      ...(at_carrier === undefined ? {} : { atCarrier: at_carrier }),
    })
    if (typeof changed === 'string') throw refusalOf(changed)
    const { secret, ...extension } = found(changed)
    const trunk = stubFor(by.env, 'trunk', by.member.workspaceId)
    if (lead !== null) await trunk.leadNumber(dialledName(known.extension), lead)
    // What it does not lead to need not be let go.
    else if ((await nulled(by, known)) !== undefined)
      await trunk.leadNumber(dialledName(known.extension), { to: 'nobody' })
    const answer = await shownOne(by, extension)
    return secret === undefined ? answer : { ...answer, password: secret }
  },

  async 'DELETE /v1.0/extensions/:extensionId'(by) {
    const { extension } = found(await domainOf(by).extension(by.params.extensionId))
    const trunk = stubFor(by.env, 'trunk', by.member.workspaceId)
    // The leads first: whoever has failed midway still finds the extension, and the next one of this name inherits nothing.
    await trunk.leadNumber(dialledName(extension), { to: 'nobody' })
    await trunk.leadNowhere('extension', by.params.extensionId)
    await domainOf(by).remove(by.params.extensionId)
    return { message: 'deleted' }
  },

  async 'POST /v1.0/extensions/:extensionId/secret'(by) {
    return shownOnce(by, found(await domainOf(by).renewSecret(by.params.extensionId)))
  },

  async 'POST /v1.0/extensions/:extensionId/ice_servers'(by) {
    found(await domainOf(by).extension(by.params.extensionId))
    const { servers, ttlS } = await iceServersOf(by.env)
    return { ice_servers: servers, ttl: ttlS }
  },

  async 'GET /v1.0/calls/:callId/ladder'(by) {
    const { callId } = by.params
    const known = isSipCall(callId) ? await domainOf(by).ladder(callId) : null
    if (known === null) throw new Refusal(404, 'This is no call between extensions, or it is not kept any more.')
    return ladderOf(known)
  },
})
