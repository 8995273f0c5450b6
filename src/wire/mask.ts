/** Masks as the API speaks of them: numbers of ours, the sessions in which two people meet behind one, and their calls. Times are ms where not said otherwise. */
import { z } from 'zod'
import { nameText, optionalName } from './name.ts'
import { dialable, toE164 } from './phone-number.ts'

const HOUR_S = 3_600
const DAY_S = 24 * HOUR_S
const TEN_YEARS_MS = 3_650 * DAY_S * 1_000
const e164 = dialable.transform(text => toE164(text) ?? '')
const words = (least: number) =>
  z
    .string()
    .trim()
    .min(least)
    .max(1_000)
    .refine(text => text.isWellFormed(), 'has half a character')

const settings = {
  name: nameText(120),
  /** who is rung for a caller of no session; null: such a caller hears `unknown_message` */
  forward_to: e164.nullable(),
  /** said before the other side is rung; empty: nothing */
  waiting_message: words(0),
  unknown_message: words(1),
  language: z
    .string()
    .max(35)
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language such as en-US'),
  record: z.boolean(),
  /** a voice profile of 8x8, for its calls */
  voice: z
    .string()
    .max(60)
    .regex(/^[A-Za-z0-9-]+$/, 'letters, digits and -'),
  /** s */
  ring_time: z.number().int().min(5).max(120),
  /** s; after a session its people are kept apart from others here */
  cool_off: z
    .number()
    .int()
    .min(0)
    .max(30 * DAY_S),
}
export const newMask = z.object({
  /** a number of the workspace; from now on it leads here */
  number: e164,
  /** who brings its calls: the carrier of the workspace, or 8x8 by `/api/webhooks/vca`; at 8x8 it need not be in the pool */
  carrier: z.enum(['workspace', '8x8']).default('workspace'),
  name: settings.name,
  forward_to: settings.forward_to.default(null),
  waiting_message: settings.waiting_message.default('Please wait while we connect your call.'),
  unknown_message: settings.unknown_message.default('This number cannot connect your call now. Goodbye.'),
  language: settings.language.default('en-US'),
  record: settings.record.default(false),
  voice: settings.voice.default('en-US-JennyNeural'),
  ring_time: settings.ring_time.default(30),
  cool_off: settings.cool_off.default(HOUR_S),
})
/** What is not named stays. */
export const maskChange = z.object(settings).partial()
export const mask = z.object({
  id: z.string(),
  number: z.string(),
  carrier: z.enum(['workspace', '8x8']),
  ...settings,
  /** hidden; the number itself is in no answer */
  forward_to: z.string().nullable(),
  open_sessions: z.number().int(),
  tm_create: z.string(),
  tm_update: z.string(),
})

const participant = z.object({
  number: e164,
  name: optionalName(120).default(''),
  /** says who they are when they call from another phone */
  pin: z
    .string()
    .regex(/^\d{6,10}$/, '6 to 10 digits')
    .nullable()
    .default(null),
})
export const newMaskSession = z.object({
  /** null: the mask that fits the two best */
  mask_id: z.string().min(1).max(100).nullable().default(null),
  /** asked for again with the same two people it gives the same session */
  unique_name: nameText(120).nullable().default(null),
  participants: z.tuple([participant, participant]),
  /** an ISO 8601 time; null: not by the clock */
  expires_at: z.iso
    .datetime({ offset: true })
    .refine(text => Date.parse(text) < Date.now() + TEN_YEARS_MS, 'is more than ten years away')
    .nullable()
    .default(null),
  /** s since the last call; null: however long nobody calls */
  ttl: z
    .number()
    .int()
    .min(60)
    .max(365 * DAY_S)
    .nullable()
    .default(null),
  /** of one call */
  max_minutes: z.number().int().min(1).max(240).default(60),
})
export const maskSession = z.object({
  id: z.string(),
  mask_id: z.string(),
  virtual_number: z.string(),
  status: z.enum(['open', 'closed']),
  closed_reason: z.enum(['closed', 'expired', 'idle']).nullable(),
  /** numbers are hidden here */
  participants: z.array(
    z.object({ side: z.enum(['a', 'b']), name: z.string(), number: z.string(), has_pin: z.boolean() }),
  ),
  expires_at: z.string().nullable(),
  ttl: z.number().nullable(),
  max_minutes: z.number(),
  tm_create: z.string(),
  tm_last_call: z.string(),
  tm_closed: z.string().nullable(),
})
/** For those who may see both numbers. */
export const maskParticipant = z.object({
  side: z.enum(['a', 'b']),
  name: z.string(),
  number: z.string(),
  pin: z.string().nullable(),
})
export const maskInteraction = z.object({
  id: z.string(),
  call_id: z.string(),
  mask_id: z.string(),
  session_id: z.string().nullable(),
  /** which party called; null: somebody of no session */
  from: z.enum(['a', 'b']).nullable(),
  status: z.enum(['connecting', 'connected', 'ended', 'refused']),
  result: z.string().nullable(),
  tm_create: z.string(),
  tm_end: z.string().nullable(),
})
export type ShownMask = z.infer<typeof mask>
export type ShownMaskSession = z.infer<typeof maskSession>
export type ShownInteraction = z.infer<typeof maskInteraction>
