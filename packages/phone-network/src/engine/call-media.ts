import { stopRecordings } from './recordings.ts'
import { closeRelay } from './relay.ts'
import { connectedOf } from './runs.ts'
import { stopStream, stopStreams } from './streams.ts'
import { stopTranscriptions } from './transcription.ts'
import type { Turn } from './turn.ts'
import type { Call } from './world.ts'

/** Everything that receives or sends a call's sound: recordings, relays, transcriptions, Media Streams. */

/** The call ends, and with it everything that hears it. */
export function stopMedia(turn: Turn, call: Call): void {
  stopRecordings(turn, call, true)
  closeRelay(turn, call, true)
  stopTranscriptions(turn, call)
  stopStreams(turn, call)
}

/** REST gives the call other TwiML: what `<Connect>` opened ends, what `<Start>` opened continues. */
export function disconnect(turn: Turn, call: Call): void {
  stopRecordings(turn, call, false)
  closeRelay(turn, call, false)
  const connected = connectedOf(call)
  const stream = connected === null ? undefined : turn.world.media.streams.get(connected.sid)
  if (stream) stopStream(turn, stream)
}
