import type { TwimlNode } from '../twiml/document.ts'
import { targetOf } from './attributes.ts'
import type { RecordingTrack, RecordRequest } from './media-world.ts'
import type { Call, CallbackTarget } from './world.ts'

/** Reading which audio is to be recorded, and who is told of it. */

const EVENTS = ['in-progress', 'completed', 'absent']

/** `recordingStatusCallback`, its method and its events. */
export function recordingCallbackOf(call: Call, node: TwimlNode): CallbackTarget | null {
  const { recordingStatusCallback, recordingStatusCallbackMethod, recordingStatusCallbackEvent } = node.attributes
  const target = targetOf(call, recordingStatusCallback, recordingStatusCallbackMethod)
  if (target === null) return null
  const events = (recordingStatusCallbackEvent ?? 'completed').split(/[\s,]+/).filter(event => EVENTS.includes(event))
  return { ...target, events: events.length > 0 ? events : ['completed'] }
}

export function isRecordingTrack(text: string): text is RecordingTrack {
  return text === 'inbound' || text === 'outbound' || text === 'both'
}

/** `trim`, `recordingTrack` or `track`, and the callback; `dual` decides the channels. */
export function recordRequestOf(call: Call, node: TwimlNode, dual: boolean): RecordRequest {
  const track = node.attributes.recordingTrack ?? node.attributes.track ?? 'both'
  return {
    channels: dual ? 2 : 1,
    track: isRecordingTrack(track) ? track : 'both',
    trim: node.attributes.trim === 'trim-silence',
    callback: recordingCallbackOf(call, node),
  }
}

/** `record` of a `<Dial>`: https://www.twilio.com/docs/voice/twiml/dial#record */
export function readDialRecord(
  call: Call,
  verb: TwimlNode,
): { record: RecordRequest | null; recordFromRinging: boolean; recordingSid: null } {
  const mode = /^record-from-(answer|ringing)(-dual)?$/.exec(verb.attributes.record ?? '')
  // `true` is the older value for record-from-answer.
  const old = verb.attributes.record === 'true'
  const record = mode || old ? recordRequestOf(call, verb, mode?.[2] !== undefined) : null
  return { record, recordFromRinging: mode?.[1] === 'ringing', recordingSid: null }
}

/** `record` of a `<Conference>`. */
export function readConferenceRecord(call: Call, noun: TwimlNode): RecordRequest | null {
  const mode = noun.attributes.record ?? ''
  if (mode !== 'record-from-start' && mode !== 'true') return null
  const request = recordRequestOf(call, noun, false)
  // A conference recording is trimmed by default: https://www.twilio.com/docs/voice/twiml/conference#attributes-trim
  return { ...request, track: 'both', trim: noun.attributes.trim !== 'do-not-trim' }
}
