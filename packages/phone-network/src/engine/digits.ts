import { hearKeys } from './acting.ts'
import { fact, intend, type Turn } from './turn.ts'
import type { Call } from './world.ts'

/** The network presses keys towards the far end: `sendDigits` of a call or a `<Number>`, `<Play digits>`, a relay. */
export function sendDigits(turn: Turn, call: Call, digits: string): void {
  fact(turn, { kind: 'digits-sent', callSid: call.sid, digits })
  intend(turn, { do: 'play-digits', callSid: call.sid, digits })
  hearKeys(turn, call, digits.replace(/w/gi, ''))
}
