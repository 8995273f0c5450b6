/** What the API speaks of; `src/wire/routes` has its routes. Errors are problem+json; lists are `{items, next}` by cursor. */
import { z } from 'zod'
import type { SubjectKind } from '../core/about.ts'
import { outcomeChoice } from './outcome.ts'

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  /** the offending fields, named as sent */
  fields: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
})
export type Problem = z.infer<typeof problem>

export const role = z.enum(['agent', 'supervisor', 'admin'])
export type Role = z.infer<typeof role>

export const me = z.object({
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  workspaceId: z.string(),
  workspaceName: z.string(),
  /** the workspace wants a second factor, and this person has none: only the set-up is open */
  owesSecondFactor: z.boolean(),
})
export type Me = z.infer<typeof me>

/** A workspace that a person belongs to. `current`: this sign-in is in it. */
export const ownWorkspace = z.object({ workspaceId: z.string(), name: z.string(), role, current: z.boolean() })

/** One sign-in of a person. */
export const signIn = z.object({
  sessionId: z.string(),
  createdMs: z.number(),
  usedMs: z.number(),
  endsMs: z.number(),
  address: z.string().nullable(),
  browser: z.string().nullable(),
  /** the one that this request belongs to */
  current: z.boolean(),
})

export const memberRow = z.object({ userId: z.string(), name: z.string(), role })
export type MemberRow = z.infer<typeof memberRow>

/** `demoUsers` is empty unless the server runs in local mode. */
export const config = z.object({
  local: z.boolean(),
  demoUsers: z.array(z.object({ key: z.string(), name: z.string(), role })),
  /** the phone network's page, local mode only */
  phoneNetworkUrl: z.string().nullable(),
})
export type Config = z.infer<typeof config>

/** What an agent may do with their phone, and how their calls look. */
export const voiceProfile = z.object({
  allowOutbound: z.boolean(),
  allowInbound: z.boolean(),
  recordCalls: z.boolean(),
  /** E.164, one of the workspace's numbers; null: any of them */
  callerId: z.string().nullable(),
  identityAlias: z.string(),
})
export const voiceToken = z.object({
  token: z.string(),
  identity: z.string(),
  /** the agent's voice profile lets this phone place calls, and so open its line */
  outgoing: z.boolean(),
  expiresIn: z.number().int(),
  /** local mode: where the phone network listens instead of the carrier's edge, `ws://127.0.0.1:5070`; else null */
  signallingUrl: z.string().nullable(),
})
export type VoiceToken = z.infer<typeof voiceToken>

/** One of our numbers, as the pool of caller ids has it. */
export const numberRow = z.object({
  number: z.string(),
  name: z.string(),
  /** `refused`: the carrier does not take calls from it, for the reason `refusedBecause` */
  status: z.string(),
  refusedBecause: z.string().nullable(),
  /** the desk that rings when this number is called */
  deskId: z.string().nullable(),
  inFlight: z.number().int(),
  inFlightCap: z.number().int(),
  cooldownSeconds: z.number().int(),
  cooldownUntilMs: z.number(),
  usageCount: z.number().int(),
  lastUsedMs: z.number().nullable(),
  /** calls that the carrier took, and those that came back busy or refused */
  attemptedCalls: z.number().int(),
  rejectedCalls: z.number().int(),
})
export type NumberRow = z.infer<typeof numberRow>

export const campaign = z.object({
  campaignId: z.string(),
  name: z.string(),
  state: z.enum(['draft', 'running', 'paused', 'finished', 'stopped']),
  lines: z.union([z.literal(1), z.literal(2), z.literal(4)]),
  script: z.string(),
  outcomes: z.array(outcomeChoice),
  contactsTotal: z.number().int(),
  contactsLeft: z.number().int(),
  /** a calling rule holds them back until somebody changes what is on record; each session looks at them anew */
  contactsHeld: z.number().int(),
  /** of 100 people who answer, at most; null: no limit is kept to */
  abandonMaxPercent: z.number().nullable(),
  /** people of the last 30 days, and for whom of them nobody was free */
  answered30Days: z.number().int(),
  abandoned30Days: z.number().int(),
  wrapUpSeconds: z.number().int(),
  /** agents share the lines that ring */
  pooled: z.boolean(),
  /** who shares them now; null: nobody, or each agent has rounds of their own */
  pool: z
    .object({
      agents: z.number().int(),
      free: z.number().int(),
      ringing: z.number().int(),
      /** so many may ring, and why not more; null: nothing was decided yet */
      lines: z.number().int().nullable(),
      because: z.enum(['nobody-free', 'few-answers', 'limit', 'over-limit', 'most']).nullable(),
    })
    .nullable(),
})
export type Campaign = z.infer<typeof campaign>

export const contact = z.object({
  contactId: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  company: z.string(),
  phone: z.string(),
  timeZone: z.string().nullable(),
  postcode: z.string().nullable(),
  extension: z.string().nullable(),
  status: z.enum(['active', 'in-progress', 'dropped', 'done', 'archived', 'dnc']),
  attempts: z.number().int(),
  lastAttemptMs: z.number().nullable(),
  result: z.string().nullable(),
  note: z.string(),
})
export type Contact = z.infer<typeof contact>

/** The filters of the call log, the same for the page and the server; each searches the whole log. */
export const callFilters = z.object({
  direction: z.enum(['outbound', 'inbound']).optional(),
  /** a part of the name, the note or the number (its digits, however they are written) */
  q: z.string().max(100).optional(),
  outcome: z.string().max(100).optional(),
  result: z.string().max(40).optional(),
})
export type CallFilters = z.infer<typeof callFilters>

/** One row of the call log. Statuses are the public ones. */
export const callRow = z.object({
  callId: z.string(),
  direction: z.enum(['outbound', 'inbound']),
  kind: z.enum(['campaign', 'single', 'inbound', 'browser', 'ai', 'cidr', 'api', 'sip']),
  status: z.enum(['dialing', 'ringing', 'progressing', 'terminating', 'canceling', 'hangup']),
  providerStatus: z.string().nullable(),
  hangupReason: z.string().nullable(),
  contactId: z.string().nullable(),
  name: z.string(),
  number: z.string(),
  from: z.string(),
  /** the agent whose call it is or was last; null: nobody's, or it was made before calls knew it */
  agentId: z.string().nullable(),
  agentName: z.string().nullable(),
  campaignId: z.string().nullable(),
  answeredBy: z.string().nullable(),
  /** the outcome of the leg in its round: connected, released, no-seat, machine, … */
  result: z.string().nullable(),
  outcome: z.string().nullable(),
  note: z.string(),
  /** the worst sound of the call that the agent's phone reported; null: nothing disturbed it */
  quality: z.string().nullable(),
  needsFollowUp: z.boolean(),
  createdMs: z.number(),
  answeredMs: z.number().nullable(),
  endedMs: z.number().nullable(),
  talkedMs: z.number(),
})
export type CallRow = z.infer<typeof callRow>

/** The filing of a call in the CRM; null: the call has no CRM context. `none`: the call is not over yet. */
export const crmFiling = z.object({
  /** null: the filing looks for the person who has the number of this call there */
  contactId: z.string().nullable(),
  accountId: z.string().nullable(),
  state: z.enum(['none', 'pending', 'retrying', 'created', 'failed', 'nobody']),
  taskId: z.string().nullable(),
  because: z.string().nullable(),
  /** names of fields that the CRM did not take */
  leftOut: z.array(z.string()),
  /** names of fields that the CRM requires and we know nothing of */
  filledIn: z.array(z.string()),
})

/** A call with its timeline, oldest first. */
export const callDetail = z.object({
  call: callRow,
  timeline: z.array(
    z.object({
      at: z.number(),
      actor: z.string(),
      type: z.string(),
      words: z.string(),
      data: z.record(z.string(), z.unknown()),
    }),
  ),
  crm: crmFiling.nullable().optional(),
})
export type CallDetail = z.infer<typeof callDetail>

/** Whom an event may be about; a kind that is missing here does not compile, because its events could not be read. */
const SUBJECTS: { [Kind in SubjectKind]: Kind } = {
  call: 'call',
  batch: 'batch',
  campaign: 'campaign',
  contact: 'contact',
  room: 'room',
  desk: 'desk',
  queue: 'queue',
  webhook: 'webhook',
  mask: 'mask',
  ledger: 'ledger',
  report: 'report',
}

/** One event of a workspace: a fact of one of its actors. */
export const logEvent = z.object({
  /** the same for ever; whoever reads events more than once knows a repeat by it */
  id: z.string(),
  /** reading on from here gives the next event */
  cursor: z.string(),
  at: z.number(),
  type: z.string(),
  about: z.partialRecord(z.enum(SUBJECTS), z.string()),
  data: z.record(z.string(), z.unknown()),
  /** numbers, names and words of people; null: it has none, or they were erased */
  personal: z.record(z.string(), z.unknown()).nullable(),
})
export type LogEvent = z.infer<typeof logEvent>

/** GET /api/events: in order and without gaps. `next` is always a cursor; `more` says whether events wait behind it. */
export const eventPage = z.object({ items: z.array(logEvent), next: z.string(), more: z.boolean() })
export type EventPage = z.infer<typeof eventPage>

export function listOf<T extends z.ZodTypeAny>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}
export interface List<T> {
  items: T[]
  next: string | null
}
