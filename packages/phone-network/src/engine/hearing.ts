import { bridgedTo } from './digits.ts'
import { gatherBegan, gatherEnded } from './gather.ts'
import { recordBegan, recordEnded } from './record.ts'
import { relayBegan, relayHeard } from './relay.ts'
import { transcribePerson } from './transcription.ts'
import { fact, type Turn } from './turn.ts'
import type { Call } from './world.ts'

/** What the network makes of a person's voice. What a scripted person says is known, so no recogniser is needed. */

/** The person's own leg, and that of the program which it has dialled. */
function heardOn(turn: Turn, call: Call): Call[] {
  return [call, ...bridgedTo(turn, call).filter(other => other.far.kind === 'application')]
}

/** The person begins a sentence. */
export function speechBegan(turn: Turn, call: Call): void {
  for (const leg of heardOn(turn, call)) {
    gatherBegan(turn, leg)
    recordBegan(turn, leg)
    relayBegan(turn, leg)
  }
}

/** The person has said it. */
export function speechEnded(turn: Turn, call: Call, text: string): void {
  fact(turn, { kind: 'person-fell-silent', callSid: call.sid, text })
  for (const leg of heardOn(turn, call)) {
    gatherEnded(turn, leg, text)
    recordEnded(turn, leg, text)
    relayHeard(turn, leg, text)
    transcribePerson(turn, leg, text)
  }
}
