import { gatherBegan, gatherEnded } from './gather.ts'
import { recordBegan, recordEnded } from './record.ts'
import { relayBegan, relayHeard } from './relay.ts'
import { transcribePerson } from './transcription.ts'
import { fact, type Turn } from './turn.ts'
import type { Call } from './world.ts'

/** What the network makes of a person's voice. What a scripted person says is known, so no recogniser is needed. */

/** The person begins a sentence. */
export function speechBegan(turn: Turn, call: Call): void {
  gatherBegan(turn, call)
  recordBegan(turn, call)
  relayBegan(turn, call)
}

/** The person has said it. */
export function speechEnded(turn: Turn, call: Call, text: string): void {
  fact(turn, { kind: 'person-fell-silent', callSid: call.sid, text })
  gatherEnded(turn, call, text)
  recordEnded(turn, call, text)
  relayHeard(turn, call, text)
  transcribePerson(turn, call, text)
}
