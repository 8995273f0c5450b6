/** Recordings of calls and conferences as a resource. */
import { z } from 'zod'
import { RECORDING_STATUSES } from '../core/recording/life.ts'
import { TRANSCRIPT_STATUSES } from '../core/recording/transcript.ts'

export const recording = z.object({
  id: z.string(),
  /** `voicemail`: a message of the inbox, which keeps and deletes it by its own rules */
  type: z.enum(['call', 'conference', 'voicemail']),
  /** empty: it is of a conference */
  call_id: z.string(),
  /** what was recorded: a call, or a conference with everybody who was in it */
  reference_type: z.enum(['call', 'conference']),
  reference_id: z.string(),
  /**
   * `initiating`: the carrier is asked to record; `processing`: the carrier records, or makes the file; `uploading`: it is being copied; `available`: it can be heard; `expired`: its sound is deleted;
   * `absent`: the carrier heard nothing; `failed`: the carrier has not given it
   */
  status: z.enum(RECORDING_STATUSES),
  seconds: z.number().nullable(),
  /** `audio/wav` or `audio/mpeg`; null: it is not stored yet */
  media_type: z.string().nullable(),
  bytes: z.number().nullable(),
  /** of the stored file, lower-case hex */
  sha256: z.string().nullable(),
  /** two: each side has its own */
  channels: z.number().nullable(),
  /** it is kept whatever its age, and cannot be deleted */
  legal_hold: z.boolean(),
  held_by: z.string(),
  tm_create: z.string(),
  /** when it will be deleted; null: it is held, or gone */
  tm_expire: z.string().nullable(),
  tm_delete: z.string().nullable(),
  /** empty: it is not deleted; `days`: its days were over; `deleted`: somebody has deleted it */
  deleted_because: z.enum(['', 'days', 'deleted']),
  /** the sound, for whoever has this address, for an hour; absent until it is there. Each answer has another one */
  url: z.string().optional(),
  /** both sides mixed to one channel, as WAV; absent unless the stored file is WAV with two */
  url_mono: z.string().optional(),
})
export type Recording = z.infer<typeof recording>

export const recordingPeaks = z.object({
  /** for each channel, the loudest sample of each piece of the recording, 0 (digital silence) to 255 */
  channels: z.array(z.array(z.number().int())),
})

export const recordingTranscript = z.object({
  /** `none`: nobody has asked for one; `waiting`: for the sound, or for its turn; `progressing`: lines come; `failed`: it may be asked for again */
  status: z.enum(['none', ...TRANSCRIPT_STATUSES]),
  /** BCP-47; empty: there is none */
  language: z.string(),
  /** its end is missing, because it was too long */
  cut: z.boolean(),
  /** what was said, by time */
  lines: z.array(
    z.object({
      /** the channel of the recording, counted from 1 */
      side: z.number().int(),
      /** ms of the recording */
      start_ms: z.number().int(),
      end_ms: z.number().int(),
      text: z.string(),
    }),
  ),
})
export type RecordingTranscript = z.infer<typeof recordingTranscript>

export const recordingFlow = z.object({
  flow_id: z.string(),
  /** `none`: none is to begin, or the recording is not there yet; `waiting`: it begins in a moment */
  status: z.enum(['none', 'waiting', 'running', 'ended']),
  /** empty: it runs; `finished`, `stopped`, `failed`, `too-many-steps` */
  end_reason: z.string(),
  /** of a flow that has failed: the step, and why */
  because: z.string(),
  /** the first 200 that are over */
  steps: z.array(z.object({ step_id: z.string(), type: z.string(), result: z.string(), tm: z.string() })),
})
export type RecordingFlow = z.infer<typeof recordingFlow>

export type { RecordingFormat, RecordingSettings, TranscriptRule } from '../core/recording/policy.ts'
