/** Extensions, and the messages of their calls. */
import type { Env } from '../../actors/env.ts'
import type { Extension, LadderOfCall, MadeExtension } from '../../actors/registrar/contract.ts'
import { stubFor } from '../../actors/stubs.ts'
import { uniqueWith } from '../../actors/unique.ts'
import { isSipCall, sipDomainOf } from '../../core/ids.ts'
import { causeOf } from '../../core/sip/told.ts'
import type { ShownExtension, SipLadder } from '../../wire/extension.ts'
import { extensionRoutes } from '../../wire/routes/extensions.ts'
import { extensionPages } from '../../wire/routes/pages.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'

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

function shown({ env, member, c }: By, one: Extension): ShownExtension {
  const domain = sipDomainOf(member.workspaceId)
  const base = new URL(env.PUBLIC_BASE_URL ?? c.req.url).origin.replace(/^http/, 'ws')
  return {
    ...{ id: one.id, extension: one.extension, name: one.name, detail: one.detail },
    ...{ domain_name: domain, username: one.extension, ws_url: `${base}/sip/${domain}` },
    ...{ registered: one.phones > 0, phones: one.phones },
    tm_last_seen: one.lastSeenMs === null ? null : time(one.lastSeenMs),
    ...{ tm_create: time(one.madeMs), tm_update: time(one.changedMs) },
  }
}
function shownOnce(by: By, { extension, secret }: MadeExtension) {
  return { ...shown(by, extension), password: secret }
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
    return { items: rows.map(one => shown(by, one)), next: extensionPages.next(last, limit) }
  },

  async 'POST /v1.0/extensions'(by) {
    const { extension, ...settings } = by.body
    const made = await domainOf(by).create(uniqueWith('ex_'), extension, settings)
    if (made === 'taken')
      throw new Refusal(409, 'This extension is taken.', [{ field: 'extension', message: 'is taken' }])
    if (made === 'too-many') throw new Refusal(422, 'This workspace has as many extensions as it may have.')
    return shownOnce(by, made)
  },

  async 'GET /v1.0/extensions/:extensionId'(by) {
    return shown(by, found(await domainOf(by).extension(by.params.extensionId)))
  },

  async 'PUT /v1.0/extensions/:extensionId'(by) {
    const { name, detail } = by.body
    const change = { ...(name === undefined ? {} : { name }), ...(detail === undefined ? {} : { detail }) }
    return shown(by, found(await domainOf(by).change(by.params.extensionId, change)))
  },

  async 'DELETE /v1.0/extensions/:extensionId'(by) {
    if (!(await domainOf(by).remove(by.params.extensionId))) found(null)
    return { message: 'deleted' }
  },

  async 'POST /v1.0/extensions/:extensionId/secret'(by) {
    return shownOnce(by, found(await domainOf(by).renewSecret(by.params.extensionId)))
  },

  async 'GET /v1.0/calls/:callId/ladder'(by) {
    const { callId } = by.params
    const known = isSipCall(callId) ? await domainOf(by).ladder(callId) : null
    if (known === null) throw new Refusal(404, 'This is no call between extensions, or it is not kept any more.')
    return ladderOf(known)
  },
})
