/** An AI agent as data: its prompt, its voice, its tools. Each save makes a new version. */
import { z } from 'zod'
import { toE164 } from './phone-number.ts'

export const PROMPT_CHARS_MAX = 20_000
export const SENTENCE_CHARS_MAX = 600
export const VERSIONS_SHOWN_MAX = 50

const sentence = z.string().trim().max(SENTENCE_CHARS_MAX)
/** `{firstName}` in prompts and openings; filled in from the contact and from `set_variable` */
export const VARIABLE = /\{([A-Za-z][A-Za-z0-9_]{0,31})\}/g

export const TOOL_NAMES = [
  'transfer_call',
  'end_call',
  'send_dtmf',
  'leave_voicemail',
  'opt_out',
  'book_callback',
  'lookup_contact',
  'set_variable',
] as const
export type ToolName = (typeof TOOL_NAMES)[number]

/** A destination that a call may be transferred to. The model knows its `name` only, never the number or user behind it. */
export const directoryEntry = z
  .object({
    name: z.string().trim().min(1).max(40),
    kind: z.enum(['desk', 'number']),
    /** an agent's user id, or a number with its country code; whether it may be called is asked at each transfer */
    target: z.string().trim().min(1).max(80),
    description: z.string().trim().max(200).default(''),
  })
  .refine(({ kind, target }) => kind !== 'number' || toE164(target) !== null, {
    error: 'not a phone number that can be dialled',
    path: ['target'],
  })

export const httpTool = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]{1,40}$/, 'small letters, digits and _'),
  description: z.string().trim().min(1).max(600),
  method: z.enum(['GET', 'POST']),
  url: z.url({ protocol: /^https$/ }).max(500),
  /** JSON Schema of the object that the model may send */
  input: z.record(z.string(), z.unknown()),
  /** a secret that is never shown again and never given to the model */
  secretHeaders: z.record(z.string().regex(/^[A-Za-z0-9-]{1,60}$/), z.string().max(2_000)).default({}),
})

/** BCP-47 */
export const languageTag = z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'a language as en or en-US')

export const aiAgentBody = z.object({
  name: z.string().trim().min(1).max(60),
  prompt: z.string().trim().min(1).max(PROMPT_CHARS_MAX),
  opening: sentence.default(''),
  openingUninterruptible: z.boolean().default(false),
  language: languageTag.default('en-US'),
  /** the provider's name of a voice; empty: its default */
  voice: z.string().trim().max(80).default(''),
  /** `relay`: the carrier hears and speaks; `stream`: our own providers do; `realtime`: one model hears, thinks and speaks */
  driver: z.enum(['stream', 'relay', 'realtime']).default('stream'),
  /** the language provider's name of a model; empty: the installation's */
  model: z.string().trim().max(120).default(''),
  hints: z.array(z.string().trim().min(1).max(60)).max(100).default([]),
  /** codes, conditions and names that the prompt needs and that are never said aloud */
  neverSay: z.array(z.string().trim().min(2).max(120)).max(50).default([]),
  tools: z.array(z.enum(TOOL_NAMES)).default(['end_call', 'opt_out']),
  httpTools: z.array(httpTool).max(10).default([]),
  directory: z.array(directoryEntry).max(30).default([]),
  limits: z
    .object({
      durationSeconds: z.number().int().min(10).max(7_200).default(900),
      costCents: z.number().int().min(1).max(10_000).default(500),
    })
    .default({ durationSeconds: 900, costCents: 500 }),
  /** on calls that it makes: detects who answers, and leaves this message on a machine (empty: it hangs up) */
  answering: z
    .object({ detect: z.boolean().default(true), voicemail: sentence.default('') })
    .default({ detect: true, voicemail: '' }),
  /** the contact of the CRM that a trial from a desk is made as; empty: a trial has no record */
  trialContactId: z.string().trim().max(80).default(''),
  /** records both sides of its calls */
  record: z.boolean().default(true),
  /** ms of silence after which the caller has finished; null: the installation's, or by the words */
  turnSilenceMs: z.number().int().min(200).max(5_000).nullable().default(null),
  silenceSeconds: z.number().min(3).max(60).default(12),
  phrases: z
    .object({ wait: sentence, stillThere: sentence, goodbye: sentence, apology: sentence, timeUp: sentence })
    .partial()
    .default({}),
})
export type AiAgentBody = z.infer<typeof aiAgentBody>

export const aiAgent = z.object({
  agentId: z.string(),
  version: z.number().int(),
  savedMs: z.number(),
  savedBy: z.string(),
  /** our numbers that this agent answers */
  numbers: z.array(z.string()),
  body: aiAgentBody,
})
export type AiAgent = z.infer<typeof aiAgent>

/** The part of an agent that a call keeps (core/call/talk). */
export function talkOrderOf({ agentId, version, body }: AiAgent) {
  return { agentId, version, record: body.record, driver: body.driver, language: body.language }
}

/** Names of the paths that differ between two versions. */
export function changedPaths(before: unknown, after: unknown, path = ''): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  const nested = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!nested(before) || !nested(after)) return [path]
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return keys.flatMap(key => changedPaths(before[key], after[key], path === '' ? key : `${path}.${key}`))
}
