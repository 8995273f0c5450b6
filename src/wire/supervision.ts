/** A supervisor on a call, and what happens in the workspace now, as the API speaks of them. */
import { z } from 'zod'
import type { Because } from '../core/pacing/governor.ts'
import { role } from './api.ts'

/** `whisper`: the agent alone hears the supervisor; `barge`: both do */
/** Why the governor of a campaign lets so many lines ring, the strictest first (`src/core/pacing/governor.ts`). */
export const PACE_REASONS = [
  'over-limit',
  'limit',
  'nobody-free',
  'few-answers',
  'most',
] as const satisfies readonly Because[]

export const supervisionMode = z.enum(['listen', 'whisper', 'barge'])
export type SupervisionMode = z.infer<typeof supervisionMode>
/** whether the agent is told */
export const supervisionRule = z.enum(['announced', 'silent'])
export type SupervisionRule = z.infer<typeof supervisionRule>

export const supervisionBody = z.object({ mode: supervisionMode.default('listen') })
export const supervision = z.object({
  /** the supervisor's phone dials with it: the parameters `kind=supervision` and `supervisionId` */
  id: z.string(),
  call_id: z.string(),
  /** who listens, as calls name people */
  agent_id: z.string(),
  /** `joining`: the supervisor's phone is not there yet */
  status: z.enum(['joining', 'progressing']),
  /** what the carrier does now; null: joining */
  mode: supervisionMode.nullable(),
  wanted_mode: supervisionMode,
  /** the carrier did not do what is wanted */
  refused: z.boolean(),
  /** the agent is told */
  announced: z.boolean(),
})
export type Supervision = z.infer<typeof supervision>

/** Why nobody can listen to a conversation now: a stable word. */
const whyNot = z.enum(['no-room', 'full'])

export const liveCall = z.object({
  callId: z.string(),
  /** the person; their number stands for a name that nobody knows */
  name: z.string(),
  /** as people of that country write it; empty: withheld */
  number: z.string(),
  kind: z.enum(['campaign', 'single', 'inbound']),
  sinceMs: z.number(),
  held: z.boolean(),
  /** null: it can be listened to */
  whyNot: whyNot.nullable(),
  supervisors: z.array(
    z.object({ supervisionId: z.string(), agentId: z.string(), name: z.string(), mode: supervisionMode.nullable() }),
  ),
})
export type LiveCall = z.infer<typeof liveCall>

export const liveAgent = z.object({
  /** as calls name people */
  agentId: z.string(),
  name: z.string(),
  role,
  state: z.enum(['offline', 'ready', 'dialing', 'on-call', 'wrap-up', 'paused']),
  sinceMs: z.number(),
  /** a stable word; null: the state says it all */
  why: z.string().nullable(),
  /** the campaign of the session that runs */
  campaign: z.string().nullable(),
  call: liveCall.nullable(),
  /** when the desk was read, as in all of these rows */
  at: z.number(),
})
export type LiveAgent = z.infer<typeof liveAgent>

export const liveTalk = z.object({
  callId: z.string(),
  direction: z.enum(['outbound', 'inbound']),
  name: z.string(),
  number: z.string(),
  sinceMs: z.number(),
  /** a colleague is asked to take it */
  asked: z.boolean(),
  at: z.number(),
})
export type LiveTalk = z.infer<typeof liveTalk>

export const liveQueue = z.object({
  queueId: z.string(),
  name: z.string(),
  waiting: z.number().int(),
  /** since when the one waits who waits longest; null: nobody does */
  waitingSinceMs: z.number().nullable(),
  talking: z.number().int(),
  free: z.number().int(),
  members: z.number().int(),
  serviceLevel: z.number().nullable(),
  abandonRate: z.number().nullable(),
  at: z.number(),
})
export type LiveQueue = z.infer<typeof liveQueue>

export const liveCampaign = z.object({
  campaignId: z.string(),
  name: z.string(),
  /** whose sessions run; an AI agent counts for each of its seats */
  agents: z.number().int(),
  ringing: z.number().int(),
  conversations: z.number().int(),
  answered30Days: z.number().int(),
  abandoned30Days: z.number().int(),
  /** null: nobody keeps to a limit */
  abandonMaxPercent: z.number().nullable(),
  /** how many lines the governor lets ring for all of them, and the strictest of its reasons; null: nobody governs them now */
  pace: z.object({ lines: z.number().int(), because: z.enum(PACE_REASONS) }).nullable(),
  at: z.number(),
})
export type LiveCampaign = z.infer<typeof liveCampaign>

/** What could not be read now. Whoever has read it before shows that, with its age. */
export const liveUnread = z.object({
  of: z.enum(['agent', 'queue', 'campaign', 'talk']),
  id: z.string(),
  name: z.string(),
})
export type LiveUnread = z.infer<typeof liveUnread>

/** `more`: the workspace has more people, AI calls or queues than are shown */
export const live = z.object({
  at: z.number(),
  agents: z.array(liveAgent),
  talks: z.array(liveTalk),
  queues: z.array(liveQueue),
  /** those that somebody dials in */
  campaigns: z.array(liveCampaign),
  unread: z.array(liveUnread),
  more: z.boolean(),
})
export type Live = z.infer<typeof live>
