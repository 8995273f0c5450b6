/** Public events by cursor, and the endpoints to which they are sent. */
import type { Env } from '../../actors/env.ts'
import { logOf, stubFor } from '../../actors/stubs.ts'
import { unique } from '../../actors/unique.ts'
import { isPlain, sealed, unsealed } from '../../core/events/stream/cursor.ts'
import { type WebhookId, webhookId } from '../../core/ids.ts'
import { refusalOfUrl } from '../../providers/public-address.ts'
import { EVENT_TYPES, eventsOf, publicEventPage, wants } from '../../wire/events.ts'
import { webhookRoutes } from '../../wire/routes/webhooks.ts'
import { ENDPOINTS_MAX } from '../../wire/webhook.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'

const SECRET_BYTES = 32

function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES))
  return `whsec_${btoa(String.fromCharCode(...bytes))}`
}

/** The address is checked here for whoever types it, and again at each delivery. */
function requireAddress(env: Env, url: string | undefined): void {
  const refusal = url === undefined ? null : refusalOfUrl(url, env.TRUNKLINE_MODE === 'local')
  if (refusal !== null) throw new Refusal(400, 'This address cannot get events.', [{ field: 'url', message: refusal }])
}

function found<T>(value: T | null): T {
  if (value === null) throw new Refusal(404, 'There is no such webhook.')
  return value
}

function typesIn(text: string | undefined): string[] | null {
  if (text === undefined) return null
  const types = text.split(',').map(type => type.trim())
  const unknown = types.find(type => !EVENT_TYPES.includes(type))
  if (unknown !== undefined)
    throw new Refusal(400, 'There is no such event.', [
      { field: 'types', message: `${unknown.slice(0, 60)} is no event` },
    ])
  return types
}

function noCursor(): Refusal {
  const field = { field: 'cursor', message: 'not one of ours, or its events are not kept any more' }
  return new Refusal(400, 'There is no such cursor, or its events are not kept any more.', [field])
}

/** The cursor of the log. A program may still have one of the time when they had no check. */
function cursorIn(workspaceId: string, text: string): string {
  const cursor = unsealed(workspaceId, text) ?? (isPlain(text) ? text : null)
  if (cursor === null) throw noCursor()
  return cursor
}

const endpointOf = (env: Env, id: WebhookId) => stubFor(env, 'subscriber', id)

export const webhooks = bind(webhookRoutes, {
  async 'GET /v1.0/events'({ env, member, query }) {
    const types = typesIn(query.types)
    const events = types && eventsOf(types)
    const { limit, vocabulary } = query
    const { workspaceId } = member
    const cursor = query.cursor === undefined ? null : cursorIn(workspaceId, query.cursor)
    const json = await logOf(env, workspaceId).publicEvents({ cursor, limit, events, vocabulary })
    if (json === null) throw noCursor()
    const { items, next, more } = publicEventPage.parse(JSON.parse(json))
    const wanted = types === null ? items : items.filter(event => wants(types, event))
    const shown = wanted.map(event => ({ ...event, cursor: sealed(workspaceId, event.cursor) }))
    return { items: shown, next: sealed(workspaceId, next), more }
  },

  async 'GET /v1.0/webhooks'({ env, member, query: { cursor = null, limit } }) {
    if (cursor !== null && !cursor.startsWith('webhooks~'))
      throw new Refusal(400, 'There is no such cursor.', [{ field: 'cursor', message: 'not a cursor of this list' }])
    const after = cursor === null ? null : `${member.workspaceId}.${cursor.slice('webhooks~'.length)}`
    const ids = await stubFor(env, 'subscriber', member.workspaceId).listed(after, limit)
    const items = await Promise.all(ids.map(id => endpointOf(env, id as WebhookId).read()))
    const last = ids.length === limit ? ids.at(-1) : undefined
    const next = last === undefined ? null : `webhooks~${last.slice(last.indexOf('.') + 1)}`
    return { items: items.filter(item => item !== null), next }
  },

  async 'POST /v1.0/webhooks'({ env, member, body }) {
    const { secret = newSecret(), ...settings } = body
    requireAddress(env, settings.url)
    const id = webhookId(member.workspaceId, unique())
    if (!(await stubFor(env, 'subscriber', member.workspaceId).enlist(id)))
      throw new Refusal(422, `This workspace has ${ENDPOINTS_MAX} webhooks. Delete one first.`)
    try {
      return { ...(await endpointOf(env, id).create(settings, secret)), secret }
    } catch (error) {
      // Nobody has seen its secret, so it is of no use to anybody.
      const forgotten = [endpointOf(env, id).remove(), stubFor(env, 'subscriber', member.workspaceId).strike(id)]
      await Promise.allSettled(forgotten)
      throw error
    }
  },

  async 'GET /v1.0/webhooks/:webhookId'({ env, params }) {
    return found(await endpointOf(env, params.webhookId).read())
  },

  async 'PUT /v1.0/webhooks/:webhookId'({ env, params, body }) {
    requireAddress(env, body.url)
    return found(await endpointOf(env, params.webhookId).change(body))
  },

  async 'DELETE /v1.0/webhooks/:webhookId'({ env, member, params }) {
    // One that a deletion has left half is taken from the list as well.
    const removed = await endpointOf(env, params.webhookId).remove()
    await stubFor(env, 'subscriber', member.workspaceId).strike(params.webhookId)
    if (!removed) found(null)
    return { message: 'deleted' }
  },

  async 'POST /v1.0/webhooks/:webhookId/rotate'({ env, params }) {
    const secret = newSecret()
    return { ...found(await endpointOf(env, params.webhookId).rotate(secret)), secret }
  },

  async 'POST /v1.0/webhooks/:webhookId/test'({ env, params }) {
    return found(await endpointOf(env, params.webhookId).sendTest())
  },

  async 'GET /v1.0/webhooks/:webhookId/deliveries'({ env, params, query }) {
    const before = query.cursor === undefined ? null : Number(query.cursor.slice('deliveries~'.length))
    const wanted = { before, limit: query.limit, callId: query.call_id ?? null }
    const { items, next } = found(await endpointOf(env, params.webhookId).deliveries(wanted))
    return { items, next: next === null ? null : `deliveries~${next}` }
  },

  async 'POST /v1.0/webhooks/:webhookId/replay'({ env, params, body }) {
    return { messages: found(await endpointOf(env, params.webhookId).replay(body)) }
  },
})
