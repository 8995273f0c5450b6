/** Webhooks, as their pages use them. */
import type { Sent } from '../../../wire/routes/row.ts'
import type { Routes } from '../../../wire/routes/table.ts'
import { ask } from '../../api.ts'

export type NewWebhookBody = Sent<Routes['POST /v1.0/webhooks'], 'body'>
export type WebhookChangeBody = Sent<Routes['PUT /v1.0/webhooks/:webhookId'], 'body'>
export type ReplayOf = Sent<Routes['POST /v1.0/webhooks/:webhookId/replay'], 'body'>

const at = (webhookId: string) => ({ params: { webhookId } })

export const getWebhooks = (cursor: string | null) =>
  ask('GET /v1.0/webhooks', { query: { limit: 50, cursor: cursor ?? undefined } })
export const getWebhook = (webhookId: string) => ask('GET /v1.0/webhooks/:webhookId', at(webhookId))
export const makeWebhook = (body: NewWebhookBody) => ask('POST /v1.0/webhooks', { body })
export const saveWebhook = (webhookId: string, body: WebhookChangeBody) =>
  ask('PUT /v1.0/webhooks/:webhookId', { ...at(webhookId), body })
export const deleteWebhook = (webhookId: string) => ask('DELETE /v1.0/webhooks/:webhookId', at(webhookId))
export const rotateSecret = (webhookId: string) => ask('POST /v1.0/webhooks/:webhookId/rotate', at(webhookId))
export const testWebhook = (webhookId: string) => ask('POST /v1.0/webhooks/:webhookId/test', at(webhookId))
export const replay = (webhookId: string, body: ReplayOf) =>
  ask('POST /v1.0/webhooks/:webhookId/replay', { ...at(webhookId), body })
export const getDeliveries = (webhookId: string, cursor: string | null) =>
  ask('GET /v1.0/webhooks/:webhookId/deliveries', {
    ...at(webhookId),
    query: { limit: 25, cursor: cursor ?? undefined },
  })
