import type { TwimlNode } from '../twiml/document.ts'
import { targetOf } from './attributes.ts'
import { fetchInstructions } from './instructions.ts'
import type { MediaInput } from './media-input.ts'
import { recordFinished, recordSilent } from './record.ts'
import { recordRequestOf } from './record-reading.ts'
import { runningRecordings, startRecording, stopRecording, stopRecordings, takeRecordingInput } from './recordings.ts'
import { closeRelay, openRelay, takeRelayInput } from './relay.ts'
import { leaveAll } from './runs.ts'
import { findStream, openStream, stopStream, stopStreams, streamOfNoun, takeStreamInput } from './streams.ts'
import {
  findTranscription,
  liveTranscriptions,
  stopTranscription,
  stopTranscriptions,
  takeTranscriptionInput,
  transcriptionOfNoun,
} from './transcription.ts'
import { alert, soon, type Turn } from './turn.ts'
import { type Call, isLive, type Target } from './world.ts'

/** `<Connect>`, which a program speaks through until it is over; `<Start>` and `<Stop>`, which go on at once. */

export function startConnect(turn: Turn, call: Call, verb: TwimlNode): void {
  const action = targetOf(call, verb.attributes.action, verb.attributes.method)
  const noun = verb.children[0]
  if (noun?.name === 'Stream') {
    const stream = streamOfNoun(turn, call, noun, true)
    if (stream === null) return connectOver(turn, call, action)
    call.doing = { what: 'connected', sid: stream.sid, action }
    return
  }
  if (noun?.name === 'ConversationRelay') {
    const relay = openRelay(turn, call, noun, action)
    if (relay === null) return connectOver(turn, call, action, { SessionStatus: 'failed' })
    call.doing = { what: 'connected', sid: relay.sid, action }
    return
  }
  // What it cannot perform has been said when the document came.
  soon(turn, { kind: 'verb.due', callSid: call.sid })
}

/** The program has left: on with the `action`, or the next verb. */
export function connectOver(turn: Turn, call: Call, action: Target | null, fields: Record<string, string> = {}): void {
  leaveAll(call)
  call.doing = { what: 'nothing' }
  if (action === null) soon(turn, { kind: 'verb.due', callSid: call.sid })
  else fetchInstructions(turn, call, action, null, fields)
}

export function startForks(turn: Turn, call: Call, verb: TwimlNode): void {
  for (const noun of verb.children) {
    if (noun.name === 'Stream') streamOfNoun(turn, call, noun, false)
    else if (noun.name === 'Transcription') transcriptionOfNoun(turn, call, noun)
    else if (noun.name === 'Recording') {
      const of = { callSid: call.sid, conferenceSid: null, source: 'StartCallRecordingTwiML' as const }
      startRecording(turn, of, recordRequestOf(call, noun, noun.attributes.channels === 'dual'))
    }
  }
  soon(turn, { kind: 'verb.due', callSid: call.sid })
}

export function stopForks(turn: Turn, call: Call, verb: TwimlNode): void {
  for (const noun of verb.children) {
    const name = noun.attributes.name ?? ''
    if (noun.name === 'Transcription') {
      const running = name === '' ? liveTranscriptions(turn, call)[0] : findTranscription(turn, call, name)
      if (running) stopTranscription(turn, running)
    }
    if (noun.name === 'Recording') {
      const started = runningRecordings(turn, call).findLast(({ source }) => source === 'StartCallRecordingTwiML')
      if (started) stopRecording(turn, started)
    }
    if (noun.name === 'Stream') {
      const stream = findStream(turn, call, name)
      if (stream) stopStream(turn, stream)
      else alert(turn, call, 0, `<Stop><Stream>: no stream is called "${name}"`)
    }
  }
  soon(turn, { kind: 'verb.due', callSid: call.sid })
}

/** The call ends: so does everything that hears it. */
export function stopMedia(turn: Turn, call: Call): void {
  stopRecordings(turn, call, true)
  closeRelay(turn, call, true)
  stopTranscriptions(turn, call)
  stopStreams(turn, call)
}

/** Other TwiML comes: what was connected is over, what was only started goes on. */
export function disconnect(turn: Turn, call: Call): void {
  stopRecordings(turn, call, false)
  closeRelay(turn, call, false)
  const connected = connectedOf(call)
  const stream = connected === null ? undefined : turn.world.media.streams.get(connected.sid)
  if (stream) stopStream(turn, stream)
}

export function connectedOf(call: Call): { sid: string; action: Target | null } | null {
  for (const run of [call, ...call.outer]) if (run.doing.what === 'connected') return run.doing
  return null
}

export function takeMediaInput(turn: Turn, input: MediaInput): void {
  switch (input.kind) {
    case 'media.alerted':
      return alert(turn, turn.world.calls.get(input.ownerSid) ?? null, input.code, input.message)
    case 'stream.requested': {
      const call = turn.world.calls.get(input.ownerSid)
      if (call && isLive(call)) openStream(turn, call, input.stream, false)
      return
    }
    case 'transcription.requested':
    case 'transcription.stopped':
      return takeTranscriptionInput(turn, input)
    case 'relay.said':
    case 'relay.pressed':
    case 'relay.over': {
      const over = takeRelayInput(turn, input)
      if (over) connectOver(turn, over.call, over.action, over.fields)
      return
    }
    case 'recording.silent':
      return recordSilent(turn, input.recordingSid)
    case 'recording.requested':
    case 'recording.changed':
    case 'recording.removed':
    case 'transcript.removed':
    case 'recording.finished': {
      const finished = takeRecordingInput(turn, input)
      if (finished) recordFinished(turn, finished)
      return
    }
    default: {
      const stream = takeStreamInput(turn, input)
      const call = stream && turn.world.calls.get(stream.callSid)
      const connected = call ? connectedOf(call) : null
      if (call && connected?.sid === stream.sid) {
        connectOver(turn, call, connected.action, { StreamSid: stream.sid, StreamName: stream.name })
      }
    }
  }
}
