import { hearKeys } from './acting.ts'
import { gatherDigits } from './gather.ts'
import { recordDigits } from './record.ts'
import { relayDigits } from './relay.ts'
import { dialOf } from './runs.ts'
import { streamDigits } from './streams.ts'
import { fact, intend, type Turn } from './turn.ts'
import type { Call } from './world.ts'

/** Keys: those that the far end presses, and those that the network presses for a program. */

/** A key with its gap; `w` waits half a second, `W` a whole one. */
const DIGIT_MS = 500

export function digitsMs(digits: string): number {
  return [...digits].reduce((ms, digit) => ms + (digit === 'W' ? 2 * DIGIT_MS : DIGIT_MS), 0)
}

/** The network presses keys towards the far end. */
export function sendDigits(turn: Turn, call: Call, digits: string): void {
  fact(turn, { kind: 'digits-sent', callSid: call.sid, digits })
  intend(turn, { do: 'play-digits', callSid: call.sid, digits })
  hearKeys(turn, call, digits.replace(/w/gi, ''))
}

/** The far end has pressed keys: a `<Gather>` takes them, else whoever is bridged hears them. */
export function takeDigits(turn: Turn, call: Call, digits: string): void {
  fact(turn, { kind: 'digits-pressed', callSid: call.sid, digits })
  streamDigits(turn, call, digits)
  relayDigits(turn, call, digits)
  if (gatherDigits(turn, call, digits) || recordDigits(turn, call, digits)) return
  for (const other of bridgedTo(turn, call)) {
    hearKeys(turn, other, digits)
    // A browser's keys are not in its sound: those at the other side hear them as tones that the network makes.
    if (call.far.kind === 'client' && other.far.kind === 'client') {
      intend(turn, { do: 'play-digits', callSid: other.sid, digits })
    }
    if (other.far.kind === 'application' && !gatherDigits(turn, other, digits)) recordDigits(turn, other, digits)
  }
}

/** Whoever is at the other side of a `<Dial>`. */
export function bridgedTo(turn: Turn, call: Call): Call[] {
  const winner = dialOf(call)?.winner ?? null
  const sids = [winner, call.parentSid].filter(sid => sid !== null)
  return sids.map(sid => turn.world.calls.get(sid)).filter(other => other !== undefined)
}
