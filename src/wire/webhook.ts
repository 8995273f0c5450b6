/** Endpoints of a customer that get events, in the form of Standard Webhooks. */
import { z } from 'zod'
import { SEED_EVENTS, VOCABULARIES } from '../core/events/names.ts'
import { EVENT_TYPES, EVERYTHING } from './events.ts'
import { nameText } from './name.ts'

export const ENDPOINTS_MAX = 250
/** How long the old secret signs as well, after a new one was made. */
export const OVERLAP_HOURS = 24

const types = z
  .array(z.string().refine(type => type === EVERYTHING || EVENT_TYPES.includes(type), 'no such event'))
  .min(1)
  .max(EVENT_TYPES.length)
const url = z.string().trim().min(1).max(2_000)
/** `whsec_` and 24 to 64 bytes as base64. */
const secret = z
  .string()
  .max(100)
  .regex(
    /^whsec_(?:(?:[A-Za-z0-9+/]{4}){8,20}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?|(?:[A-Za-z0-9+/]{4}){21}(?:[A-Za-z0-9+/]{2}==)?)$/,
    'whsec_ and 24 to 64 bytes in base64',
  )

const settings = {
  url,
  name: nameText(80),
  /** `*` is every event, those of later releases as well */
  types,
  /** the names of the events: the seed's, or VoIPBIN's newer ones */
  vocabulary: z.enum(VOCABULARIES),
  /** `short`: three retries, after 1, 4 and 16 s; `long`: then on for 24 hours, at growing pauses */
  retries: z.enum(['short', 'long']),
}
export const newWebhook = z.object({
  ...settings,
  name: settings.name.default('Webhook'),
  types: types.default([...SEED_EVENTS]),
  vocabulary: settings.vocabulary.default('seed'),
  retries: settings.retries.default('short'),
  /** absent: we make one */
  secret: secret.optional(),
})
export type NewWebhook = z.output<typeof newWebhook>
export const webhookChange = z.object({ ...settings, enabled: z.boolean() }).partial()
export type WebhookChange = z.output<typeof webhookChange>

export const webhook = z.object({
  id: z.string(),
  ...settings,
  /** `disabled`: it gets nothing until somebody enables it; what happens meanwhile waits in the log */
  status: z.enum(['enabled', 'disabled']),
  /** `by-hand`, `gone` (it answered 410), `failing` (nothing was taken for days); null: it is enabled */
  disabled_because: z.enum(['by-hand', 'gone', 'failing']).nullable(),
  /** nothing was taken since then; null: the last delivery was taken */
  failing_since: z.string().nullable(),
  /** messages that are not delivered yet */
  waiting: z.number().int(),
  /** the secret before this one signs until then; null: there is none */
  old_secret_until: z.string().nullable(),
  tm_create: z.string(),
})
export type Webhook = z.infer<typeof webhook>
/** The only answers that have the secret. */
export const madeWebhook = webhook.extend({ secret: z.string() })

/** One attempt to deliver a message. */
export const delivery = z.object({
  id: z.string(),
  event_id: z.string(),
  type: z.string(),
  call_id: z.string().nullable(),
  /** the first attempt is 1 */
  attempt: z.number().int(),
  tm: z.string(),
  /** null: the server did not answer */
  status: z.number().int().nullable(),
  ms: z.number().int(),
  /** how it began, or in a word why there is none: `not-answered`, `address-refused`, `redirected` */
  answer: z.string(),
  /** what was sent */
  request: z.string(),
  /** `retrying`: it is tried again; `dead`: it was given up, and may be replayed */
  state: z.enum(['delivered', 'retrying', 'dead']),
})
export type Delivery = z.infer<typeof delivery>

/** Which of the messages that are kept are sent again, in their order. */
export const replayBody = z.union([
  z.strictObject({ event_id: z.string().min(1).max(200) }),
  z.strictObject({ call_id: z.string().min(1).max(200) }),
  z
    .strictObject({ since: z.iso.datetime(), until: z.iso.datetime() })
    .refine(({ since, until }) => Date.parse(since) <= Date.parse(until), { error: 'before `since`', path: ['until'] }),
])
export type ReplayBody = z.output<typeof replayBody>
export const replayed = z.object({ messages: z.number().int() })
