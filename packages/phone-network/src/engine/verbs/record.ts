import type { TwimlNode } from '../../twiml/document.ts'
import { isTrue, methodOf, resolveUrl, secondsOf, targetOf } from '../attributes.ts'
import type { Recording, RecordVerb } from '../media-world.ts'
import { proceed } from '../proceed.ts'
import { recordingCallbackOf } from '../record-reading.ts'
import { startRecording, stopRecording } from '../recordings.ts'
import { openCall } from '../ringing.ts'
import { intend, later, type Turn } from '../turn.ts'
import { recordedFields } from '../webhook-fields.ts'
import { type Call, newToken } from '../world.ts'
import type { Verb } from './verb.ts'

/** `<Record>`: https://www.twilio.com/docs/voice/twiml/record */

const TIMEOUT_SECONDS = 5
const MAX_SECONDS = 3_600
const MAX_SECONDS_LIMIT = 14_400
const BEEP_MS = 500

function start(turn: Turn, call: Call, node: TwimlNode): void {
  openCall(turn, call)
  const { attributes } = node
  const transcribes = isTrue(attributes.transcribe, false) || attributes.transcribeCallback !== undefined
  const running: RecordVerb = {
    recordingSid: null,
    action: targetOf(call, attributes.action ?? '', attributes.method) ?? {
      url: resolveUrl(call, '') ?? '',
      method: methodOf(attributes.method),
    },
    finishOnKey: attributes.finishOnKey ?? '1234567890*#',
    timeoutMs: secondsOf(attributes.timeout, TIMEOUT_SECONDS, 600) * 1_000,
    maxMs: secondsOf(attributes.maxLength, MAX_SECONDS, MAX_SECONDS_LIMIT) * 1_000,
    trim: attributes.trim === 'trim-silence',
    callback: recordingCallbackOf(call, node),
    transcribe: transcribes ? targetOf(call, attributes.transcribeCallback ?? '', 'POST') : null,
    digits: '',
    token: newToken(turn.world),
    silence: 0,
  }
  call.doing = { what: 'recording', record: running }
  if (!isTrue(attributes.playBeep, true)) return begin(turn, call, running)
  intend(turn, { do: 'play-sound', callSid: call.sid, sound: 'beep', loop: false })
  later(turn, BEEP_MS, { kind: 'record.begins', callSid: call.sid, token: running.token })
}

function begin(turn: Turn, call: Call, record: RecordVerb): void {
  const request = { channels: 1 as const, track: 'inbound' as const, trim: record.trim, callback: record.callback }
  const of = { callSid: call.sid, conferenceSid: null, source: 'RecordVerb' as const }
  const recording = startRecording(turn, of, request, record.timeoutMs)
  if (recording === null) return proceed(turn, call)
  recording.transcribe = record.transcribe
  recording.afterHangUp = record.action
  // A person who is in the middle of a sentence counts as having spoken.
  recording.spoken = call.acting?.says !== null && call.acting !== null
  record.recordingSid = recording.sid
  later(turn, record.maxMs, { kind: 'record.over', callSid: call.sid, token: record.token })
  if (!recording.spoken) armSilence(turn, call, record)
}

/** Without sound the silence is counted between the sentences of the script. */
function armSilence(turn: Turn, call: Call, record: RecordVerb): void {
  record.silence = newToken(turn.world)
  if (turn.world.hears) return
  later(turn, record.timeoutMs, { kind: 'record.silent', callSid: call.sid, token: record.silence })
}

function end(turn: Turn, record: RecordVerb, digits: string): void {
  const recording = turn.world.media.recordings.get(record.recordingSid ?? '')
  if (!recording) return
  record.digits = digits
  stopRecording(turn, recording)
}

/** True: a running `<Record>` takes every key, whether or not it ends it. */
function takeKeys(turn: Turn, record: RecordVerb, digits: string): boolean {
  if (record.recordingSid === null) return false
  const key = [...digits].find(digit => record.finishOnKey.includes(digit))
  if (key !== undefined) end(turn, record, key)
  return true
}

/** The sound is kept: the action is asked, or, when nothing was said, the next verb follows. */
function kept(turn: Turn, call: Call, record: RecordVerb, recording: Recording): void {
  if (recording.status === 'absent') return proceed(turn, call)
  const fields = { ...recordedFields(turn.world, recording, recording.ms ?? 0), Digits: record.digits }
  proceed(turn, call, record.action, fields)
}

export const record: Verb = {
  start,
  input(turn, call, doing, told) {
    if (doing.what !== 'recording') return false
    const running = doing.record
    switch (told.kind) {
      case 'keys':
        return takeKeys(turn, running, told.digits)
      case 'speech.began':
        running.silence = newToken(turn.world)
        return true
      case 'speech.ended':
        if (running.recordingSid !== null) armSilence(turn, call, running)
        return true
      case 'record.begins':
        if (running.token === told.token) begin(turn, call, running)
        return true
      case 'record.over':
        if (running.token === told.token) end(turn, running, '')
        return true
      case 'record.silent':
        if (running.silence === told.token) end(turn, running, '')
        return true
      case 'recording.silent':
        // The sound itself says that nobody has spoken for long enough.
        if (running.recordingSid === told.recordingSid) end(turn, running, '')
        return true
      case 'recording.kept':
        if (running.recordingSid === told.recording.sid) kept(turn, call, running, told.recording)
        return true
      default:
        return false
    }
  },
}
