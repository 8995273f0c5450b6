/** Rows of the inbox and of voicemail. Each is at the root as well. */
import { z } from 'zod'
import { listOf } from '../api.ts'
import { entryKind, greeting, greetingBody, inboxEntry } from '../inbox.ts'
import { done, page } from './pages.ts'
import type { Rows } from './row.ts'

/** A cursor is the time and the id of the last entry. */
const entries = page.extend({
  cursor: z
    .string()
    .max(200)
    .regex(/^\d{1,15}~[\x21-\x7e]+$/, 'not a cursor of this list')
    .optional(),
  /** `all`: whether they were handled or not */
  state: z.enum(['open', 'handled', 'all']).default('all'),
  /** `mine`: one's own, those of one's queues and, for whoever leads the team, the general ones; `all`: every one that one may see */
  whose: z.enum(['mine', 'all']).default('mine'),
})
const handled = z.object({ handled: z.boolean() })

/** A person sees their own box and those of their queues; a supervisor sees all. */
export const inboxRoutes = {
  'GET /v1.0/inbox': {
    who: { role: 'agent', scope: 'voicemails:read' },
    summary:
      'Who called and reached nobody: voicemail, missed calls and callbacks that were asked for, the newest first.',
    query: entries.extend({ kind: entryKind.optional() }),
    gives: 'json',
    answer: listOf(inboxEntry),
  },
  'GET /v1.0/inbox-waiting': {
    who: { role: 'agent', scope: 'voicemails:read' },
    summary: 'How many entries of one’s own inbox nobody has handled.',
    gives: 'json',
    answer: z.object({ waiting: z.number().int() }),
  },
  'PUT /v1.0/inbox/:entryId': {
    who: { role: 'agent', scope: 'voicemails:write' },
    summary: 'Marks an entry as handled, or takes that back.',
    body: handled,
    gives: 'json',
    answer: inboxEntry,
  },
  'DELETE /v1.0/inbox/:entryId': {
    who: { role: 'agent', scope: 'voicemails:write' },
    summary:
      'Deletes an entry. For an hour it can be brought back; then its sound is deleted as well, at the carrier too.',
    gives: 'json',
    answer: done,
  },
  'POST /v1.0/inbox/:entryId/restore': {
    who: { role: 'agent', scope: 'voicemails:write' },
    summary: 'Brings a deleted entry back.',
    gives: 'json',
    answer: inboxEntry,
  },
  'GET /v1.0/voicemails': {
    who: { role: 'agent', scope: 'voicemails:read' },
    summary: 'The messages in the inbox, the newest first.',
    query: entries,
    gives: 'json',
    answer: listOf(inboxEntry),
  },
  'GET /v1.0/voicemails/:entryId': {
    who: { role: 'agent', scope: 'voicemails:read' },
    summary: 'One message: who, when, how long, for whom, and its words.',
    gives: 'json',
    answer: inboxEntry,
  },
  'GET /v1.0/voicemails/:entryId/audio': {
    who: { role: 'agent', scope: 'voicemails:read' },
    summary: 'Its sound. A part of it is given for a header `Range`.',
    gives: 'bytes',
    mediaType: 'audio/wav',
  },
  'PUT /v1.0/voicemails/:entryId': {
    who: { role: 'agent', scope: 'voicemails:write' },
    summary: 'Marks a message as handled, or takes that back.',
    body: handled,
    gives: 'json',
    answer: inboxEntry,
  },
  'DELETE /v1.0/voicemails/:entryId': {
    who: { role: 'agent', scope: 'voicemails:write' },
    summary: 'Deletes a message. For an hour it can be brought back.',
    gives: 'json',
    answer: done,
  },
  'GET /v1.0/voicemail-greetings': {
    who: { role: 'agent', scope: 'voicemails:read' },
    summary: 'The words that callers hear before the tone, where a box has its own.',
    gives: 'json',
    answer: listOf(greeting),
  },
  'PUT /v1.0/voicemail-greetings': {
    who: { role: 'agent', scope: 'voicemails:write' },
    summary:
      'Sets the greeting of a box: one’s own, or, for whoever leads the team, that of anybody, a queue or the workspace.',
    body: greetingBody,
    gives: 'json',
    answer: greeting,
  },
} as const satisfies Rows
