import { proceed } from '../proceed.ts'
import { runningRecordings, stopRecording } from '../recordings.ts'
import { findStream, stopStream } from '../streams.ts'
import { findTranscription, liveTranscriptions, stopTranscription } from '../transcription.ts'
import { alert } from '../turn.ts'
import type { Verb } from './verb.ts'

/** `<Stop>`: ends what `<Start>` has begun, by name. */
export const stop: Verb = {
  start(turn, call, { children }) {
    for (const noun of children) {
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
    proceed(turn, call)
  },
}
