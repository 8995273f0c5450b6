import type { MediaInput } from './media-input.ts'
import { takeRecordingInput } from './recordings.ts'
import { takeRelayInput } from './relay.ts'
import { openStream, takeStreamInput } from './streams.ts'
import { takeTranscriptionInput } from './transcription.ts'
import { alert, type Turn } from './turn.ts'
import { tellVerb } from './verbs/table.ts'
import { isLive } from './world.ts'

/** Inputs about a call's sound. When one ends what a `<Connect>` or `<Record>` waits for, that verb is told. */
export function takeMediaInput(turn: Turn, input: MediaInput): void {
  const { calls, media } = turn.world
  switch (input.kind) {
    case 'media.alerted':
      return alert(turn, calls.get(input.ownerSid) ?? null, input.code, input.message)
    case 'stream.requested': {
      const call = calls.get(input.ownerSid)
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
      if (over) tellVerb(turn, over.call, { kind: 'connection.over', sid: over.relaySid, fields: over.fields })
      return
    }
    case 'recording.silent': {
      const call = calls.get(media.recordings.get(input.recordingSid)?.callSid ?? '')
      if (call) tellVerb(turn, call, input)
      return
    }
    case 'recording.requested':
    case 'recording.changed':
    case 'recording.removed':
    case 'transcript.removed':
    case 'recording.finished': {
      const recording = takeRecordingInput(turn, input)
      const call = recording && calls.get(recording.callSid ?? '')
      if (recording && call) tellVerb(turn, call, { kind: 'recording.kept', recording })
      return
    }
    default: {
      const stream = takeStreamInput(turn, input)
      const call = stream && calls.get(stream.callSid)
      const fields = { StreamSid: stream?.sid ?? '', StreamName: stream?.name ?? '' }
      if (stream && call) tellVerb(turn, call, { kind: 'connection.over', sid: stream.sid, fields })
    }
  }
}
