/** Rows of public events: read by cursor, or sent to an address as webhooks. Each is at the root as well. */
import { z } from 'zod'
import { VOCABULARIES } from '../../core/events/names.ts'
import { listOf } from '../api.ts'
import { publicEventPage } from '../events.ts'
import { delivery, madeWebhook, newWebhook, replayBody, replayed, webhook, webhookChange } from '../webhook.ts'
import { done, page } from './pages.ts'
import type { Rows } from './row.ts'

const ADMIN_READS = { role: 'admin', scope: 'webhooks:read' } as const
const ADMIN_WRITES = { role: 'admin', scope: 'webhooks:write' } as const

export const webhookRoutes = {
  'GET /v1.0/events': {
    who: { role: 'supervisor', scope: 'events:read' },
    summary:
      'Public events, in order and without gaps, as webhooks send them. Begin without a cursor and go on with `next`, which is always given; ' +
      '`more` says whether events wait behind it. `types` is a list with commas. A page may be empty and have more behind it.',
    query: page.extend({
      types: z.string().min(1).max(4_000).optional(),
      vocabulary: z.enum(VOCABULARIES).default('seed'),
    }),
    gives: 'json',
    answer: publicEventPage,
  },
  'GET /v1.0/webhooks': {
    who: ADMIN_READS,
    summary: 'The endpoints that get events, the oldest first, and how each is doing.',
    query: page.extend({ limit: z.coerce.number<number>().int().min(1).max(50).default(25) }),
    gives: 'json',
    answer: listOf(webhook),
  },
  'POST /v1.0/webhooks': {
    who: ADMIN_WRITES,
    summary:
      'A new endpoint. It gets what happens from now on, in the form of Standard Webhooks. The answer shows the secret, and nothing shows it again.',
    body: newWebhook,
    gives: 'json',
    status: 201,
    answer: madeWebhook,
  },
  'GET /v1.0/webhooks/:webhookId': {
    who: ADMIN_READS,
    summary: 'One endpoint.',
    gives: 'json',
    answer: webhook,
  },
  'PUT /v1.0/webhooks/:webhookId': {
    who: ADMIN_WRITES,
    summary:
      'Changes what is given. `enabled: false` stops it; `enabled: true` lets it go on with the first event that it has not been sent.',
    body: webhookChange,
    gives: 'json',
    answer: webhook,
  },
  'DELETE /v1.0/webhooks/:webhookId': {
    who: ADMIN_WRITES,
    summary: 'Deletes an endpoint and what was kept of its deliveries.',
    gives: 'json',
    answer: done,
  },
  'POST /v1.0/webhooks/:webhookId/rotate': {
    who: ADMIN_WRITES,
    summary: 'Makes a new secret and shows it once. For 24 hours the old one signs as well.',
    gives: 'json',
    answer: madeWebhook,
  },
  'POST /v1.0/webhooks/:webhookId/test': {
    who: ADMIN_WRITES,
    summary: 'Sends a `webhook_test`, once, and answers with how it went. A disabled endpoint may be tested.',
    gives: 'json',
    answer: delivery,
  },
  'GET /v1.0/webhooks/:webhookId/deliveries': {
    who: ADMIN_READS,
    summary: 'Attempts to deliver, the newest first. Messages are kept for 7 days, and the newest 5,000.',
    query: page.extend({
      cursor: z
        .string()
        .regex(/^deliveries~\d{1,15}$/, 'not a cursor of this list')
        .optional(),
      call_id: z.string().min(1).max(200).optional(),
    }),
    gives: 'json',
    answer: listOf(delivery),
  },
  'POST /v1.0/webhooks/:webhookId/replay': {
    who: ADMIN_WRITES,
    summary:
      'Sends messages again that are kept: one by `event_id`, those of a call by `call_id`, or those that happened from `since` to `until`. ' +
      'They have the ids that they had, and keep their order.',
    body: replayBody,
    gives: 'json',
    status: 202,
    answer: replayed,
  },
} as const satisfies Rows
