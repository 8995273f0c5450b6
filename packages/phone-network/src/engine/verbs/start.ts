import { proceed } from '../proceed.ts'
import { recordRequestOf } from '../record-reading.ts'
import { startRecording } from '../recordings.ts'
import { streamOfNoun } from '../streams.ts'
import { transcriptionOfNoun } from '../transcription.ts'
import type { Verb } from './verb.ts'

/** `<Start>`: copies of the call's sound go to a stream, a transcription or a recording, and the document continues. */
export const start: Verb = {
  start(turn, call, { children }) {
    for (const noun of children) {
      if (noun.name === 'Stream') streamOfNoun(turn, call, noun, false)
      else if (noun.name === 'Transcription') transcriptionOfNoun(turn, call, noun)
      else if (noun.name === 'Recording') {
        const of = { callSid: call.sid, conferenceSid: null, source: 'StartCallRecordingTwiML' as const }
        startRecording(turn, of, recordRequestOf(call, noun, noun.attributes.channels === 'dual'))
      }
    }
    proceed(turn, call)
  },
}
