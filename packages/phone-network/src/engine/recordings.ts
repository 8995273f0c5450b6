import type { RecordingInput } from './media-input.ts'
import {
  RECORDINGS_KEPT_MAX,
  RECORDINGS_LIVE_MAX,
  type Recording,
  type RecordRequest,
  TRANSCRIPTS_KEPT_MAX,
} from './media-world.ts'
import { recognise } from './recogniser.ts'
import { rfc2822 } from './rfc2822.ts'
import { alert, fact, intend, type Turn } from './turn.ts'
import { callFields, recordedFields, recordingUrl, voiceFields } from './webhook-fields.ts'
import { type Call, type Conference, type Dial, isLive, newSid, type Target } from './world.ts'

/** Recordings: https://www.twilio.com/docs/voice/api/recording */

const WORDS_MAX = 1_000

type Of = Pick<Recording, 'callSid' | 'conferenceSid' | 'source'>

function isRunning(recording: Recording): boolean {
  return recording.status === 'in-progress' || recording.status === 'paused'
}

/** Null when there are too many; the log says so. */
export function startRecording(
  turn: Turn,
  of: Of,
  request: RecordRequest,
  silenceMs: number | null = null,
): Recording | null {
  const { recordings } = turn.world.media
  if ([...recordings.values()].filter(isRunning).length >= RECORDINGS_LIVE_MAX) {
    alert(turn, null, 0, `more than ${RECORDINGS_LIVE_MAX} recordings at a time; this one was not made`)
    return null
  }
  forgetOldest(turn)
  const recording: Recording = {
    ...of,
    ...request,
    sid: newSid(turn.world, 'RE'),
    status: 'in-progress',
    createdAt: turn.at,
    updatedAt: turn.at,
    startedAt: turn.at,
    pausedAt: null,
    skippedMs: 0,
    skips: false,
    ms: null,
    spoken: false,
    words: [],
    transcribe: null,
    afterHangUp: null,
  }
  recordings.set(recording.sid, recording)
  const { sid: recordingSid, callSid, conferenceSid, channels, track, source } = recording
  intend(turn, { do: 'record-start', recordingSid, callSid, conferenceSid, channels, track, silenceMs })
  fact(turn, { kind: 'recording-started', callSid, recordingSid, source })
  tell(turn, recording, 'in-progress')
  return recording
}

function forgetOldest(turn: Turn): void {
  const { recordings } = turn.world.media
  if (recordings.size < RECORDINGS_KEPT_MAX) return
  const oldest = [...recordings.values()].find(recording => recording.ms !== null)
  if (!oldest) return
  recordings.delete(oldest.sid)
  intend(turn, { do: 'record-forget', recordingSid: oldest.sid })
}

function tell(turn: Turn, recording: Recording, status: 'in-progress' | 'completed' | 'absent'): void {
  const { callback, callSid, conferenceSid } = recording
  if (callback === null || !callback.events.includes(status)) return
  intend(turn, {
    do: 'notify',
    webhook: 'recording',
    lane: `recording ${recording.sid}`,
    callSid,
    target: { url: callback.url, method: callback.method },
    fields: {
      AccountSid: turn.world.account.accountSid,
      ...(callSid === null ? {} : { CallSid: callSid }),
      ...(conferenceSid === null ? {} : { ConferenceSid: conferenceSid }),
      RecordingSid: recording.sid,
      RecordingUrl: recordingUrl(turn.world, recording),
      RecordingStatus: status,
      ...(recording.ms === null ? {} : { RecordingDuration: String(Math.round(recording.ms / 1_000)) }),
      RecordingChannels: String(recording.channels),
      RecordingStartTime: rfc2822(recording.startedAt),
      RecordingSource: recording.source,
      RecordingTrack: recording.track,
      ErrorCode: '0',
    },
  })
}

/** Length until now, without paused time that is left out. */
export function recordedMs(turn: Turn, recording: Recording): number {
  if (recording.ms !== null) return recording.ms
  const until = recording.pausedAt !== null && recording.skips ? recording.pausedAt : turn.at
  return Math.max(0, until - recording.startedAt - recording.skippedMs)
}

export function stopRecording(turn: Turn, recording: Recording): void {
  if (!isRunning(recording)) return
  const ms = recordedMs(turn, recording)
  recording.status = 'processing'
  recording.updatedAt = turn.at
  intend(turn, { do: 'record-stop', recordingSid: recording.sid, ms, trim: recording.trim })
}

export function runningRecordings(turn: Turn, call: Call): Recording[] {
  return [...turn.world.media.recordings.values()].filter(
    recording => recording.callSid === call.sid && isRunning(recording),
  )
}

/** A person at the far end begins to speak. */
export function recordingsHear(turn: Turn, call: Call): void {
  for (const recording of runningRecordings(turn, call)) recording.spoken = true
}

/** The words of a sentence are kept for a transcript, misheard when the recording is to be transcribed. */
export function recordingsHeard(turn: Turn, call: Call, text: string): void {
  for (const recording of runningRecordings(turn, call)) {
    if (recording.status !== 'in-progress' || recording.words.length >= WORDS_MAX) continue
    recording.words.push(recording.transcribe === null ? text : recognise(turn.world, text).text)
  }
}

/** Stop the recordings that belong to a verb, or all of them when the call ends. */
export function stopRecordings(turn: Turn, call: Call, all: boolean): void {
  for (const recording of runningRecordings(turn, call)) {
    if (all || recording.source === 'DialVerb' || recording.source === 'RecordVerb') stopRecording(turn, recording)
  }
}

/** `Record=true` of a create. */
export function recordFromAnswer(turn: Turn, call: Call): void {
  if (call.record === null) return
  startRecording(turn, { callSid: call.sid, conferenceSid: null, source: 'OutboundAPI' }, call.record)
}

export function recordDial(turn: Turn, call: Call, dial: Dial): void {
  if (dial.record === null || dial.recordingSid !== null) return
  const of: Of = { callSid: call.sid, conferenceSid: null, source: 'DialVerb' }
  dial.recordingSid = startRecording(turn, of, dial.record)?.sid ?? null
}

/** Stop the recording of a `<Dial>` and return its fields for the `<Dial>`'s action. */
export function stopDialRecording(turn: Turn, dial: Dial): Record<string, string> {
  const recording = turn.world.media.recordings.get(dial.recordingSid ?? '')
  if (!recording) return {}
  const ms = recordedMs(turn, recording)
  stopRecording(turn, recording)
  return recordedFields(turn.world, recording, ms)
}

export function recordConference(turn: Turn, conference: Conference): void {
  if (conference.record === null) return
  startRecording(turn, { callSid: null, conferenceSid: conference.sid, source: 'Conference' }, conference.record)
}

export function stopConferenceRecordings(turn: Turn, conference: Conference): void {
  for (const recording of turn.world.media.recordings.values()) {
    if (recording.conferenceSid === conference.sid) stopRecording(turn, recording)
  }
}

function change(turn: Turn, recording: Recording, to: 'paused' | 'in-progress' | 'stopped', skips: boolean): void {
  if (to === 'stopped') return stopRecording(turn, recording)
  if (!isRunning(recording) || recording.status === to) return
  recording.status = to
  recording.updatedAt = turn.at
  if (to === 'paused') {
    recording.pausedAt = turn.at
    recording.skips = skips
    return intend(turn, { do: 'record-pause', recordingSid: recording.sid, skips })
  }
  if (recording.skips) recording.skippedMs += turn.at - (recording.pausedAt ?? turn.at)
  recording.pausedAt = null
  intend(turn, { do: 'record-resume', recordingSid: recording.sid })
}

/** Returns a recording that has just been finished, for the `<Record>` that waits for it. */
export function takeRecordingInput(turn: Turn, input: RecordingInput): Recording | null {
  const { media, calls } = turn.world
  if (input.kind === 'recording.requested') {
    const call = calls.get(input.ownerSid)
    const of: Of = { callSid: input.ownerSid, conferenceSid: null, source: 'StartCallRecordingAPI' }
    if (call && isLive(call)) startRecording(turn, of, input.request)
    return null
  }
  if (input.kind === 'transcript.removed') media.transcripts.delete(input.transcriptSid)
  const recording = media.recordings.get(input.recordingSid)
  if (!recording) return null
  if (input.kind === 'recording.changed') change(turn, recording, input.to, input.skips)
  if (input.kind === 'recording.removed') {
    stopRecording(turn, recording)
    media.recordings.delete(recording.sid)
    intend(turn, { do: 'record-forget', recordingSid: recording.sid })
  }
  if (input.kind !== 'recording.finished' || recording.status !== 'processing') return null
  finish(turn, recording, input.ms, input.heard ?? recording.spoken)
  return recording
}

function finish(turn: Turn, recording: Recording, ms: number, heard: boolean): void {
  const empty = ms <= 0 || (recording.source === 'RecordVerb' && !heard)
  recording.ms = empty ? 0 : ms
  recording.status = empty ? 'absent' : 'completed'
  recording.updatedAt = turn.at
  const { callSid, sid: recordingSid, status } = recording
  fact(turn, { kind: 'recording-ended', callSid, recordingSid, ms: recording.ms, status })
  tell(turn, recording, recording.status)
  const call = callSid === null ? undefined : turn.world.calls.get(callSid)
  if (!call) return
  if (recording.transcribe !== null && !empty) transcribed(turn, call, recording, recording.transcribe)
  if (recording.afterHangUp === null || isLive(call)) return
  const fields = { ...voiceFields(turn.world, call), ...recordedFields(turn.world, recording, recording.ms) }
  const lane = `recording ${recordingSid}`
  const target = recording.afterHangUp
  intend(turn, {
    do: 'notify',
    webhook: 'voice',
    lane,
    callSid: call.sid,
    target,
    fields: { ...fields, Digits: 'hangup' },
  })
}

/** https://www.twilio.com/docs/voice/twiml/record#attributes-transcribe-callback */
function transcribed(turn: Turn, call: Call, recording: Recording, target: Target): void {
  const sid = newSid(turn.world, 'TR')
  const { accountSid } = turn.world.account
  const words = recording.words.join(' ')
  const { transcripts } = turn.world.media
  const [oldest] = transcripts.keys()
  if (transcripts.size >= TRANSCRIPTS_KEPT_MAX && oldest !== undefined) transcripts.delete(oldest)
  const ms = recording.ms ?? 0
  transcripts.set(sid, { sid, recordingSid: recording.sid, text: words, ms, createdAt: turn.at })
  intend(turn, {
    do: 'notify',
    webhook: 'transcription',
    lane: `recording ${recording.sid}`,
    callSid: call.sid,
    target,
    fields: {
      ...callFields(turn.world, call),
      TranscriptionSid: sid,
      TranscriptionType: 'fast',
      TranscriptionStatus: words === '' ? 'failed' : 'completed',
      TranscriptionText: words,
      TranscriptionUrl: `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Transcriptions/${sid}`,
      RecordingSid: recording.sid,
      RecordingUrl: recordingUrl(turn.world, recording),
    },
  })
}
