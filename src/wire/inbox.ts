/** The inbox: voicemail, missed calls, and callbacks that were asked for. */
import { z } from 'zod'
import { plainText } from './text.ts'

/** Whose entry it is: a person by their id, a queue by its id, or the workspace. */
export const boxKind = z.enum(['person', 'queue', 'workspace'])
export const entryKind = z.enum(['voicemail', 'missed', 'callback'])
export const GREETING_CHARS_MAX = 600

export const inboxEntry = z.object({
  id: z.string(),
  kind: entryKind,
  /** `name`: of the person or the queue, for people to read */
  box: z.object({ kind: boxKind, id: z.string(), name: z.string() }),
  call_id: z.string().nullable(),
  /** E.164; empty: the caller showed no number */
  number: z.string(),
  /** of the contact with this number; empty: nobody in the book has it */
  name: z.string(),
  contact_id: z.string().nullable(),
  /** length of the message in seconds; null: there is none, or the carrier does not say */
  seconds: z.number().nullable(),
  /** `due`: it is being copied; `at-carrier`: it is played from there; `lost`: the carrier never gave it */
  sound: z.enum(['none', 'due', 'kept', 'at-carrier', 'lost']),
  /** `no-provider`: nothing is set up that turns sound into words; `empty`: no words were heard */
  transcript_state: z.enum(['none', 'due', 'done', 'empty', 'no-provider', 'failed']),
  transcript: z.string(),
  /** what the caller of a callback wanted, in words */
  note: z.string(),
  tm_create: z.string(),
  tm_handled: z.string().nullable(),
  handled_by: z.string(),
})
export type InboxEntry = z.infer<typeof inboxEntry>

export const greeting = z.object({
  box: z.object({ kind: boxKind, id: z.string(), name: z.string() }),
  text: z.string(),
})
export const greetingBody = z.object({
  kind: boxKind,
  /** of a person or a queue; empty for the workspace */
  id: z.string().max(100).default(''),
  /** empty: the usual words again */
  text: plainText(GREETING_CHARS_MAX),
})
