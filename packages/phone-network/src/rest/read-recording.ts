import type { RecordRequest } from '../engine/media-world.ts'
import { isRecordingTrack } from '../engine/record-reading.ts'
import { type Form, one } from './form.ts'
import { readCallback } from './read-callback.ts'
import { badParameter } from './rest-error.ts'

/** Reading how a call, a participant or a conference is to be recorded. */

export const RECORDING_EVENTS = ['in-progress', 'completed', 'absent']

/** The recording that a request asks for. Throws for a value that Twilio does not have. */
export function readRecordRequest(form: Form, prefix = ''): RecordRequest {
  const channels = one(form, `${prefix}RecordingChannels`) ?? 'mono'
  if (channels !== 'mono' && channels !== 'dual') throw badParameter('RecordingChannels', 'must be mono or dual')
  const track = one(form, `${prefix}RecordingTrack`) ?? 'both'
  if (!isRecordingTrack(track)) throw badParameter('RecordingTrack', 'must be inbound, outbound or both')
  return {
    channels: channels === 'dual' ? 2 : 1,
    track,
    trim: one(form, `${prefix}Trim`) === 'trim-silence',
    callback: readCallback(form, `${prefix}RecordingStatusCallback`, RECORDING_EVENTS),
  }
}
