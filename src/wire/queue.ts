/** Queues as the API speaks of them: VoIPBIN's shape, with our settings beside it. Times are ms. */
import { z } from 'zod'
import { CAPACITY_MAX, MEMBERS_MAX } from '../core/queue/state.ts'
import { nameText, optionalName } from './name.ts'

export const ROUTING_METHODS = ['longest-idle', 'round-robin', 'fewest-calls', 'linear', 'skills'] as const
const skill = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} _-]*$/u, 'letters, digits, space, _ and -')
const ms = (min: number, max: number) => z.number().int().min(min).max(max)
const HOUR_MS = 3_600_000

const settings = {
  name: nameText(120),
  detail: optionalName(500),
  routing_method: z.enum(ROUTING_METHODS),
  /** how long an offer rings at an agent */
  offer_timeout: ms(5_000, 120_000),
  /** 0: as long as the call */
  wait_timeout: ms(0, 4 * HOUR_MS),
  capacity: z.number().int().min(1).max(CAPACITY_MAX),
  wrap_up: ms(0, HOUR_MS),
  pause_unanswered: z.boolean(),
  /** 0: the place is said once */
  announce_every: z.union([z.literal(0), ms(15_000, HOUR_MS)]),
  service_target: ms(1_000, HOUR_MS),
  short_abandon: ms(0, 60_000),
  language: z
    .string()
    .max(35)
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language such as en-US'),
  /** what an agent must have to take a call of this queue */
  skills: z.array(skill).max(10),
  /** empty: our own music */
  music_urls: z.array(z.url({ protocol: /^https?$/ }).max(2_000)).max(10),
}
export const queueMember = z.object({
  /** as calls name people */
  agent_id: z.string().min(1).max(46),
  /** level of each: 1 is best */
  skills: z.record(skill, z.number().int().min(1).max(10)).default({}),
})
const members = z
  .array(queueMember)
  .max(MEMBERS_MAX)
  .refine(all => new Set(all.map(one => one.agent_id)).size === all.length, 'names somebody twice')

export const queueBody = z.object({
  name: settings.name,
  detail: settings.detail.default(''),
  routing_method: settings.routing_method.default('longest-idle'),
  offer_timeout: settings.offer_timeout.default(20_000),
  wait_timeout: settings.wait_timeout.default(0),
  capacity: settings.capacity.default(100),
  wrap_up: settings.wrap_up.default(15_000),
  pause_unanswered: settings.pause_unanswered.default(true),
  announce_every: settings.announce_every.default(60_000),
  service_target: settings.service_target.default(20_000),
  short_abandon: settings.short_abandon.default(5_000),
  language: settings.language.default('en-US'),
  skills: settings.skills.default([]),
  music_urls: settings.music_urls.default([]),
  members: members.default([]),
})
/** What is not named stays. */
export const queueChange = z.object({ ...settings, members }).partial()

export const queueSummary = z.object({
  id: z.string(),
  name: z.string(),
  detail: z.string(),
  tm_create: z.string(),
  tm_update: z.string(),
})
export const queue = queueSummary.extend({
  ...settings,
  members: z.array(
    queueMember.extend({
      free: z.boolean(),
      /** why not: a stable word; null: free, or never heard of */
      reason: z.string().nullable(),
      tm_since: z.string(),
      calls: z.number().int(),
    }),
  ),
  wait_queuecall_ids: z.array(z.string()),
  service_queuecall_ids: z.array(z.string()),
  total_incoming_count: z.number().int(),
  total_serviced_count: z.number().int(),
  total_abandoned_count: z.number().int(),
  /** (answered in time + abandoned in time) / (answered + abandoned); null: nobody yet */
  service_level: z.number().nullable(),
  /** abandoned / (answered + abandoned), without short ones */
  abandon_rate: z.number().nullable(),
  average_wait: z.number().nullable(),
  longest_wait: z.number(),
})
export type Queue = z.infer<typeof queue>

export const queueCall = z.object({
  id: z.string(),
  queue_id: z.string(),
  /** the call; null: the caller has hung up and is called back */
  reference_id: z.string().nullable(),
  status: z.enum(['waiting', 'connecting', 'service']),
  callback: z.boolean(),
  /** counted from 1; null: not waiting */
  place: z.number().int().nullable(),
  /** whoever is offered the call, or talks */
  service_agent_id: z.string().nullable(),
  duration_waiting: z.number().int(),
  tm_create: z.string(),
})
export type QueueCall = z.infer<typeof queueCall>
