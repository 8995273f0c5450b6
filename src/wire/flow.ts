/** Flows as the API speaks of them, in VoIPBIN's shape, with our versions beside it. Steps are checked by the core, not by a schema. */
import { z } from 'zod'
import { nameText, optionalName } from './name.ts'

const actions = z.array(z.unknown()).min(1).max(1_000)

export const flowBody = z.object({
  name: nameText(120),
  detail: optionalName(500).default(''),
  /** `[{type, option, id?, next_id?}]`; the first one begins */
  actions,
  publish: z.boolean().default(true),
})
export const flowChange = z.object({
  name: nameText(120).optional(),
  detail: optionalName(500).optional(),
  actions: actions.optional(),
  publish: z.boolean().default(true),
})

export const flowWarning = z.object({
  /** null: it is about the flow as a whole */
  stepId: z.string().nullable(),
  field: z.string().nullable(),
  message: z.string(),
})
export const flow = z.object({
  id: z.string(),
  type: z.literal('flow'),
  name: z.string(),
  detail: z.string(),
  actions: z.array(z.looseObject({ id: z.string(), type: z.string() })),
  /** the version that calls get; 0: none yet */
  version: z.number().int(),
  canary: z.object({ version: z.number().int(), percent: z.number().int() }).nullable(),
  warnings: z.array(flowWarning),
  tm_create: z.string(),
  tm_update: z.string(),
})
export type Flow = z.infer<typeof flow>

export const flowVersion = z.object({
  version: z.number().int(),
  tm_create: z.string(),
  rolledBackTo: z.number().int().nullable(),
  changes: z.array(
    z.object({
      stepId: z.string(),
      change: z.enum(['added', 'removed', 'changed', 'moved']),
      fields: z.array(z.string()),
    }),
  ),
})

/** The id of a number is the number itself. */
export const voiceNumber = z.object({
  id: z.string(),
  number: z.string(),
  name: z.string(),
  status: z.string(),
  /** what it leads to: one of these at most; all null: callers are asked for a message to the workspace */
  flow_id: z.string().nullable(),
  queue_id: z.string().nullable(),
  conference_id: z.string().nullable(),
  /** people meet behind it; it leads to nothing else until its mask is deleted */
  mask_id: z.string().nullable(),
  agent_id: z.string().nullable(),
  /** the extension whose phones at the carrier it rings */
  extension_id: z.string().nullable(),
  user_id: z.string().nullable(),
  /** the queue in which callers wait whom the person of `user_id` declines or does not answer; null: they are asked for a message */
  unanswered_queue_id: z.string().nullable(),
})
const target = z.string().min(1).max(100).nullable().optional()
export const LEAD_FIELDS = ['flow_id', 'queue_id', 'conference_id', 'agent_id', 'extension_id', 'user_id'] as const
/** Exactly one is named, or all that are given are null. `unanswered_queue_id` goes with a person, or alone with a number that rings one. */
export const numberLead = z
  .object({
    ...{ flow_id: target, queue_id: target, conference_id: target, agent_id: target },
    ...{ extension_id: target, user_id: target },
    unanswered_queue_id: target,
  })
  .superRefine((given, check) => {
    const named = LEAD_FIELDS.filter(field => given[field] != null)
    if (given.unanswered_queue_id != null && named.length > 0 && given.user_id == null)
      check.addIssue({
        code: 'custom',
        path: ['unanswered_queue_id'],
        message: `only a number that rings a person has it, and ${named[0]} is named`,
      })
    for (const field of named.slice(1))
      check.addIssue({
        code: 'custom',
        path: [field],
        message: `a number leads to one thing, and ${named[0]} is named`,
      })
    if (given.unanswered_queue_id === undefined && LEAD_FIELDS.every(field => given[field] === undefined))
      check.addIssue({ code: 'custom', path: ['flow_id'], message: `one of ${LEAD_FIELDS.join(', ')} is needed` })
  })
