/** Conferences by name as the API speaks of them: VoIPBIN's shape, with our settings beside it. */
import { z } from 'zod'
import { RECORD_NOTICE } from '../core/room/recording.ts'
import { PARTICIPANTS_MAX } from '../core/room/state.ts'
import { nameText, optionalName } from './name.ts'
import { plainText } from './text.ts'

const pin = z.string().regex(/^([0-9]{4,12})?$/, '4 to 12 digits, or empty for none')
const settings = {
  name: nameText(120).refine(name => !/^w_[A-Za-z0-9]{1,32}\./.test(name), 'looks like an id'),
  detail: optionalName(500),
  /** whom those who are in wait for, with music */
  waits_for: z.enum(['nobody', 'second', 'moderator']),
  max_participants: z.number().int().min(2).max(PARTICIPANTS_MAX),
  muted_on_entry: z.boolean(),
  /** a tone tells of everybody who comes or goes */
  announce_joins: z.boolean(),
  /** with the last moderator everybody leaves */
  ends_with_moderator: z.boolean(),
  /** nobody but a moderator is let in */
  locked: z.boolean(),
  /** everybody is recorded in one file, from the moment when two are in until the end */
  record: z.boolean(),
  /** said to whoever comes into a conference that is recorded; empty: nothing is */
  record_notice: plainText(300),
  /** a flow that begins when a recording of it is there; empty: none does */
  on_end_flow_id: z.string().max(100),
}
export const conferenceBody = z.object({
  type: z.literal('conference').default('conference'),
  name: settings.name,
  detail: settings.detail.default(''),
  waits_for: settings.waits_for.default('nobody'),
  max_participants: settings.max_participants.default(PARTICIPANTS_MAX),
  muted_on_entry: settings.muted_on_entry.default(false),
  announce_joins: settings.announce_joins.default(false),
  ends_with_moderator: settings.ends_with_moderator.default(false),
  locked: settings.locked.default(false),
  record: settings.record.default(false),
  record_notice: settings.record_notice.default(RECORD_NOTICE),
  on_end_flow_id: settings.on_end_flow_id.default(''),
  /** keyed by whoever comes in; empty: nobody is asked */
  pin: pin.default(''),
  /** makes whoever keys it a moderator */
  moderator_pin: pin.default(''),
})
/** What is not named stays. */
export const conferenceChange = z.object({ ...settings, pin, moderator_pin: pin }).partial()

export const conference = z.object({
  id: z.string(),
  type: z.literal('conference'),
  /** `starting`: nobody is in it */
  status: z.enum(['starting', 'progressing']),
  ...settings,
  /** the PINs themselves are shown to nobody */
  has_pin: z.boolean(),
  has_moderator_pin: z.boolean(),
  /** of the recording that runs; null: none does */
  recording_id: z.string().nullable(),
  conferencecall_ids: z.array(z.string()),
  /** our numbers that lead straight to it; a flow of another number may join it as well */
  numbers: z.array(z.string()),
  tm_create: z.string(),
  tm_update: z.string(),
})
export type Conference = z.infer<typeof conference>
export const conferenceSummary = conference.omit({
  status: true,
  recording_id: true,
  conferencecall_ids: true,
  numbers: true,
})
export type ConferenceSummary = z.infer<typeof conferenceSummary>

export const conferenceCall = z.object({
  id: z.string(),
  conference_id: z.string(),
  reference_type: z.literal('call'),
  reference_id: z.string(),
  /** `joining`: keys the PIN, or is on the way into the room */
  status: z.enum(['joining', 'joined', 'leaving']),
  role: z.enum(['participant', 'moderator']),
  muted: z.boolean(),
  held: z.boolean(),
  /** the carrier records what they say and hear */
  recording: z.boolean(),
  /** whom the call is with, and their number as people of that country write it; empty: unknown, withheld, or not for whoever asks */
  name: z.string(),
  number: z.string(),
  /** null: not in the room yet */
  tm_join: z.string().nullable(),
})
export type ConferenceCall = z.infer<typeof conferenceCall>

/** The conference that an agent is in by a call of their own to one of its numbers. */
export const ownConference = z.object({ conference_id: z.string().nullable() })
