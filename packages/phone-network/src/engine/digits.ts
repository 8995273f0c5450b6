import { hearKeys } from './acting.ts'
import { fact, intend, soon, type Turn } from './turn.ts'
import type { Call } from './world.ts'

/** The network presses keys towards the far end: `sendDigits` of a call or a `<Number>`, `<Play digits>`, a relay. */
export function sendDigits(turn: Turn, call: Call, digits: string): void {
  fact(turn, { kind: 'digits-sent', callSid: call.sid, digits })
  intend(turn, { do: 'play-digits', callSid: call.sid, digits })
  const keys = digits.replace(/w/gi, '')
  hearKeys(turn, call, keys)
  pressAcross(turn, call, keys)
}

/** The far end is another call of this network: there the keys arrive as pressed by its party. */
export function pressAcross(turn: Turn, { far }: Call, keys: string): void {
  if (far.kind === 'line' && far.other !== null && keys !== '') {
    soon(turn, { kind: 'person.presses', callSid: far.other, digits: keys })
  }
}
