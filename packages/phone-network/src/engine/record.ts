import type { TwimlNode } from '../twiml/document.ts'
import { isTrue, methodOf, secondsOf, targetOf } from './attributes.ts'
import { fetchInstructions, resolveUrl } from './instructions.ts'
import type { MediaStep } from './media-input.ts'
import type { Recording, RecordVerb } from './media-world.ts'
import { recognise } from './recogniser.ts'
import { recordingCallbackOf } from './record-reading.ts'
import { runningRecordings, startRecording, stopRecording } from './recordings.ts'
import { intend, later, soon, type Turn } from './turn.ts'
import { recordedFields } from './webhook-fields.ts'
import { type Call, newToken } from './world.ts'

/** `<Record>`: https://www.twilio.com/docs/voice/twiml/record */

const TIMEOUT_SECONDS = 5
const MAX_SECONDS = 3_600
const MAX_SECONDS_LIMIT = 14_400
const BEEP_MS = 500
const WORDS_MAX = 1_000

export function startRecord(turn: Turn, call: Call, verb: TwimlNode): void {
  const { attributes } = verb
  const transcribes = isTrue(attributes.transcribe, false) || attributes.transcribeCallback !== undefined
  const record: RecordVerb = {
    recordingSid: null,
    action: targetOf(call, attributes.action ?? '', attributes.method) ?? {
      url: resolveUrl(call, '') ?? '',
      method: methodOf(attributes.method),
    },
    finishOnKey: attributes.finishOnKey ?? '1234567890*#',
    timeoutMs: secondsOf(attributes.timeout, TIMEOUT_SECONDS, 600) * 1_000,
    maxMs: secondsOf(attributes.maxLength, MAX_SECONDS, MAX_SECONDS_LIMIT) * 1_000,
    trim: attributes.trim === 'trim-silence',
    callback: recordingCallbackOf(call, verb),
    transcribe: transcribes ? targetOf(call, attributes.transcribeCallback ?? '', 'POST') : null,
    digits: '',
    token: newToken(turn.world),
    silence: 0,
  }
  call.doing = { what: 'recording', record }
  if (!isTrue(attributes.playBeep, true)) return begin(turn, call, record)
  intend(turn, { do: 'play-sound', callSid: call.sid, sound: 'beep', loop: false })
  later(turn, BEEP_MS, { kind: 'record.begins', callSid: call.sid, token: record.token })
}

/** The `<Record>` under way, also while another document sounds. */
function recordOf(call: Call): RecordVerb | null {
  for (const run of [call, ...call.outer]) if (run.doing.what === 'recording') return run.doing.record
  return null
}

function begin(turn: Turn, call: Call, record: RecordVerb): void {
  const request = { channels: 1 as const, track: 'inbound' as const, trim: record.trim, callback: record.callback }
  const of = { callSid: call.sid, conferenceSid: null, source: 'RecordVerb' as const }
  const recording = startRecording(turn, of, request, record.timeoutMs)
  if (recording === null) {
    call.doing = { what: 'nothing' }
    return soon(turn, { kind: 'verb.due', callSid: call.sid })
  }
  recording.transcribe = record.transcribe
  recording.afterHangUp = record.action
  // Whoever speaks already is heard.
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

export function takeRecordStep(turn: Turn, call: Call, step: MediaStep): void {
  const record = recordOf(call)
  if (record === null) return
  if (step.kind === 'record.silent') {
    if (record.silence === step.token) endRecord(turn, record, '')
  } else if (record.token !== step.token) return
  else if (step.kind === 'record.begins') begin(turn, call, record)
  else endRecord(turn, record, '')
}

function endRecord(turn: Turn, record: RecordVerb, digits: string): void {
  const recording = turn.world.media.recordings.get(record.recordingSid ?? '')
  if (!recording) return
  record.digits = digits
  stopRecording(turn, recording)
}

/** Keys end it. True when a `<Record>` took them. */
export function recordDigits(turn: Turn, call: Call, digits: string): boolean {
  const record = recordOf(call)
  if (record === null || record.recordingSid === null) return false
  const key = [...digits].find(digit => record.finishOnKey.includes(digit))
  if (key !== undefined) endRecord(turn, record, key)
  return true
}

export function recordBegan(turn: Turn, call: Call): void {
  for (const recording of runningRecordings(turn, call)) recording.spoken = true
  const record = recordOf(call)
  if (record !== null) record.silence = newToken(turn.world)
}

export function recordEnded(turn: Turn, call: Call, text: string): void {
  for (const recording of runningRecordings(turn, call)) {
    if (recording.status !== 'in-progress' || recording.words.length >= WORDS_MAX) continue
    recording.words.push(recording.transcribe === null ? text : recognise(turn.world, text).text)
  }
  const record = recordOf(call)
  if (record !== null && record.recordingSid !== null) armSilence(turn, call, record)
}

/** The sound says that nobody has spoken for long enough. */
export function recordSilent(turn: Turn, recordingSid: string): void {
  const recording = turn.world.media.recordings.get(recordingSid)
  const call = recording && turn.world.calls.get(recording.callSid ?? '')
  const record = call ? recordOf(call) : null
  if (record?.recordingSid === recordingSid) endRecord(turn, record, '')
}

/** The sound is kept: on with the action, or, when nothing was said, with the next verb. */
export function recordFinished(turn: Turn, recording: Recording): void {
  const call = turn.world.calls.get(recording.callSid ?? '')
  const record = call ? recordOf(call) : null
  if (!call || record?.recordingSid !== recording.sid) return
  // Told once, here.
  call.doing = { what: 'nothing' }
  if (recording.status === 'absent') return soon(turn, { kind: 'verb.due', callSid: call.sid })
  fetchInstructions(turn, call, record.action, null, {
    ...recordedFields(turn.world, recording, recording.ms ?? 0),
    Digits: record.digits,
  })
}
