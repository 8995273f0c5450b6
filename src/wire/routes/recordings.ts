/** Rows of recordings. Each is at the root as well. */
import { z } from 'zod'
import { listOf } from '../api.ts'
import { recording, recordingFlow, recordingPeaks, recordingTranscript } from '../recording.ts'
import { done, page } from './pages.ts'
import type { Rows } from './row.ts'

/** A cursor is the time and the id of the last row. */
const recordings = page.extend({
  cursor: z
    .string()
    .max(210)
    .regex(/^\d{1,15}~[A-Za-z0-9._~-]{1,190}$/, 'not a cursor of this list')
    .optional(),
  call_id: z.string().max(200).optional(),
  /** of a call, or of a conference */
  reference_id: z.string().max(200).optional(),
  /** absent: all */
  type: z.enum(['call', 'conference', 'voicemail']).optional(),
  /** `true`: with those whose sound is deleted */
  expired: z.enum(['true', 'false']).default('false'),
})
/** BCP-47, as a language and a country */
const languageTag = z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'a language as en-US')
const signature = z.object({
  /** seconds since 1970 */
  exp: z.string().regex(/^\d{1,12}$/, 'not a time'),
  sig: z.string().regex(/^[0-9a-f]{48}$/, 'not a signature'),
  mix: z.enum(['mono']).optional(),
})

/** An agent has the recordings of their own calls; a supervisor has all. */
export const recordingRoutes = {
  'GET /v1.0/recordings': {
    who: { role: 'agent', scope: 'recordings:read' },
    summary:
      'Recordings of calls and conferences, and messages of callers, the newest first. An agent sees those of their own calls, and the messages of their boxes. A key needs the scope voicemails:read for messages.',
    query: recordings,
    gives: 'json',
    answer: listOf(recording),
  },
  'GET /v1.0/recordings/:recordingId': {
    who: { role: 'agent', scope: 'recordings:read' },
    summary: 'One recording, with an address of its sound for an hour as soon as it is there.',
    gives: 'json',
    answer: recording,
  },
  'GET /v1.0/recordings/:recordingId/peaks': {
    who: { role: 'agent', scope: 'recordings:read' },
    summary: 'How loud it is from its beginning to its end, for a picture: 600 pieces for each channel.',
    gives: 'json',
    answer: recordingPeaks,
  },
  'GET /v1.0/recordings/:recordingId/transcript': {
    who: { role: 'agent', scope: 'recordings:read' },
    summary:
      'What was said in a recording, line by line, with its time; while it is being written down, what there is so far.',
    gives: 'json',
    answer: recordingTranscript,
  },
  'POST /v1.0/recordings/:recordingId/transcribe': {
    who: { role: 'agent', scope: 'recordings:write' },
    summary:
      'Has a recording written down, each side for itself. Asked twice, it is done once; one that has failed goes on where it was.',
    body: z.strictObject({ language: languageTag.optional() }).default({}),
    gives: 'json',
    answer: recordingTranscript,
  },
  'GET /v1.0/recordings/:recordingId/flow': {
    who: { role: 'agent', scope: 'recordings:read' },
    summary: 'The flow that has begun with this recording (`on_end_flow_id`), step by step.',
    gives: 'json',
    answer: recordingFlow,
  },
  'PUT /v1.0/recordings/:recordingId': {
    who: { role: 'supervisor', scope: 'recordings:write' },
    summary: 'Sets or lifts the legal hold: a held recording is kept whatever its age, and cannot be deleted.',
    body: z.object({ legal_hold: z.boolean() }),
    gives: 'json',
    answer: recording,
  },
  'DELETE /v1.0/recordings/:recordingId': {
    who: { role: 'supervisor', scope: 'recordings:write' },
    summary: 'Deletes its sound now, at the carrier as well.',
    gives: 'json',
    answer: done,
  },
  'GET /v1.0/recording-files/:workspaceId/:recordingId': {
    who: 'anyone',
    summary:
      'The sound of a recording, for whoever has a signed address of it. A part of it is given for a header `Range`; 403 after its time.',
    query: signature,
    gives: 'bytes',
    mediaType: 'audio/wav',
  },
} as const satisfies Rows
